"""Audiencias in SQL: request, cut, confirmation, end and notice. What happens to records is in `session`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select, update

from capture.audiencia.errors import AudienciaRefusal, UnknownAudiencia
from capture.audiencia.tables import audiencia_operadores, audiencia_registros, audiencias
from capture.audiencia.terms import (
    Fase,
    require_ahead,
    require_begun,
    require_confirmable,
    require_next,
    too_close,
)
from capture.padron.situacion import Situacion
from capture.records.moves import Actor
from capture.records.ports import Acts, Done
from capture.records.states import Estado
from capture.records.tables import registros


@dataclass(frozen=True, slots=True)
class Audiencia:
    """One audiencia. The instants of steps that are still to come are None."""

    id: str
    proceso: str
    opl: str
    fase: Fase
    fecha: datetime
    lugar: str
    solicitada: datetime
    corte: datetime | None
    confirmada: datetime | None
    concluida: datetime | None
    notificada: datetime | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """A record of the cut. `estado` and `situacion`: at the cut."""

    numero: int
    folio: str
    operador: str
    estado: Estado
    situacion: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: an id of its own, whose records, when and where, and who will review."""

    id: str
    proceso: str
    opl: str
    fecha: datetime
    lugar: str
    operadores: tuple[str, ...]


_COLUMNS = [audiencias.c[field.name] for field in fields(Audiencia)]
_R = audiencia_registros.c


