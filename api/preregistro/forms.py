"""What telephones and operators send about pre-registro, and what they get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.entrada.forms import Secret

Folio = Annotated[str, StringConstraints(min_length=14, max_length=14)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Campo(BaseModel):
    """A field of the form, as it is shown."""

    nombre: str
    etiqueta: str
    opcional: bool


class PreregistroView(BaseModel):
    """What whoever wants to ask for a Clave must know. `recipiente`: to which packets are sealed (age)."""

    consulta: str
    nombre: str
    abierto: bool
    inicio: datetime
    fin: datetime
    corte: date
    intentos: int
    recipiente: str
    tipos: list[str]
    campos: list[Campo]
    revision: str
    importante: str
    recomendaciones: list[str]


class Inicio(_Form):
    """A telephone that begins. `llave`: its public key, SubjectPublicKeyInfo in base64."""

    llave: Annotated[str, StringConstraints(min_length=40, max_length=180)]


class Iniciado(BaseModel):
    """`secreto` goes in the header X-Preregistro; `giros`: how the head has to turn in this attempt."""

    folio: str
    secreto: str
    intento: int
    intentos: int
    giros: list[str]
    recipiente: str


class SolicitudView(BaseModel):
    """Where a request is, for the telephone that made it."""

    folio: str
    estado: str
    intento: int
    intentos: int
    giros: list[str]
    motivos: list[str]
    mensaje: str


class Invitar(_Form):
    """People who had a Clave in this consultation are invited."""

    anterior: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]


class Invitados(BaseModel):
    """`nuevas`: people who had not been invited; `estados`: how many invitations are in each state."""

    nuevas: int
    estados: dict[str, int]


class Confirmacion(_Form):
    """What somebody says who was invited. `sin_cambios`: credential, e-mail and telephone are the same."""

    invitacion: Annotated[str, StringConstraints(min_length=36, max_length=36)]
    secreto: Secret
    sin_cambios: bool


class Confirmada(BaseModel):
    """What follows."""

    folio: str | None
    mensaje: str


class CorteDeLista(_Form):
    """The cut-off date of the lista nominal that counts."""

    corte: date = Field(description="Fecha de corte de la Lista Nominal")
