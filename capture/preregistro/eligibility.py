"""Who may have a Clave (SEI-05): 18 or older, a credential in force of the entidad, in the lista nominal at
its cut-off date, of a section of the consultation. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from capture.identity.clave_elector import clave_elector
from capture.identity.dates import ADULT_YEARS, age
from capture.padron.situacion import Situacion
from capture.preregistro.form import RequestData
from capture.reading.merging import alike

MAX_AGE = 115
"""A clave does not tell its century: the older birth counts up to this age, because the lista nominal, which
is asked as well, has adults only."""


class Ineligible(StrEnum):
    """Why somebody may not. The values are stored and counted; what a person is told is in words."""

    EDAD = "edad"
    VIGENCIA = "vigencia"
    SECCION = "seccion"
    LISTA = "lista-nominal"
    DUPLICADA = "duplicada"
    CUERPO = "cuerpo"
    """Nothing that was sent could be read."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A Unidad Territorial of a section."""

    clave: str
    nombre: str
    demarcacion: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What eligibility is judged by. `jornada`: the day of the consultation; `units`: of the section."""

    data: RequestData
    jornada: date
    units: Sequence[Unit]
    situacion: Situacion


def judge(asked: Asked) -> Ineligible | None:
    """The first reason against somebody; None for who may have a Clave."""
    data = asked.data
    if not is_adult(data.clave_elector, asked.jornada):
        return Ineligible.EDAD
    if data.vigencia and int(data.vigencia) < asked.jornada.year:
        return Ineligible.VIGENCIA
    if not asked.units:
        return Ineligible.SECCION
    return None if asked.situacion.counts else Ineligible.LISTA


def is_adult(clave: str, on: date) -> bool:
    """Whether a birth that the clave de elector may mean makes an adult on that day."""
    return any(ADULT_YEARS <= age(born, on) <= MAX_AGE for born in clave_elector(clave).births())


def unit_of(data: RequestData, units: Sequence[Unit]) -> Unit | None:
    """The Unidad Territorial that the person chose, when it is one of their section."""
    return next((one for one in units if alike(one.nombre, data.unidad)), None)
