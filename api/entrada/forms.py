"""What the devices of voters and the desk of the CAT send, and what they get."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.entrada import texts

_Number = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Secret = Annotated[str, StringConstraints(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Datos(_Form):
    """Entry. `auth`: the first 32 bytes that Argon2id makes of the Clave on the person's device, in
    hexadecimal (docs/adr/0021-casting.md): the Clave itself never leaves it."""

    clave_elector: _Number
    ocr: _Number
    auth: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Reposicion(_Form):
    """Another token for an entry that is open."""

    entrada: Secret


class ConToken(_Form):
    """The token that came by SMS."""

    entrada: Secret
    token: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class Entrada(BaseModel):
    """A token is on its way. `entrada` is a secret of this device; `telefono`: its last two digits."""

    entrada: str
    telefono: str
    token_vence: datetime
    vence: datetime
    mensaje: str = texts.SENT_BY_SMS


class Credencial(BaseModel):
    """The private credential under the Clave: AES-256-GCM with the last 32 bytes of Argon2id. Hexadecimal."""

    nonce: str
    sellada: str


class Boleta(BaseModel):
    """A Unidad Territorial of the person's section. Without projects it has a legend and no urn; `eleccion`
    is what its ballots are encrypted for, as canonical JSON."""

    clave: str
    nombre: str
    demarcacion: str
    proyectos: list[str]
    leyenda: str | None
    uuid: str | None
    eleccion: str | None


class Sesion(BaseModel):
    """`sesion` goes in the header X-Sesion-Opinion; it ends at `vence`, or when the person leaves. With
    several `boletas` the person chooses one."""

    sesion: str
    vence: datetime
    credencial: Credencial
    boletas: list[Boleta]
    sin_seleccion: str = texts.NOTHING_CHOSEN
    voto_nulo: str = texts.NULL_VOTE


class Salida(BaseModel):
    """«Salir del Sistema»: where to go."""

    mensaje: str
    pagina: str


class Identificada(_Form):
    """Somebody whose identity an operator checked. `verificacion`: how, without personal data."""

    clave_elector: _Number
    ocr: _Number
    verificacion: Annotated[str, StringConstraints(min_length=3, max_length=200)]


class Deshabilitacion(_Form):
    """A Clave that must open nothing any more, and why (7.4.1)."""

    clave_elector: _Number
    ocr: _Number
    motivo: Annotated[str, StringConstraints(min_length=3, max_length=200)]


class Hecho(BaseModel):
    """It was done to this person."""

    persona: str = Field(description="Identificador interno: no es un dato personal")
