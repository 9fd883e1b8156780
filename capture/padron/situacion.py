"""The ten situaciones registrales, and how what the padrón holds becomes one of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Situacion(StrEnum):
    """Situación registral of a person; the value is the code that is stored and published."""

    LISTA_NOMINAL = "lista-nominal"
    DATOS_NO_ENCONTRADOS = "datos-no-encontrados"
    REGISTRO_NO_ENCONTRADO = "registro-no-encontrado"
    BAJA_DE_LISTA_NOMINAL = "baja-de-lista-nominal"
    SUSPENSION = "suspension-de-derechos-politicos"
    CANCELACION = "cancelacion-de-tramite"
    DUPLICADO = "duplicado-en-padron"
    DEFUNCION = "defuncion"
    PERDIDA_DE_VIGENCIA = "perdida-de-vigencia"
    OTRA_ENTIDAD = "otra-entidad"

    @property
    def label(self) -> str:
        """As people read it."""
        return _LABELS[self]

    @property
    def counts(self) -> bool:
        """Whether the support of such a person counts: only of who is in the lista nominal (002 §8.1)."""
        return self is Situacion.LISTA_NOMINAL


_LABELS = {
    Situacion.LISTA_NOMINAL: "En lista nominal",
    Situacion.DATOS_NO_ENCONTRADOS: "Datos no encontrados",
    Situacion.REGISTRO_NO_ENCONTRADO: "Registro no encontrado",
    Situacion.BAJA_DE_LISTA_NOMINAL: "Baja de lista nominal",
    Situacion.SUSPENSION: "Suspensión de derechos políticos",
    Situacion.CANCELACION: "Cancelación de trámite",
    Situacion.DUPLICADO: "Duplicado en padrón electoral",
    Situacion.DEFUNCION: "Defunción",
    Situacion.PERDIDA_DE_VIGENCIA: "Pérdida de vigencia",
    Situacion.OTRA_ENTIDAD: "Otra entidad",
}
ANSWERS_ONLY = frozenset(
    {Situacion.DATOS_NO_ENCONTRADOS, Situacion.REGISTRO_NO_ENCONTRADO, Situacion.OTRA_ENTIDAD}
)
"""What follows from a question and is never written in a padrón."""
IN_FILE = tuple(one for one in Situacion if one not in ANSWERS_ONLY)
"""What a line of a padrón may say."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the padrón holds of a clave de elector."""

    situacion: Situacion
    entidad: str
    """Two digits."""
    number_matches: bool
    """Whether the CIC or OCR that was asked for is that of the current credential."""


def decide(found: Found | None, entidad: str | None) -> Situacion:
    """The situación registral that counts for a process.

    A clave that the padrón lacks is a «registro no encontrado». A clave that it holds with another CIC or OCR
    is «datos no encontrados»: either a datum was misread or the credential is not the current one, and new
    data can settle it (002 §7.3). That goes before any other situación, which would be told of a person on
    the strength of half of the data. Whoever is in the lista nominal of another entidad than the one the
    process asks for (`entidad`, two digits, None for the whole country) is «otra entidad»; a baja stays
    what it is.
    """
    if found is None:
        return Situacion.REGISTRO_NO_ENCONTRADO
    if not found.number_matches:
        return Situacion.DATOS_NO_ENCONTRADOS
    if found.situacion.counts and entidad is not None and found.entidad != entidad:
        return Situacion.OTRA_ENTIDAD
    return found.situacion
