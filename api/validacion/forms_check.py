"""What the check of delivered Claves and authority requests are sent, and what they answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from api.validacion.forms import Form
from capture.validacion.sampling import Hallazgo

_Number = Annotated[str, StringConstraints(min_length=1, max_length=40)]
_Line = Annotated[str, StringConstraints(min_length=3, max_length=200)]


class NuevoSorteo(Form):
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


class NuevoHallazgo(Form):
    """What a call found out."""

    hallazgo: Hallazgo
    nota: str = Field(default="", max_length=400)


class Hallado(BaseModel):
    """`deshabilitada`: the Clave opens nothing any more."""

    folio: str
    hallazgo: str
    deshabilitada: bool


class BusquedaDeAutoridad(Form):
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
