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
from keys.system_error import reason
from tally.public_folder import require_clave

MAX_PROJECT = 160
MAX_ROWS = 20_000
MAX_BYTES = 64 * 2**20
DEFAULT = "milpa_alta.csv"
UTF8 = "texto UTF-8; en una hoja de cálculo, guárdelo como «CSV UTF-8»"
CSV = "comillas que se abren y se cierran, y campos de menos de 131,072 caracteres"
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
        return parse_catalogue(_bytes(path).decode("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        raise FormatRefusal("catalogo.utf8", path.name, UTF8, f"otra cosa en el byte {error.start}") from None


def _bytes(path: Path) -> bytes:
    """The whole file. Raises FormatRefusal: also for a pipe or a device, which would never end."""
    try:
        if path.exists() and not path.is_file():
            what = "una carpeta" if path.is_dir() else "un dispositivo o una tubería"
            raise FormatRefusal("catalogo.archivo", str(path), "un archivo CSV", what)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FormatRefusal("catalogo.archivo", str(path), "un archivo CSV", reason(error)) from None
    if len(data) > MAX_BYTES:
        raise FormatRefusal("catalogo.archivo", str(path), f"hasta {MAX_BYTES} bytes", "más")
    return data


def parse_catalogue(text: str, place: str) -> list[Row]:
    """The rows of a CSV. Raises FormatRefusal with the line."""
    reader = csv.reader(io.StringIO(text, newline=None), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(c.strip() for c in cells)]
    except csv.Error:
        raise FormatRefusal("catalogo.csv", f"{place}, línea {reader.line_num}", CSV, "otra cosa") from None
    if not 2 <= len(lines) <= MAX_ROWS:
        raise FormatRefusal(
            "catalogo.filas", place, f"encabezado y de 1 a {MAX_ROWS} filas", f"{len(lines)} en total"
        )
    columns = _Columns([_plain(c) for c in lines[0][1]], f"{place}, línea {lines[0][0]}")
    rows = [columns.row(cells, f"{place}, línea {number}") for number, cells in lines[1:]]
    seen: set[str] = set()
    for row, (number, _) in zip(rows, lines[1:], strict=True):
        if row.clave in seen:
            raise FormatRefusal("catalogo.clave", f"{place}, línea {number}", "una clave nueva", row.clave)
        seen.add(row.clave)
    return sorted(_with_population(_one_spelling(rows)), key=lambda r: r.clave)


def _one_spelling(rows: Sequence[Row]) -> list[Row]:
    """«Coyoacán» and «COYOACÁN» are one demarcación: the first spelling is everybody's."""
    first: dict[str, str] = {}
    return [replace(r, demarcacion=first.setdefault(_plain(r.demarcacion), r.demarcacion)) for r in rows]


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
            expected = (
                f"una columna «{prefix}», separada por comas"
                if len(names) == 1
                else f"una columna «{prefix}»"
            )
            raise FormatRefusal("catalogo.columnas", place, expected, ", ".join(names))
        return found

    def row(self, cells: Sequence[str], place: str) -> Row:
        if len(cells) != self._count:
            raise FormatRefusal("catalogo.columnas", place, f"{self._count} columnas", len(cells))
        clave, demarcacion, nombre, population = (_line(cells[i]) for i in self._own)
        if population and not (population.isascii() and population.isdigit() and len(population) <= 9):
            raise FormatRefusal("catalogo.poblacion", place, "un número de personas, o nada", population)
        if not demarcacion:
            raise FormatRefusal("catalogo.vacio", place, "demarcación con texto", "vacío")
        projects = _distinct(_short(cells[i]) for i in self._projects)
        people = int(population) if population else UNKNOWN
        return Row(require_clave(clave, place), demarcacion, nombre or clave, people, projects)


def _short(text: str) -> str:
    """A project's text on one line, cut at a word."""
    line = _line(text)
    return line if len(line) <= MAX_PROJECT else line[: MAX_PROJECT - 1].rsplit(" ", 1)[0] + "…"


def _line(text: str) -> str:
    """On one line, without characters that steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for t in texts if t))


def _plain(text: str) -> str:
    """Without accents, lower case, single spaces."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
