"""The destruction of the records of a process, so that nobody can read them again: not even from an old copy.

 1. order   in one transaction: what there is (number, states, hash of the list) and who ordered it.
 2. key     the bóveda destroys the identity of the process. From here on every body, every sealed datum and
            every copy of either is noise. It comes first: whatever is stopped later, nothing can be read.
 3. files   bodies, their backup, and the packages that were encrypted for others.
 4. data    sealed data, HMACs and envelopes in the database.
 5. acta    what remains is compared with the list of 1; acta, act and leaf in ONE transaction.

Each step leaves its instant when it is done, and can be repeated: a run that was stopped is run again.
What remains: folios, codes, acuses, states and figures. The acuses still verify.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from capture.blobs import Blobs
from capture.records.ports import Acts, Done
from capture.requests.tables import waiting
from capture.results.deadlines import TERMS, Terms
from capture.results.keys_sql import Doer
from capture.retention.acta import Acta, entry_of, key_of
from capture.retention.errors import RetentionRefusal
from capture.retention.plan import require_purgeable
from capture.retention.store_sql import Retention
from capture.vault.ports import KeyChamber
from ledger.database import Database

PutLeaf = Callable[[Connection, bytes, bytes], None]
"""Leaves an entry for the public log in the caller's transaction: key, entry."""


@dataclass(frozen=True, slots=True)
class PurgeTools:
    """What a destruction works with. `files`: bodies, their backup and packages."""

    database: Database
    chamber: KeyChamber
    files: tuple[Blobs, ...]
    acts: Acts
    put_leaf: PutLeaf
    clock: Callable[[], datetime]


def order(
    connection: Connection,
    acts: Acts,
    proceso: str,
    who: Doer,
    reason: str,
    now: datetime,
    terms: Terms = TERMS,
) -> None:
    """Step 1. Raises RetentionRefusal when it is too early, was ordered, or a request waits."""
    retention, held = Retention(connection), waiting(connection, proceso)
    require_purgeable(retention.dates(proceso), held, now, proceso, terms)
    retention.order(proceso, who, reason, now)
    acts.record(connection, Done(who.account, who.role, "retencion.ordenada", proceso, now, reason))


class Purge:
    """Runs destructions that were ordered. One run at a time for a process."""

    def __init__(self, tools: PurgeTools) -> None:
        self._tools = tools

    def run(self, proceso: str) -> bytes:
        """Steps 2 to 5, from wherever it is; the acta's canonical JSON. Raises RetentionRefusal, OSError."""
        row = self._row(proceso)
        if row.llave_destruida is None:
            evidence = self._tools.chamber.destroy(proceso)
            self._mark(proceso, "llave_destruida", llave_sha256=evidence.hex())
        if row.archivos_borrados is None:
            self._delete_files(proceso)
            self._mark(proceso, "archivos_borrados")
        if row.datos_borrados is None:
            with self._tools.database.writing() as connection:
                Retention(connection).forget(proceso)
                Retention(connection).mark(proceso, datos_borrados=self._tools.clock())
        if row.concluida is None:
            return self._conclude(proceso).encode()
        return str(row.acta).encode()

    def _row(self, proceso: str) -> Any:
        with self._tools.database.reading() as connection:
            row = Retention(connection).row(proceso)
        if row is None:
            raise RetentionRefusal("retencion.orden", proceso, "una destrucción ordenada", "ninguna")
        return row

    def _mark(self, proceso: str, step: str, **values: object) -> None:
        with self._tools.database.writing() as connection:
            Retention(connection).mark(proceso, **{step: self._tools.clock()}, **values)

    def _delete_files(self, proceso: str) -> None:
        after = ""
        while page := self._page(proceso, after):
            for _, path in page:
                self._delete(path)
            after = page[-1][0]
        with self._tools.database.reading() as connection:
            packages = Retention(connection).packages(proceso)
        for path in packages:
            self._delete(path)

    def _page(self, proceso: str, after: str) -> list[tuple[str, str]]:
        with self._tools.database.reading() as connection:
            return Retention(connection).bodies(proceso, after)

    def _delete(self, path: str) -> None:
        for files in self._tools.files:
            files.delete(path)

    def _conclude(self, proceso: str) -> Acta:
        tools, now = self._tools, self._tools.clock()
        with tools.database.writing() as connection:
            retention = Retention(connection)
            retention.require_same(proceso)
            row, made = retention.row(proceso), retention.acta(proceso, now)
            retention.mark(proceso, acta=made.encode().decode(), concluida=now)
            detail = {"acta": entry_of(made.encode()).decode().split("\n")[1], "registros": str(made.records)}
            done = Done(row.ordenada_por, row.rol, "retencion.destruida", proceso, now, detail=detail)
            tools.acts.record(connection, done)
            tools.put_leaf(connection, key_of(proceso), made.entry)
        return made
