"""A file of many auxiliares, all or nothing: either every row is registered or none is, and why is said by
row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from capture.auxiliares.errors import AuxiliarRefusal, FormRefusal, RosterRefusal
from capture.auxiliares.form import LABELS, AuxiliarData, read_auxiliar
from capture.auxiliares.roster_csv import read_csv
from capture.auxiliares.roster_row import RosterRow
from capture.auxiliares.roster_xlsx import read_xlsx

MAX_BYTES = 2 * 1024 * 1024
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Taken:
    """What auxiliares that are active in the process have already."""

    emails: frozenset[str] = frozenset()
    claves: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One thing to correct. `row` as the spreadsheet numbers it, the header being 1."""

    row: int
    field: str
    rule: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What was found in a file of `rows` rows; with no findings, `people` has one of each row."""

    rows: int
    people: tuple[AuxiliarData, ...]
    findings: tuple[RowFinding, ...]

    def as_csv(self) -> bytes:
        """For download: UTF-8 with the mark that spreadsheets look for; no cell is ever a formula."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(("Renglón", "Dato", "Se esperaba", "Se encontró", "Regla"))
        for found in self.findings:
            cells = (str(found.row), found.field, found.expected, found.got, found.rule)
            writer.writerow(f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in cells)
        return text.getvalue().encode("utf-8-sig")


def read_roster(data: bytes) -> list[RosterRow]:
    """The rows of a CSV or XLSX file, by its content. Raises RosterRefusal."""
    if len(data) > MAX_BYTES:
        expected = f"a lo más {MAX_BYTES // 1024**2} MB"
        raise RosterRefusal("archivo.tamano", "Archivo", expected, f"{len(data):,} bytes")
    if data.startswith(_ZIP):
        return read_xlsx(data)
    if data.startswith(_OLD_EXCEL):
        raise RosterRefusal(
            "archivo.tipo", "Archivo", "un archivo CSV o Excel .xlsx", "un Excel antiguo (.xls)"
        )
    return read_csv(data)


def check_roster(rows: Sequence[RosterRow], today: date, taken: Taken) -> RosterReport:
    """Check every row, also against the others of the file and against whom the process has already."""
    checking = _Checking(today, taken)
    for row in rows:
        checking.check(row)
    people = () if checking.findings else tuple(checking.people)
    return RosterReport(len(rows), people, tuple(checking.findings))


@dataclass
class _Checking:
    today: date
    taken: Taken
    people: list[AuxiliarData] = field(default_factory=list)
    findings: list[RowFinding] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def check(self, row: RosterRow) -> None:
        try:
            person = read_auxiliar(row.form(), self.today)
        except FormRefusal as refusal:
            for cause in refusal.findings:
                found = (cause.place, cause.rule, cause.expected, cause.got)
                self.findings.append(RowFinding(row.number, *found))
            return
        self._once(row.number, "correo", person.correo, self.taken.emails)
        self._once(row.number, "clave_elector", person.clave_elector, self.taken.claves)
        self.people.append(person)

    def _once(self, number: int, name: str, value: str, taken: frozenset[str]) -> None:
        first = self.seen.setdefault((name, value), number)
        refusal = repeated(name, "un auxiliar activo que ya lo tiene") if value in taken else None
        if first != number:
            refusal = repeated(name, f"el mismo que en el renglón {first}")
        if refusal is not None:
            found = (refusal.place, refusal.rule, refusal.expected, refusal.got)
            self.findings.append(RowFinding(number, *found))


def repeated(name: str, got: str) -> AuxiliarRefusal:
    """The refusal of an e-mail or clave that another active auxiliar of the process has."""
    expected = "un dato que no tenga otra persona auxiliar activa de este proceso"
    return AuxiliarRefusal(f"auxiliar.{name}", LABELS[name], expected, got)
