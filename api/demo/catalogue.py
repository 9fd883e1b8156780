"""The catalogue of Unidades Territoriales, from a CSV: clave, demarcación, nombre, población, projects.

Columns are found by name, whatever their accents and case: `clave`, `demarcacion`, `nombre`, one that begins
with `poblacion`, and those that begin with `proyecto`. Of several project columns of one project (class and
description), the description is taken.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from statistics import median

from keys.errors import FormatRefusal, Refusal
from tally.public_folder import require_clave

MAX_PROJECT = 160
MAX_ROWS = 20_000
DEFAULT = "milpa_alta.csv"
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Row:
    """One UT of the catalogue; `population`: people."""

    clave: str
    demarcacion: str
    nombre: str
    population: int
    projects: tuple[str, ...]


def read_catalogue(path: Path | None) -> list[Row]:
    """The rows, sorted by clave. None: the catalogue that comes with the program. Raises Refusal."""
    if path is None:
        text = resources.files("api.demo").joinpath(DEFAULT).read_text("utf-8")
        return parse_catalogue(text, DEFAULT)
    try:
        return parse_catalogue(path.read_text("utf-8-sig"), path.name)
    except OSError:
        raise FormatRefusal("catalogo.archivo", str(path), "un archivo CSV", "no se puede leer") from None
    except UnicodeDecodeError as error:
        raise FormatRefusal("catalogo.utf8", path.name, "UTF-8", f"byte {error.start}") from None


def parse_catalogue(text: str, place: str) -> list[Row]:
    """The rows of a CSV. Raises FormatRefusal with the line."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(c.strip() for c in cells)]
    except csv.Error as error:
        raise FormatRefusal("catalogo.csv", f"{place}, línea {reader.line_num}", "CSV", str(error)) from None
    if not 2 <= len(lines) <= MAX_ROWS:
        raise FormatRefusal("catalogo.filas", place, f"encabezado y de 1 a {MAX_ROWS} filas", len(lines))
    columns = _Columns([_plain(c) for c in lines[0][1]], f"{place}, línea {lines[0][0]}")
    rows = [columns.row(cells, f"{place}, línea {number}") for number, cells in lines[1:]]
    seen: set[str] = set()
    for row, (number, _) in zip(rows, lines[1:], strict=True):
        if row.clave in seen:
            raise FormatRefusal("catalogo.clave", f"{place}, línea {number}", "una clave nueva", row.clave)
        seen.add(row.clave)
    return sorted(_with_population(rows), key=lambda r: r.clave)


def _with_population(rows: Sequence[Row]) -> list[Row]:
    """Where the catalogue has no population: the median of the demarcación, or nobody."""
    known: dict[str, list[int]] = {}
    for row in rows:
        if row.population != UNKNOWN:
            known.setdefault(row.demarcacion, []).append(row.population)
    typical = {name: int(median(numbers)) for name, numbers in known.items()}
    return [
        replace(r, population=typical.get(r.demarcacion, 0)) if r.population == UNKNOWN else r for r in rows
    ]


def of_demarcacion(rows: Sequence[Row], demarcacion: str) -> list[Row]:
    """The rows of one demarcación, whatever the accents and case. Raises Refusal for an unknown one."""
    found = [r for r in rows if _plain(r.demarcacion) == _plain(demarcacion)]
    if not found:
        known = ", ".join(sorted({r.demarcacion for r in rows}))
        raise Refusal("catalogo.demarcacion", "--demarcacion", known, demarcacion)
    return found


class _Columns:
    def __init__(self, names: Sequence[str], place: str) -> None:
        self._count = len(names)
        self._own = [
            self._find(names, prefix, place) for prefix in ("clave", "demarcacion", "nombre", "poblacion")
        ]
        projects = [i for i, n in enumerate(names) if n.startswith("proyecto")]
        described = [i for i in projects if "descripcion" in names[i]]
        self._projects = described or projects

    @staticmethod
    def _find(names: Sequence[str], prefix: str, place: str) -> int:
        found = next((i for i, n in enumerate(names) if n.startswith(prefix)), None)
        if found is None:
            raise FormatRefusal("catalogo.columnas", place, f"una columna «{prefix}»", ", ".join(names))
        return found

    def row(self, cells: Sequence[str], place: str) -> Row:
        if len(cells) != self._count:
            raise FormatRefusal("catalogo.columnas", place, f"{self._count} columnas", len(cells))
        clave, demarcacion, nombre, population = (cells[i].strip() for i in self._own)
        if population and not (population.isascii() and population.isdigit() and len(population) <= 9):
            raise FormatRefusal("catalogo.poblacion", place, "un número de personas, o nada", population)
        if not demarcacion:
            raise FormatRefusal("catalogo.vacio", place, "demarcación con texto", "vacío")
        projects = _distinct(_short(cells[i]) for i in self._projects)
        people = int(population) if population else UNKNOWN
        return Row(require_clave(clave, place), demarcacion, nombre or clave, people, projects)


def _short(text: str) -> str:
    """A project's text on one line, cut at a word."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= MAX_PROJECT else line[: MAX_PROJECT - 1].rsplit(" ", 1)[0] + "…"


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for t in texts if t))


def _plain(text: str) -> str:
    """Without accents, lower case, single spaces."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
