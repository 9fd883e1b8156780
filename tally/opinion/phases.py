"""When opinions are taken, as the transaction that takes one sees it (SEI-01, SEI-20)."""

from __future__ import annotations

import json
from functools import lru_cache

from sqlalchemy import Connection, select

from tally.calendar import Calendar
from tally.consulta.cronograma import Cronograma
from tally.consulta.errors import NoConsulta
from tally.consulta.tables import consultas


def calendar_of(connection: Connection, consulta: str) -> Calendar:
    """The instants that the urns of a consultation obey. Raises NoConsulta."""
    plan = connection.execute(select(consultas.c.cronograma).where(consultas.c.id == consulta)).scalar()
    if plan is None:
        raise NoConsulta("consulta.existe", "consulta", "una consulta registrada", consulta)
    return calendar_of_plan(plan)


@lru_cache(maxsize=64)
def calendar_of_plan(plan: str) -> Calendar:
    """The instants of a stored cronograma. Remembered by its text: another text is another plan."""
    return Cronograma.from_json(json.loads(plan)).calendar