class SqlAudiencias:
    """Audiencias within one transaction."""

    def __init__(self, connection: Connection, acts: Acts) -> None:
        self._connection = connection
        self._acts = acts

    def ask(self, asked: Asked, actor: Actor, now: datetime) -> list[datetime]:
        """Keep a request, at least 48 hours ahead; other audiencias of the OPL that day that are too close.

        Raises AudienciaRefusal.
        """
        require_ahead(now, asked.fecha)
        if not asked.operadores:
            expected = "al menos una persona operadora"
            raise AudienciaRefusal("audiencia.operadores", "solicitud", expected, "ninguna")
        others = select(audiencias.c.fecha).where(audiencias.c.opl == asked.opl)
        close = too_close(asked.fecha, self._connection.execute(others).scalars())
        self._connection.execute(
            insert(audiencias).values(
                id=asked.id,
                proceso=asked.proceso,
                opl=asked.opl,
                fase=Fase.SOLICITADA.value,
                fecha=asked.fecha,
                lugar=asked.lugar,
                solicitada=now,
                solicitada_por=actor.id,
            )
        )
        rows = [{"audiencia": asked.id, "operador": one} for one in sorted(set(asked.operadores))]
        self._connection.execute(insert(audiencia_operadores), rows)
        self._act(actor, asked.id, Fase.SOLICITADA, now)
        return close

    def cut(self, audiencia: str, actor: Actor, now: datetime) -> list[Assigned]:
        """Fix which records are reviewed and who reviews each, in turn. Raises AudienciaRefusal."""
        found = self._step(audiencia, Fase.ASIGNADA, actor, now, corte=now)
        operators = self.operators(audiencia)
        rows = [
            {
                "audiencia": audiencia,
                "folio": folio,
                "numero": number,
                "operador": operators[(number - 1) % len(operators)],
                "estado": estado,
                "situacion": situacion,
            }
            for number, (folio, estado, situacion) in enumerate(self._reviewable(found.proceso), 1)
        ]
        if rows:
            self._connection.execute(insert(audiencia_registros), rows)
        return self.assigned(audiencia)

    def confirm(self, audiencia: str, actor: Actor, now: datetime) -> None:
        """The OPL has its records and operators in order, 8 hours before at the latest."""
        require_confirmable(now, self.get(audiencia).fecha)
        self._step(audiencia, Fase.CONFIRMADA, actor, now, confirmada=now, confirmada_por=actor.id)

    def conclude(self, audiencia: str, actor: Actor, now: datetime) -> None:
        """The session is over; what was not reviewed stays as it was."""
        require_begun(now, self.get(audiencia).fecha, f"audiencia {audiencia}")
        self._step(audiencia, Fase.CONCLUIDA, actor, now, concluida=now)

    def notify(self, audiencia: str, actor: Actor, now: datetime) -> None:
        """The results were notified with the acta."""
        self._step(audiencia, Fase.NOTIFICADA, actor, now, notificada=now)

    def get(self, audiencia: str) -> Audiencia:
        """One. Raises UnknownAudiencia."""
        row = self._connection.execute(select(*_COLUMNS).where(audiencias.c.id == audiencia)).first()
        if row is None:
            raise UnknownAudiencia("audiencia.id", f"audiencia {audiencia}", "una que exista", "ninguna")
        return _audiencia(row)

    def of(self, procesos: Sequence[str]) -> list[Audiencia]:
        """Those of some processes, by date."""
        wanted = select(*_COLUMNS).where(audiencias.c.proceso.in_(procesos)).order_by(audiencias.c.fecha)
        return [_audiencia(row) for row in self._connection.execute(wanted)]

    def operators(self, audiencia: str) -> list[str]:
        """Who reviews, sorted."""
        o = audiencia_operadores.c
        wanted = select(o.operador).where(o.audiencia == audiencia).order_by(o.operador)
        return list(self._connection.execute(wanted).scalars())

    def assigned(self, audiencia: str, operador: str | None = None) -> list[Assigned]:
        """The cut, or what of it one operator has, in order."""
        wanted = select(_R.numero, _R.folio, _R.operador, _R.estado, _R.situacion)
        wanted = wanted.where(_R.audiencia == audiencia).order_by(_R.numero)
        if operador is not None:
            wanted = wanted.where(_R.operador == operador)
        return [Assigned(n, f, o, Estado(e), s) for n, f, o, e, s in self._connection.execute(wanted)]

    def require_assigned(self, audiencia: str, folio: str, operador: str) -> Assigned:
        """This record, assigned to this operator in a confirmed audiencia. Raises AudienciaRefusal."""
        place = f"registro {folio}"
        if self.get(audiencia).fase is not Fase.CONFIRMADA:
            raise AudienciaRefusal("audiencia.fase", place, "una audiencia confirmada", "otra fase")
        mine = [one for one in self.assigned(audiencia, operador) if one.folio == folio]
        if not mine:
            expected = "un registro del corte asignado a usted"
            raise AudienciaRefusal("audiencia.asignacion", place, expected, "otro")
        return mine[0]

    def _reviewable(self, proceso: str) -> list[tuple[str, str, str | None]]:
        r = registros.c
        not_valid = and_(
            r.estado == Estado.COMPULSADO.value,
            r.situacion != Situacion.LISTA_NOMINAL.value,
            r.acreditado.is_(None),
        )
        wanted = (
            select(r.folio, r.estado, r.situacion)
            .where(r.proceso == proceso, or_(r.estado == Estado.CON_INCONSISTENCIA.value, not_valid))
            .order_by(r.recibido, r.folio)
        )
        return [(folio, estado, situacion) for folio, estado, situacion in self._connection.execute(wanted)]

    def _step(self, audiencia: str, to: Fase, actor: Actor, now: datetime, **values: object) -> Audiencia:
        found = self.get(audiencia)
        place = f"audiencia {audiencia}"
        require_next(found.fase, to, place)
        mine = update(audiencias).where(audiencias.c.id == audiencia, audiencias.c.fase == found.fase.value)
        if self._connection.execute(mine.values(fase=to.value, **values)).rowcount != 1:
            raise AudienciaRefusal("audiencia.fase", place, found.fase.value, "otra: alguien fue antes")
        self._act(actor, audiencia, to, now)
        return found

    def _act(self, actor: Actor, audiencia: str, phase: Fase, now: datetime) -> None:
        kind = f"audiencia.{phase.value}"
        self._acts.record(self._connection, Done(actor.id, actor.role, kind, audiencia, now))


def _audiencia(row: Any) -> Audiencia:
    values = dict(zip((field.name for field in fields(Audiencia)), row, strict=True))
    return Audiencia(**{**values, "fase": Fase(values["fase"])})
