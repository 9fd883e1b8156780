"""What the routes of the Mesas answer and are asked."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

MOST = 1_000_000
"""Ballots of one Mesa, at most: more than any UT has people."""


class LlaveMesas(BaseModel):
    """La llave pública de «certeza mesa llave», de quien captura las Mesas de una demarcación."""

    demarcacion: str = Field(min_length=1, max_length=100)
    llave: str = Field(pattern="^[0-9a-f]{64}$")


class LlaveView(BaseModel):
    """La llave de una demarcación, cuando la hay."""

    demarcacion: str
    llave: str | None


class LlavesView(BaseModel):
    """Las llaves de las Mesas; `fijadas`: están en la bitácora y ya no cambian."""

    fijadas: bool
    llaves: list[LlaveView]


class CredencialMostrada(BaseModel):
    """La clave de elector de la credencial que la persona muestra."""

    model_config = ConfigDict(hide_input_in_errors=True)

    clave_elector: str = Field(min_length=1, max_length=40)


class PuedeOpinar(BaseModel):
    """Si la persona puede opinar en la Mesa. No se dice nada más de ella."""

    puede_opinar: bool


class Conteo(BaseModel):
    """Lo que contó una Mesa; `opiniones` en el orden de la boleta."""

    recibidas: int = Field(ge=0, le=MOST)
    sobrantes: int = Field(ge=0, le=MOST)
    opiniones: list[int] = Field(min_length=1, max_length=200)
    nulas: int = Field(ge=0, le=MOST)
    total: int = Field(ge=0, le=MOST)
    observaciones: str = Field(default="", max_length=1000)


class MesaView(BaseModel):
    """Una Mesa. `modo`: «clara», o «cifrada» cuando su urna no se abre sola; `total` y los demás números son
    boletas en papel, nunca opiniones por proyecto."""

    clave: str
    nombre: str
    demarcacion: str
    modo: str
    version: int | None
    recibidas: int | None
    sobrantes: int | None
    total: int | None
    capturada: datetime | None
    escrutinio: datetime | None


class Captura(BaseModel):
    """Lo que quedó capturado: `version` empieza en 1 y cuenta la última."""

    clave: str
    modo: str
    version: int
    total: int


class EscrutinioView(BaseModel):
    """Un acta de escrutinio y cómputo emitida: su modo y su huella."""

    clave: str
    modo: str
    total: int
    sha256: str


class EtapaView(BaseModel):
    """La etapa a la que llegaron las Mesas."""

    etapa: str


class UrnaPequena(BaseModel):
    """Una UT que no se abre sola. `situacion`: «por-sumar», «por-abrir», «abierta» o «reservada»."""

    clave: str
    nombre: str
    demarcacion: str
    boletas_internet: int
    boletas_mesa: int | None
    situacion: str
    suma: str | None


class UrnasPequenas(BaseModel):
    """Qué UT se suman con su Mesa, y por qué; `k`: el mínimo de boletas de la consulta."""

    k: int
    etapa: str
    razon: str
    unidades: list[UrnaPequena]
