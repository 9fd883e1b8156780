"""Everything adds up: portal, notas, packages and steps say what the devices have acuses of (VER-06)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from api.demo.apoyo.delivering import Delivered
from api.demo.apoyo.registering import Candidate, Office
from api.demo.errors import UnexpectedOutcome
from capture.records.states import Columna
from capture.results.figures import KEYS

NAMES = {column.name.lower().replace("_", "-"): column for column in Columna}
"""Columns by the code that the portal gives."""
_EACH_OF_D = ("por_estado", "acuses_en_bitacora", "acuses_integros")


@dataclass(frozen=True)
class Figures:
    """Of one aspirante, as the portal shows them. `columns` by code."""

    sent: int
    columns: dict[str, int]
    modalities: dict[str, int]


@dataclass(frozen=True)
class Outcome:
    """The last figures of one aspirante. `valid`: supports that count."""

    candidate: Candidate
    sent: int
    columns: dict[str, int]
    valid: int


def same(what: str, found: object, expected: object) -> None:
    """Raise UnexpectedOutcome when two figures differ."""
    if found != expected:
        raise UnexpectedOutcome(f"{what}: {found}, y se esperaba {expected}")


def figures(office: Office, candidate: Candidate) -> Figures:
    """The portal's. Raises UnexpectedOutcome unless each breakdown adds up to what was sent."""
    client, path = office.enlace.client, f"/v1/procesos/{candidate.proceso}/cifras"
    told = client.get(path)
    sent = int(told["enviados"])
    columns = {one["codigo"]: one["total"] for one in told["columnas"]}
    same("las columnas del portal", sum(columns.values()), sent)
    same("las cifras por modalidad", sum(told["modalidades"].values()), sent)
    for name in ("dias", "meses"):
        same(f"las cifras por {name}", _totals(told[name]), sent)
        same(f"las columnas por {name}", sum(sum(one["columnas"].values()) for one in told[name]), sent)
    found = _totals(told["inconsistencias"])
    same("las cifras por tipo de inconsistencia", found, columns["con-inconsistencia"])
    _require_auxiliares(client.get(f"{path}/auxiliares")["auxiliares"], told["modalidades"])
    return Figures(sent, columns, told["modalidades"])


def _totals(rows: Iterable[Mapping[str, Any]]) -> int:
    return sum(int(one["total"]) for one in rows)


def _require_auxiliares(rows: Iterable[Mapping[str, Any]], modalities: Mapping[str, int]) -> None:
    total = 0
    for one in rows:
        same(f"las cifras de {one['auxiliar']}", sum(one["columnas"].values()), one["enviados"])
        total += one["enviados"]
    same("las cifras por auxiliar", total, modalities.get("auxiliar", 0))


def require_nota(path: Path, shown: Figures) -> None:
    """Tables 6, 7 and 8 of a Nota informativa say what the portal says at its cut-off."""
    book = load_workbook(path, read_only=True)
    header, values = list(book["Tabla 6"].iter_rows(min_row=3, max_row=4, values_only=True))
    words = {column.value: code for code, column in NAMES.items()}
    shown_there = zip(header, values, strict=True)
    told = {words[str(name)]: int(str(many)) for name, many in shown_there if name in words}
    same("la tabla 6 de la nota", told, {code: shown.columns[code] for code in told})
    same("los enviados de la nota", (values[0], sum(told.values())), (shown.sent, shown.sent))
    for sheet, expected in (("Tabla 7", shown.columns["con-inconsistencia"]), ("Tabla 8", shown.sent)):
        foot = list(book[sheet].iter_rows(min_row=3, values_only=True))[-1]
        same(f"la {sheet.lower()} de la nota", foot[2], expected)
    book.close()


def require_package(shown: Figures, delivered: Delivered, codes: frozenset[str]) -> int:
    """A package says what the portal says, row by row; how many supports are valid.

    `codes`: of all acuses that devices have.
    """
    told, name = delivered.figures, f"paquete {delivered.corte} de {delivered.candidate.proceso}"
    columns = {code: told["cifras"][KEYS[column]] for code, column in NAMES.items()}
    same(f"{name}: cifras", columns, shown.columns)
    same(f"{name}: enviados", told["enviados"], shown.sent)
    same(f"{name}: modalidades", told["modalidades"], shown.modalities)
    found = sum(told["inconsistencias"].values())
    same(f"{name}: inconsistencias", found, shown.columns["con-inconsistencia"])
    found = sum(told["situacion_registral"].values())
    same(f"{name}: situación registral", found, shown.columns["para-compulsa"])
    return _require_rows(name, delivered, codes)


def _require_rows(name: str, delivered: Delivered, codes: frozenset[str]) -> int:
    told = delivered.figures
    with (delivered.folder / "registros.csv").open(encoding="utf-8-sig", newline="") as file:
        rows: list[dict[str, str]] = list(csv.DictReader(file))
    same(f"{name}: renglones", len(rows), told["enviados"])
    states = Counter(row["estado"] for row in rows)
    same(f"{name}: renglones duplicados", states["duplicado"], told["cifras"]["duplicados"])
    valid = sum(row["valido"] == "si" for row in rows)
    same(f"{name}: renglones válidos", valid, told["validos"])
    acknowledged = sum(row["codigo_integridad"] in codes for row in rows)
    same(f"{name}: renglones con acuse en un dispositivo", acknowledged, told["enviados"])
    return valid


def require_steps(office: Office, candidate: Candidate, sent: int) -> int:
    """The evidence of both deliveries is of all that was received; how many deliveries."""
    made: list[dict[str, Any]] = office.derfe.client.get(f"/v1/resultados/entregas/{candidate.proceso}")
    for delivery in made:
        steps = {step["paso"]: step["cifras"] for step in delivery["pasos"]}
        found = [steps["A"]["recibidos"], *(steps["D"][name] for name in _EACH_OF_D), steps["E"]["renglones"]]
        same(f"la evidencia de las actividades, corte {delivery['corte']}", found, [sent] * len(found))
    return len(made)
