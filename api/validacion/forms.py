"""What the routes of the validation module are sent and answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from capture.preregistro.form import LABELS
from capture.preregistro.request import Request
from capture.validacion.figures_sql import Figures, Line
from capture.validacion.sampling import Hallazgo

_Number = Annotated[str, StringConstraints(min_length=1, max_length=40)]
_Line = Annotated[str, StringConstraints(min_length=3, max_length=200)]
SHOWN = tuple(name for name in LABELS if name not in ("telefono", "correo"))
"""What is compared with the credential (7.3.1): neither the channel of the Clave nor that of the token."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Solicitud(BaseModel):
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
    def of(cls, request: Request) -> Solicitud:
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


class Pagina(BaseModel):
    """Requests in the order of their folios; `siguiente` is the `despues` of the next page."""

    solicitudes: list[Solicitud]
    siguiente: str | None


class Turno(BaseModel):
    """What an operator has to compare now; nothing when nothing waits. `esperan`: all that wait."""

    solicitud: Solicitud | None
    esperan: int


class Dato(BaseModel):
    """A datum as the person gave it."""

    nombre: str
    etiqueta: str
    valor: str


class Cotejo(BaseModel):
    """Data beside the images of a request. `archivos`: names of the images that there are."""

    folio: str
    datos: list[Dato]
    domicilio_completo: bool
    archivos: list[str]
    motivos: list[str]


class Causa(BaseModel):
    """One of the «Causas de rechazo» of 7.3.1."""

    numero: int
    texto: str


class Rechazo(_Form):
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


class NuevaMuestra(_Form):
    """A sample: its seed, which is published, and how many persons."""

    semilla: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    tamano: int = Field(ge=1, le=100_000)


class MuestraView(BaseModel):
    """What everybody may know of a sample. `sha256` is of the folios that it was drawn from."""

    id: str
    semilla: str
    tamano: int
    poblacion: int
    sha256: str
    sorteada: datetime
    algoritmo: str


class Llamada(BaseModel):
    """A person of a sample; without `hallazgo` nobody called yet."""

    folio: str
    hallazgo: str | None
    nota: str | None
    cuando: datetime | None


class Informe(BaseModel):
    """A sample with its findings."""

    muestra: MuestraView
    hallazgos: dict[str, int]
    faltan: int
    llamadas: list[Llamada]


class Contacto(BaseModel):
    """Whom to call."""

    folio: str
    nombre: str
    telefono: str


class NuevoHallazgo(_Form):
    """What a call found out."""

    hallazgo: Hallazgo
    nota: str = Field(default="", max_length=400)


class Hallado(BaseModel):
    """`deshabilitada`: the Clave opens nothing any more."""

    folio: str
    hallazgo: str
    deshabilitada: bool


class Busqueda(_Form):
    """An authority's request about a person."""

    clave_elector: _Number
    ocr: _Number
    autoridad: _Line
    expediente: _Line
    oficio: _Line
    fundamento: _Line


class Enviado(BaseModel):
    """A message about a person, without its text. `mensaje_id`: its Message-ID begins with it."""

    tipo: str
    canal: str
    destino: str | None
    estado: str
    falla: str | None
    puesto: datetime
    entregado: datetime | None
    mensaje_id: str | None


class PasoView(BaseModel):
    """What was done to a request, by whom and when; `acto` is in the log of acts."""

    paso: str
    estado: str
    quien: str
    cuando: datetime
    acto: str


class SolicitudDePersona(BaseModel):
    """A request of a person, with all that was done to it."""

    folio: str
    estado: str
    origen: str
    creado: datetime
    causa: int | None
    pasos: list[PasoView]


class ClaveView(BaseModel):
    """When a Clave was issued, replaced, disabled."""

    estado: str
    emitida: datetime | None
    repuesta: datetime | None


class Encontrado(BaseModel):
    """What the service keeps of what was sent to a person, for an authority."""

    consulta: str
    oficio: str
    clave: ClaveView | None
    solicitudes: list[SolicitudDePersona]
    mensajes: list[Enviado]
