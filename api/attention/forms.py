"""What is sent to the attention desk and what it answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from capture.attention.report import (
    MAX_CAUSES,
    MAX_CONTACT_CHARS,
    MAX_NAME_CHARS,
    MAX_TEXT_CHARS,
    MAX_TITLE_CHARS,
    Medio,
    Report,
)

Text = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
Code = Annotated[str, Field(max_length=40)]
Folio = Annotated[str, Field(max_length=64)]


class ReportForm(BaseModel):
    """A report. `medio`, `recibido` and any `proceso` are only for who takes down a call or a mail."""

    model_config = ConfigDict(extra="forbid")

    causas: Annotated[list[Code], Field(min_length=1, max_length=MAX_CAUSES)]
    persona: Annotated[str, Field(max_length=MAX_NAME_CHARS)]
    titulo: Annotated[str, Field(max_length=MAX_TITLE_CHARS)]
    descripcion: Text
    contacto: Annotated[str | None, Field(max_length=MAX_CONTACT_CHARS)] = None
    proceso: Folio | None = None
    medio: Medio | None = None
    recibido: AwareDatetime | None = None


class TakeForm(BaseModel):
    """Taking a report on; `proceso` says about which process it is, when who reported could not."""

    model_config = ConfigDict(extra="forbid")

    proceso: Folio | None = None


class AnswerForm(BaseModel):
    """What the person is told."""

    model_config = ConfigDict(extra="forbid")

    respuesta: Text


class Reported(BaseModel):
    """The number to ask with."""

    reporte: int


class Cause(BaseModel):
    """A kind of report."""

    codigo: str
    nombre: str


class ReportAnswer(BaseModel):
    """A report as the desk sees it."""

    reporte: int
    medio: Medio
    causas: list[str]
    persona: str
    contacto: str | None
    titulo: str
    descripcion: str
    proceso: str | None
    recibido: datetime
    estado: str
    atiende: str | None
    respuesta: str | None
    atendido: datetime | None


def report_answer(one: Report) -> ReportAnswer:
    """The answer for a report."""
    return ReportAnswer(
        reporte=one.id,
        medio=one.medio,
        causas=list(one.causas),
        persona=one.persona,
        contacto=one.contacto,
        titulo=one.titulo,
        descripcion=one.descripcion,
        proceso=one.proceso,
        recibido=one.recibido,
        estado=one.estado.value,
        atiende=one.atiende,
        respuesta=one.respuesta,
        atendido=one.atendido,
    )
