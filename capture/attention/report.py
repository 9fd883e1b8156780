"""A report of a user and what the desk may do with it (APO-27; 003, tables 10 to 12). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from capture.attention.errors import ReportFormRefusal

MAX_NAME_CHARS = 200
MAX_CONTACT_CHARS = 254
MAX_TITLE_CHARS = 200
MAX_TEXT_CHARS = 4_000
MAX_CAUSES = 4
_PROCESO = re.compile(r"[A-Za-z0-9-]{1,64}")


class Medio(StrEnum):
    """By which medium a report came. INETEL is the first level of attention; the others are the second."""

    INETEL = "inetel"
    CORREO = "correo"
    LLAMADA = "llamada"
    PORTAL = "portal"

    @property
    def words(self) -> str:
        """As people read it."""
        return _MEDIA[self]

    @property
    def nivel(self) -> int:
        """1: INETEL; 2: Mesa de Atención Técnica y Operativa."""
        return 1 if self is Medio.INETEL else 2


_MEDIA = {
    Medio.INETEL: "INETEL",
    Medio.CORREO: "Correo electrónico",
    Medio.LLAMADA: "Llamada telefónica",
    Medio.PORTAL: "Portal web",
}


class EstadoDeReporte(StrEnum):
    """Where a report is."""

    RECIBIDO = "recibido"
    EN_ATENCION = "en-atencion"
    ATENDIDO = "atendido"


OTHER = "otra"
CAUSES = {
    "registro-de-auxiliar": "Registro de auxiliar en la aplicación",
    "acceso-a-la-aplicacion": "Acceso a la aplicación auxiliar/mi apoyo",
    "informacion-del-registro": "Información sobre el registro del auxiliar",
    "alta-de-auxiliares": "Alta de auxiliares en portal",
    "acceso-al-portal": "Acceso al portal web",
    "envio-de-apoyo": "Envío de apoyo desde la aplicación móvil",
    "fallas": "Fallas y/o intermitencias de la aplicación móvil",
    OTHER: "Otra",
}
"""Code -> words: the kinds of report of source 003."""


@dataclass(frozen=True, slots=True)
class NewReport:
    """What is known when a report comes in. Raises ReportFormRefusal, naming the field."""

    medio: Medio
    causas: tuple[str, ...]
    """Codes of CAUSES; 1 to MAX_CAUSES, none twice."""
    persona: str = field(repr=False)
    """Who is helped."""
    titulo: str = field(repr=False)
    """The reason, in a line. With the cause «otra» it says which one."""
    descripcion: str = field(repr=False)
    recibido: datetime
    contacto: str | None = field(default=None, repr=False)
    """E-mail or telephone."""
    proceso: str | None = None

    def __post_init__(self) -> None:
        _require_causes(self.causas)
        _require_text("persona", self.persona, MAX_NAME_CHARS)
        _require_text("titulo", self.titulo, MAX_TITLE_CHARS)
        _require_text("descripcion", self.descripcion, MAX_TEXT_CHARS, lines=True)
        if self.contacto is not None:
            _require_text("contacto", self.contacto, MAX_CONTACT_CHARS)
        if self.proceso is not None and not _PROCESO.fullmatch(self.proceso):
            raise ReportFormRefusal("atencion.proceso", "proceso", "un Id Proceso", "otra cosa")


@dataclass(frozen=True, slots=True)
class Report:
    """A report as the desk has it."""

    id: int
    medio: Medio
    causas: tuple[str, ...]
    persona: str = field(repr=False)
    titulo: str = field(repr=False)
    descripcion: str = field(repr=False)
    contacto: str | None = field(repr=False)
    proceso: str | None
    recibido: datetime
    registrado_por: str | None
    """Account of the operator who took it down; None for the portal."""
    estado: EstadoDeReporte
    atiende: str | None
    """Account of the operator who has it."""
    respuesta: str | None = field(repr=False)
    atendido: datetime | None

    def words(self, *, with_title: bool) -> str:
        """Its causes as people read them; with the title, «Otra» says which one."""
        other = f"{CAUSES[OTHER]} ({self.titulo})" if with_title else CAUSES[OTHER]
        return "; ".join(other if one == OTHER else CAUSES[one] for one in self.causas)


def require_answer(text: str) -> str:
    """The answer to a report. Raises ReportFormRefusal."""
    _require_text("respuesta", text, MAX_TEXT_CHARS, lines=True)
    return text


def _require_causes(causas: tuple[str, ...]) -> None:
    known = all(one in CAUSES for one in causas)
    if not known or not 1 <= len(set(causas)) == len(causas) <= MAX_CAUSES:
        expected = f"de 1 a {MAX_CAUSES} distintas de: {', '.join(CAUSES)}"
        raise ReportFormRefusal("atencion.causas", "causas", expected, ", ".join(causas) or "ninguna")


def _require_text(name: str, text: str, most: int, *, lines: bool = False) -> None:
    plain = text.replace("\n", "") if lines else text
    if not text.strip() or len(text) > most or not plain.isprintable():
        expected = f"texto de 1 a {most} caracteres"
        raise ReportFormRefusal("atencion.texto", name, expected, f"{len(text)} caracteres")
