"""The queue: each request is held by one operator at a time, for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from capture.preregistro.request import Request
from capture.preregistro.states import EstadoSolicitud
from capture.preregistro.store_sql import Requests
from capture.preregistro.tables import preregistros
from capture.records.ports import Acts
from capture.validacion.errors import ValidacionRefusal

HELD_FOR = timedelta(minutes=30)
"""After it, what an operator left open goes to another one."""
_P = preregistros.c


class Queue:
    """Within one transaction that writes."""

    def __init__(self, connection: Connection, acts: Acts, consulta: str) -> None:
        self._db = connection
        self._consulta = consulta
        self._requests = Requests(connection, acts)

    def next(self, operator: str, now: datetime) -> Request | None:
        """What the operator holds already, or the one that waits longest; None when nothing waits."""
        mine = self._first(_P.operador == operator)
        free = or_(_P.operador.is_(None), _P.asignado <= now - HELD_FOR)
        folio = mine or self._first(free)
        if folio is None:
            return None
        taken = update(preregistros).where(_P.folio == folio, or_(free, _P.operador == operator))
        if self._db.execute(taken.values(operador=operator, asignado=now)).rowcount != 1:
            return None  # another operator was faster
        return self._requests.get(self._consulta, folio)

    def held(self, folio: str, operator: str) -> Request:
        """A request that waits for this operator's word, locked. Raises UnknownRequest, ValidacionRefusal."""
        found = self._requests.get(self._consulta, folio, lock=True)
        if found.estado is not EstadoSolicitud.EN_VALIDACION or found.operador != operator:
            expected = "una solicitud en validación, asignada a usted"
            raise ValidacionRefusal("validacion.asignacion", "solicitud", expected, "otra")
        return found

    def give_back(self, folio: str, operator: str) -> None:
        """Let another operator have it. Raises what `held` does."""
        self.held(folio, operator)
        mine = update(preregistros).where(_P.folio == folio, _P.operador == operator)
        self._db.execute(mine.values(operador=None, asignado=None))

    def waits(self) -> int:
        """How many wait, those that are held included."""
        here = (_P.consulta == self._consulta, _P.estado == EstadoSolicitud.EN_VALIDACION.value)
        return self._db.execute(select(func.count()).select_from(preregistros).where(*here)).scalar_one()

    def _first(self, condition: ColumnElement[bool]) -> str | None:
        here = (_P.consulta == self._consulta, _P.estado == EstadoSolicitud.EN_VALIDACION.value)
        wanted = select(_P.folio).where(*here, condition).order_by(_P.recibido, _P.folio).limit(1)
        return self._db.execute(wanted.with_for_update(skip_locked=True)).scalar()
