"""What is typed of a cédula on paper, and whether the régimen de excepción covers it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from capture.manual.errors import ManualRefusal
from capture.mesa.catalogue import CAPTURA_MANUAL
from capture.processing.typed import require_typed

REQUIRED = ("nombre", "apellido_paterno", "clave_elector", "entidad", "municipio", "seccion")
NUMBERS = ("cic", "ocr")


@dataclass(frozen=True, slots=True)
class Cedula:
    """A cédula on paper. `folio`: the UUIDv7 that the form was opened with; `criterio`: 1 to 4, or None."""

    folio: str
    proceso: str
    campos: Mapping[str, str]
    capturada: datetime
    criterio: str | None = None

    @property
    def credencial(self) -> str:
        """`cic` where it was typed, otherwise `ocr`."""
        return next(name for name in NUMBERS if name in self.campos)

    @property
    def numero(self) -> str:
        """Its digits."""
        return self.campos[self.credencial]

    @property
    def municipio(self) -> str:
        """«entidad-municipio», as the list of the régimen names it."""
        return f"{self.campos['entidad']}-{self.campos['municipio']}"


def require_cedula(cedula: Cedula) -> None:
    """Refuse a form with a field missing, unknown or of another form. Raises ManualRefusal, FormatRefusal,
    IdentityRefusal.
    """
    place = "cédula"
    missing = [name for name in REQUIRED if name not in cedula.campos]
    if not any(name in cedula.campos for name in NUMBERS):
        missing.append("cic u ocr")
    if missing:
        raise ManualRefusal("manual.falta", place, ", ".join(missing), "nada")
    require_typed(cedula.campos)
    if cedula.criterio is not None:
        CAPTURA_MANUAL.row(cedula.criterio)


def require_regimen(cedula: Cedula, municipios: str, inicio: datetime) -> None:
    """Refuse a process without régimen de excepción, another municipio, or before the periodo.

    `municipios`: JSON list of «entidad-municipio». Raises ManualRefusal.
    """
    covered = frozenset(json.loads(municipios))
    place = f"proceso {cedula.proceso}"
    if not covered:
        expected = "un proceso con régimen de excepción"
        raise ManualRefusal("manual.regimen", place, expected, "ninguno de sus municipios lo tiene")
    if cedula.municipio not in covered:
        expected = "un municipio del régimen de excepción de este periodo"
        raise ManualRefusal("manual.municipio", place, expected, cedula.municipio)
    if cedula.capturada < inicio:
        raise ManualRefusal(
            "manual.periodo", place, f"{inicio.isoformat()} o después", cedula.capturada.isoformat()
        )
