"""A consultation as it is asked for, in TOML or JSON: the same fields in both (docs/formats.md).

Required: `id`, `nombre`, `anio`, `custodios` (offices), `unidades`. The rest has a default: `umbral` 5,
`k` 5, `intentos` 3, `grupo` Ed25519, `cronograma` that of 2022 in the year, of which single phases are given.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from keys import canonical
from keys.ceremony.announcement import read_name
from keys.ceremony.terms import Terms
from keys.group.choice import NAMES
from tally.consulta.cronograma import Cronograma
from tally.consulta.cronograma_2022 import default_of
from tally.consulta.errors import ConsultaFormRefusal
from tally.consultation import SMALL_URN, require_id
from tally.public_folder import require_clave
from tally.setup import Unidad

MAX_BYTES = 16 * 2**20
MAX_UNIDADES = 20_000
MAX_PROJECTS = 50
MAX_TEXT, MAX_PLACE = 200, 100
MAX_PROJECT = 400
MAX_DISTRICT = 40
MAX_ATTEMPTS = 20
MAX_SMALL = 100
FIRST_YEAR, LAST_YEAR = 2020, 2100
DEFAULT_THRESHOLD, DEFAULT_ATTEMPTS = 5, 3
RESERVED = frozenset({"apoyo", "actos"})
"""Names of other public logs, which lie in the same folder."""
_REQUIRED = ("id", "nombre", "anio", "custodios", "unidades")
_OPTIONAL = ("umbral", "k", "intentos", "grupo", "cronograma")
_UNIDAD = ("clave", "nombre", "demarcacion")
_UNIDAD_OPTIONAL = ("distrito", "proyectos", "secciones")
_SECCION = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class UnidadForm:
    """A UT, the Dirección Distrital that it belongs to, and the electoral sections that touch it."""

    unidad: Unidad
    distrito: str
    secciones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsultaForm:
    """A consultation in order. `custodios`: offices of the Consejo General; `umbral` of them open the urns.

    `k`: an urn with fewer ballots is small. `intentos`: wrong tries that are admitted in a row.
    """

    id: str
    nombre: str
    anio: int
    grupo: str
    cronograma: Cronograma
    custodios: tuple[str, ...]
    umbral: int
    k: int
    intentos: int
    unidades: tuple[UnidadForm, ...]


def read_toml(data: bytes, place: str = "consulta.toml") -> ConsultaForm:
    """From TOML in UTF-8. Raises FormatRefusal."""
    _require_size(data, place)
    try:
        value = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        raise ConsultaFormRefusal("consulta.toml", place, "TOML en UTF-8", "otra cosa") from None
    return read_form(value, place)


def read_json(data: bytes, place: str = "consulta") -> ConsultaForm:
    """From JSON in UTF-8. Raises FormatRefusal."""
    _require_size(data, place)
    return read_form(canonical.parse(data, place), place)


def read_form(value: Any, place: str) -> ConsultaForm:
    """From what a parser gave. Raises FormatRefusal with the place of the first flaw."""
    fields = _record(value, place, _REQUIRED, _OPTIONAL)
    year = _number(fields, "anio", place, FIRST_YEAR, LAST_YEAR)
    names = canonical.items(fields["custodios"], f"{place}.custodios", read_name)
    group = _one_of(fields.get("grupo", NAMES[0]), f"{place}.grupo", NAMES)
    threshold = _number(fields, "umbral", place, 1, len(names), DEFAULT_THRESHOLD)
    Terms(group, len(names), threshold).check_for_consultation(f"{place}.umbral")
    return ConsultaForm(
        id=_identifier(fields["id"], f"{place}.id"),
        nombre=_text(fields["nombre"], f"{place}.nombre", MAX_TEXT),
        anio=year,
        grupo=group,
        cronograma=default_of(year).with_changes(fields.get("cronograma", {}), f"{place}.cronograma"),
        custodios=tuple(names),
        umbral=threshold,
        k=_number(fields, "k", place, 0, MAX_SMALL, SMALL_URN),
        intentos=_number(fields, "intentos", place, 1, MAX_ATTEMPTS, DEFAULT_ATTEMPTS),
        unidades=_unidades(fields["unidades"], f"{place}.unidades"),
    )


def _unidades(value: Any, place: str) -> tuple[UnidadForm, ...]:
    found = sorted(canonical.items(value, place, _unidad), key=lambda u: u.unidad.clave)
    if not 1 <= len(found) <= MAX_UNIDADES:
        raise ConsultaFormRefusal("consulta.unidades", place, f"de 1 a {MAX_UNIDADES}", len(found))
    claves = [one.unidad.clave for one in found]
    repeated = sorted({a for a, b in pairwise(claves) if a == b})
    if repeated:
        raise ConsultaFormRefusal("consulta.unidades", place, "cada clave una vez", ", ".join(repeated))
    if not any(one.unidad.proyectos for one in found):
        raise ConsultaFormRefusal("consulta.proyectos", place, "una UT con proyectos", "ninguna")
    return tuple(found)


def _unidad(value: Any, place: str) -> UnidadForm:
    fields = _record(value, place, _UNIDAD, _UNIDAD_OPTIONAL)
    clave = require_clave(canonical.string(fields["clave"], f"{place}.clave"), f"{place}.clave")
    nombre = _text(fields["nombre"], f"{place}.nombre", MAX_TEXT)
    demarcacion = _text(fields["demarcacion"], f"{place}.demarcacion", MAX_PLACE)
    distrito = _text(fields.get("distrito", demarcacion[:MAX_DISTRICT]), f"{place}.distrito", MAX_DISTRICT)
    projects = _distinct(fields.get("proyectos", []), f"{place}.proyectos", _project)
    if len(projects) > MAX_PROJECTS:
        raise ConsultaFormRefusal(
            "consulta.proyectos", f"{place}.proyectos", f"a lo más {MAX_PROJECTS}", len(projects)
        )
    sections = _distinct(fields.get("secciones", []), f"{place}.secciones", _section)
    return UnidadForm(Unidad(clave, nombre, demarcacion, projects), distrito, sections)


def _distinct(value: Any, place: str, read: Any) -> tuple[str, ...]:
    found: list[str] = canonical.items(value, place, read)
    if len(set(found)) != len(found):
        raise ConsultaFormRefusal("consulta.repetido", place, "cada uno una vez", "uno repetido")
    return tuple(found)


def _project(value: Any, place: str) -> str:
    return _text(value, place, MAX_PROJECT)


def _section(value: Any, place: str) -> str:
    text = canonical.string(value, place)
    if not _SECCION.fullmatch(text):
        raise ConsultaFormRefusal("consulta.seccion", place, "cuatro cifras", text)
    return text


def _identifier(value: Any, place: str) -> str:
    text = require_id(canonical.string(value, place), place)
    if text in RESERVED:
        raise ConsultaFormRefusal("consulta.id", place, "un nombre que no es de otra bitácora", text)
    return text


def _text(value: Any, place: str, most: int) -> str:
    text = canonical.string(value, place)
    if not 1 <= len(text) <= most or not text.isprintable() or text != text.strip():
        expected = f"un texto de 1 a {most} caracteres, sin espacios alrededor"
        raise ConsultaFormRefusal("consulta.texto", place, expected, text)
    return text


def _number(
    fields: dict[str, Any], name: str, place: str, least: int, most: int, default: int | None = None
) -> int:
    given = fields.get(name, default)
    number = canonical.small_int(given, f"{place}.{name}")
    if not least <= number <= most:
        raise ConsultaFormRefusal(
            f"consulta.{name}", f"{place}.{name}", f"un número de {least} a {most}", number
        )
    return number


def _one_of(value: Any, place: str, names: tuple[str, ...]) -> str:
    text = canonical.string(value, place)
    if text not in names:
        raise ConsultaFormRefusal("consulta.grupo", place, ", ".join(names), text)
    return text


def _record(value: Any, place: str, required: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, Any]:
    """An object of these fields in any order: people write it."""
    if not isinstance(value, dict):
        raise ConsultaFormRefusal("consulta.campos", place, "un objeto", type(value).__name__)
    missing = [name for name in required if name not in value]
    unknown = sorted(set(value) - set(required) - set(optional))
    if missing or unknown:
        expected = f"los campos {', '.join(required)}; admite {', '.join(optional)}"
        got = "; ".join(
            f"{what} {', '.join(names)}" for what, names in (("falta", missing), ("sobra", unknown)) if names
        )
        raise ConsultaFormRefusal("consulta.campos", place, expected, got)
    return value


def _require_size(data: bytes, place: str) -> None:
    if len(data) > MAX_BYTES:
        raise ConsultaFormRefusal("consulta.tamano", place, f"a lo más {MAX_BYTES} bytes", len(data))
