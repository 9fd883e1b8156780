"""Figures of requests, and the bitácora of 7.3.2: how many were validated and how many Claves sent, by whom
and when. Both are counts over what is stored: they always add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Select, func, select

from capture.identity.dates import centro_date
from capture.preregistro.request import SISTEMA
from capture.preregistro.states import EstadoSolicitud, Paso
from capture.preregistro.tables import preregistro_pasos, preregistros
from capture.validacion.causes import CAUSES

_P, _S = preregistros.c, preregistro_pasos.c
_RULED = (Paso.APROBACION.value, Paso.RECHAZO.value)


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests by state, by demarcación (of those that were asked about) and, of the rejected, by cause."""

    estados: dict[str, int]
    demarcaciones: dict[str, int]
    causas: dict[int, int]

    @property
    def total(self) -> int:
        """All that were begun."""
        return sum(self.estados.values())


@dataclass(slots=True)
class Line:
    """One day (hora centro) of one account; the service itself is «sistema»."""

    dia: date
    quien: str
    validadas: int = 0
    rechazadas: int = 0
    claves: int = 0
    actos: list[str] = field(default_factory=list)
    """Ids in the log of acts, in order."""


def figures(connection: Connection, consulta: str) -> Figures:
    """Of one consultation."""
    mine = _P.consulta == consulta
    states = {r[0]: r[1] for r in connection.execute(_by(_P.estado).where(mine))}
    placed = {r[0]: r[1] for r in connection.execute(_by(_P.demarcacion).where(mine))}
    causes = {r[0]: r[1] for r in connection.execute(_by(_P.causa).where(mine))}
    return Figures(
        {estado.value: states.get(estado.value, 0) for estado in EstadoSolicitud},
        {name: placed[name] for name in sorted(filter(None, placed))},
        {number: causes.get(number, 0) for number in CAUSES},
    )


def _by(column: Column[Any]) -> Select[Any]:
    return select(column, func.count()).group_by(column)


def bitacora(connection: Connection, consulta: str) -> list[Line]:
    """By day, then by who."""
    wanted = select(_S.cuando, _S.quien, _S.paso, _S.acto).where(_S.consulta == consulta)
    lines: dict[tuple[date, str], Line] = {}
    for row in connection.execute(wanted.where(_S.paso.in_(_RULED)).order_by(_S.id)):
        key = (centro_date(row.cuando), row.quien)
        line = lines.setdefault(key, Line(*key))
        approved = row.paso == Paso.APROBACION.value
        line.validadas += row.quien != SISTEMA.id
        line.rechazadas += not approved
        line.claves += approved
        line.actos.append(row.acto)
    return [lines[key] for key in sorted(lines)]
