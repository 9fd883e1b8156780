"""The table of inconsistencies of 002 §6.1 as data, and those of paper cédulas of 001 §9.5. Pure.

An OPL may put its own criteria in the place of `DERFE` until the periodo starts, never after (002 §6.1:
«previo al inicio del periodo de captación»). Version 0 is the table as it came; each review keeps the
version it applied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from capture.mesa.errors import MesaRefusal
from keys.errors import FormatRefusal

MAX_TYPE_CHARS = 200
MAX_DETAIL_CHARS = 300
MAX_SPECIFIED_CHARS = 200
_INCISO = re.compile("[a-z]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """One row. `especificar`: the operator must say more than the detail does."""

    inciso: str
    tipo: str
    detalle: str
    especificar: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The rows of one version, in order."""

    version: int
    rows: tuple[Inconsistency, ...]

    def row(self, inciso: str) -> Inconsistency:
        """The row with this inciso. Raises MesaRefusal."""
        found = next((row for row in self.rows if row.inciso == inciso), None)
        if found is None:
            expected = ", ".join(row.inciso for row in self.rows)
            raise MesaRefusal("mesa.inciso", f"catálogo, versión {self.version}", expected, inciso)
        return found

    def encode(self) -> str:
        """The rows as JSON."""
        return json.dumps([asdict(row) for row in self.rows], ensure_ascii=False)


DERFE = Catalogue(
    0,
    (
        Inconsistency("a", "Credencial no válida", "Imagen diferente a una Credencial para Votar"),
        Inconsistency("b", "Credencial no válida", "Dos anversos/dos reversos misma Credencial para Votar"),
        Inconsistency(
            "c", "Credencial no válida", "Anversos o reversos de distintas Credenciales para Votar"
        ),
        Inconsistency("d", "Credencial no válida", "Pantalla/Monitor/otro."),
        Inconsistency("e", "Fotocopia de la credencial", "Blanco y negro/a color"),
        Inconsistency(
            "f",
            "Otra",
            "CPV ilegible (precisar el dato ilegible, Clave de Elector, OCR, Número de Emisión o CIC)",
            especificar=True,
        ),
        Inconsistency("g", "Foto no válida", "Persona distinta"),
        Inconsistency(
            "h",
            "Foto no válida",
            "Precisar objeto fotografiado, (indicar de qué elemento o de dónde se presume fue obtenida la "
            "fotografía)",
            especificar=True,
        ),
        Inconsistency(
            "i",
            "Foto no válida",
            "Precisar por qué se impide el pleno reconocimiento de la o el ciudadano (Uso de cubrebocas, "
            "caretas, lentes oscuros, gorra, etc. ).",
            especificar=True,
        ),
        Inconsistency(
            "j",
            "Firma no válida",
            "Símbolo distinto (especificar el símbolo de que se trata)",
            especificar=True,
        ),
        Inconsistency("k", "Firma no válida", "Nombre distinto"),
        Inconsistency("l", "Firma no válida", "Firma manuscrita distinta"),
        Inconsistency("m", "Sin firma", "Sin firma"),
        Inconsistency(
            "n",
            "Simulación",
            "Información sobrepuesta, información no coincide (especificar la situación identificada).",
            especificar=True,
        ),
    ),
)
"""002 §6.1, as it is written there. A cell that spans several incisos is repeated in each of them."""
CAPTURA_MANUAL = Catalogue(
    0,
    tuple(
        Inconsistency(str(number), "Captura manual", criterion)
        for number, criterion in enumerate(
            ("Cédula en copia", "Foto no válida", "Sin copia de credencial", "Sin leyenda"), 1
        )
    ),
)
"""001 §9.5: the criteria for cédulas on paper, numbered as there. An OPL does not change them."""


def comparable(catalogue: Catalogue) -> frozenset[str]:
    """The incisos that mean in it what they mean in 002 §6.1, whatever an OPL changed besides."""
    return frozenset(row.inciso for row in catalogue.rows if row in DERFE.rows)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reviewer found: valid when there is no inciso."""

    inciso: str | None = None
    especificacion: str | None = None
    """What the operator specifies, where the row asks for it."""

    @property
    def valid(self) -> bool:
        """Whether the record goes on to the compulsa."""
        return self.inciso is None


def require_outcome(catalogue: Catalogue, outcome: Outcome) -> tuple[Inconsistency, str] | None:
    """The row and the whole detail of an inconsistency, None of a valid record. Raises MesaRefusal."""
    said = (outcome.especificacion or "").strip()
    if outcome.inciso is None:
        if said:
            raise MesaRefusal("mesa.valido", "revisión", "un inciso, o nada que especificar", "solo detalle")
        return None
    row = catalogue.row(outcome.inciso)
    if row.especificar and not said:
        raise MesaRefusal("mesa.especificar", f"inciso {row.inciso})", row.detalle, "nada especificado")
    if len(said) > MAX_SPECIFIED_CHARS or not said.isprintable():
        expected = f"a lo más {MAX_SPECIFIED_CHARS} caracteres en una línea"
        raise MesaRefusal("mesa.especificar", f"inciso {row.inciso})", expected, f"{len(said)} caracteres")
    return row, f"{row.detalle}: {said}" if said else row.detalle


def parse_rows(text: str, version: int, place: str = "catálogo") -> Catalogue:
    """Read what `Catalogue.encode` wrote or an OPL sent. Raises FormatRefusal."""
    try:
        rows = tuple(_row(item, place) for item in json.loads(text))
    except (ValueError, KeyError, TypeError, RecursionError):
        expected = "una lista de inciso, tipo, detalle y especificar"
        raise FormatRefusal("mesa.catalogo", place, expected, "otra cosa") from None
    incisos = [row.inciso for row in rows]
    if not rows or len(set(incisos)) != len(incisos):
        raise FormatRefusal("mesa.catalogo", place, "al menos un inciso y ninguno repetido", incisos)
    return Catalogue(version, rows)


def require_before_start(now: datetime, inicio: datetime) -> None:
    """Refuse to change criteria once the periodo runs. Raises MesaRefusal with both instants."""
    if now >= inicio:
        expected = f"un cambio antes del inicio del periodo, {inicio.isoformat()}"
        raise MesaRefusal("mesa.catalogo.plazo", "catálogo", expected, now.isoformat())


def _row(item: Any, place: str) -> Inconsistency:
    row = Inconsistency(item["inciso"], item["tipo"], item["detalle"], item.get("especificar", False))
    if not _INCISO.fullmatch(row.inciso):
        raise FormatRefusal("mesa.catalogo.inciso", place, "una letra minúscula", row.inciso)
    texts: Sequence[tuple[str, int]] = ((row.tipo, MAX_TYPE_CHARS), (row.detalle, MAX_DETAIL_CHARS))
    for text, most in texts:
        if not (text.strip() and len(text) <= most and text.isprintable()):
            raise FormatRefusal("mesa.catalogo.texto", f"{place}, inciso {row.inciso})", f"1 a {most}", text)
    if row.especificar not in (True, False):
        raise FormatRefusal("mesa.catalogo.especificar", place, "true o false", row.especificar)
    return row
