"""Whether a process is in sight of who asks: a promovente sees the own one, an institute its own."""

from __future__ import annotations

from sqlalchemy import Connection, select

from api.accounts.permissions import Actor
from api.http.problems import Problem
from capture.processes.tables import periodos, procesos


def require_in_sight(connection: Connection, actor: Actor, folio: str) -> None:
    """Raises Problem, the same one for a process that does not exist and for one of others."""
    chosen = select(periodos.c.opl).join(procesos, procesos.c.periodo == periodos.c.id)
    opl = connection.execute(chosen.where(procesos.c.folio == folio)).scalar_one_or_none()
    if opl is None or not actor.scope.covers(opl=opl, proceso=folio, auxiliar=actor.auxiliar):
        raise Problem("no-encontrado", "Revise el Id Proceso.")
