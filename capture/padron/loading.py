"""Loading a padrón: sorted, in batches, and current only when whole. Until then the corte before answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO, TypeVar

from capture.padron import store_sql
from capture.padron.csv_file import PadronCsv
from capture.padron.errors import PadronRefusal
from capture.padron.keyed import PadronKey
from capture.padron.line import Refused, Row
from capture.padron.sorting import Sorter
from ledger.database import Database

T = TypeVar("T")
BATCH = 50_000
"""Rows of one transaction: a second or so on SQLite, whose other writers wait meanwhile."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is loaded."""

    file: BinaryIO
    name: str
    """Of the file, without folders."""
    fecha: date
    """Cut-off date."""
    most_refused: int = 0
    """With more refused lines than this the corte does not become current."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is."""

    stage: str
    """`leer` (bytes of the file) or `guardar` (rows)."""
    done: int
    accepted: int
    refused: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """How a load ended."""

    corte: int
    accepted: int
    refused: int
    sha256: bytes


class Loading:
    """One load. `refuse` gets every refused line, `progress` is told every BATCH rows, `now` is a clock."""

    def __init__(
        self,
        database: Database,
        key: PadronKey,
        refuse: Callable[[Refused], None],
        progress: Callable[[Progress], None],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._key = key
        self._tell_refused = refuse
        self._progress = progress
        self._now = now
        self._refused = 0

    def run(self, source: Source) -> Loaded:
        """Load and make current. Raises PadronRefusal, OSError or an error of the database; then the corte
        before is still the current one."""
        with self._database.writing() as connection:
            store_sql.require_newer(connection, source.fecha)
            corte = store_sql.begin(connection, source.fecha, source.name, self._key, self._now())
        self._remove_unused()
        reading = PadronCsv(source.file, self._key)
        accepted = 0
        try:
            with Sorter() as sorter:
                self._read(reading, sorter)
                self._require_few(source.most_refused)
                accepted = self._write(corte, sorter)
            self._require_few(source.most_refused)
            self._require_some(accepted)
        except BaseException:
            with self._database.writing() as connection:
                store_sql.mark_failed(connection, corte, self._end(accepted, reading))
            raise
        with self._database.writing() as connection:
            store_sql.make_current(connection, corte, self._end(accepted, reading))
        self._remove_unused()
        return Loaded(corte, accepted, self._refused, reading.sha256())

    def _end(self, accepted: int, reading: PadronCsv) -> dict[str, object]:
        counted = {"aceptados": accepted, "rechazados": self._refused}
        return {**counted, "terminado": self._now(), "sha256": reading.sha256()}

    def _refuse(self, refused: Refused) -> None:
        self._refused += 1
        self._tell_refused(refused)

    def _read(self, reading: PadronCsv, sorter: Sorter) -> None:
        taken = 0
        for batch in _batches(reading.rows(), BATCH):
            good = []
            for number, row in batch:
                if isinstance(row, Refused):
                    self._refuse(row)
                else:
                    good.append((number, *row))
            sorter.add(good)
            taken += len(good)
            self._progress(Progress("leer", reading.read, taken, self._refused))

    def _write(self, corte: int, sorter: Sorter) -> int:
        written = 0
        for batch in _batches(self._distinct(sorter.sorted()), BATCH):
            with self._database.writing() as connection:
                store_sql.write_rows(connection, corte, batch)
            written += len(batch)
            self._progress(Progress("guardar", written, written, self._refused))
        return written

    def _distinct(self, rows: Iterable[tuple[int, Row]]) -> Iterator[Row]:
        """The first line of each clave; the others are refused."""
        before, first = b"", 0
        for number, row in rows:
            if row[0] == before:
                found = f"la misma del renglón {first}"
                self._refuse(
                    Refused(number, "clave_elector", "una clave que no esté ya en el archivo", found)
                )
                continue
            before, first = row[0], number
            yield row

    def _require_few(self, most: int) -> None:
        if self._refused > most:
            expected = f"a lo más {most} renglones rechazados"
            raise PadronRefusal("padron.rechazados", "archivo", expected, self._refused)

    def _require_some(self, accepted: int) -> None:
        if accepted == 0:
            raise PadronRefusal("padron.vacio", "archivo", "al menos una persona", "ninguna")

    def _remove_unused(self) -> None:
        with self._database.reading() as connection:
            cortes = store_sql.unused(connection)
        for corte in cortes:
            for number in range(store_sql.SLICES):
                with self._database.writing() as connection:
                    store_sql.remove_slice(connection, corte, number)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
