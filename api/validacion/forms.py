"""What the routes of the validation module are sent and answer."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from capture.preregistro.request import Request
from capture.validacion.figures_sql import Figures, Line


class Form(BaseModel):
    """What is sent: nothing but what is asked for, and it is never repeated."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SolicitudDeClave(BaseModel):
    """A request, without personal data. `motivos`: stable codes of what the engines found."""

    folio: str
    estado: str
    origen: str
    recibido: datetime | None
    intento: int
    dictamen: str | None
    motivos: list[str]
    lista: str | None
    demarcacion: str | None
    causa: int | None
    asignada: datetime | None

    @classmethod
    def of(cls, request: Request) -> SolicitudDeClave:
        """As operators see it."""
        return cls(
            folio=request.folio,
            estado=request.estado.value,
            origen=request.origen,
            recibido=request.recibido,
            intento=request.intento,
            dictamen=request.dictamen,
            motivos=list(request.motivos),
            lista=request.lista,
            demarcacion=request.demarcacion,
            causa=request.causa,
            asignada=request.asignado,
        )


class PaginaDeSolicitudes(BaseModel):
    """Requests in the order of their folios; `siguiente` is the `despues` of the next page."""

    solicitudes: list[SolicitudDeClave]
    siguiente: str | None


class Turno(BaseModel):
    """What an operator has to compare now; nothing when nothing waits. `esperan`: all that wait."""

    solicitud: SolicitudDeClave | None
    esperan: int


class Causa(BaseModel):
    """One of the «Causas de rechazo» of 7.3.1."""

    numero: int
    texto: str


class Rechazo(Form):
    """The number of the cause."""

    causa: int = Field(ge=1, le=8)


class Dictaminada(BaseModel):
    """The state that followed."""

    folio: str
    estado: str


class Estadisticas(BaseModel):
    """Requests by state, demarcación and cause of rejection."""

    total: int
    estados: dict[str, int]
    demarcaciones: dict[str, int]
    causas: dict[str, int]

    @classmethod
    def of(cls, found: Figures) -> Estadisticas:
        """As they are told."""
        return cls(
            total=found.total,
            estados=found.estados,
            demarcaciones=found.demarcaciones,
            causas={str(number): count for number, count in found.causas.items()},
        )


class Renglon(BaseModel):
    """A day of an account in the bitácora; `actos` are in the log of acts."""

    dia: date
    quien: str
    validadas: int
    rechazadas: int
    claves: int
    actos: list[str]

    @classmethod
    def of(cls, line: Line) -> Renglon:
        """As it is told."""
        return cls(
            dia=line.dia,
            quien=line.quien,
            validadas=line.validadas,
            rechazadas=line.rechazadas,
            claves=line.claves,
            actos=line.actos,
        )
