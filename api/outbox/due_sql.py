"""Which messages may leave now, in SQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_

from api.acts.tables import hojas
from api.outbox.message import Channel
from api.outbox.tables import PENDING, mensajes


def due(channel: Channel, now: datetime, group: timedelta) -> tuple[Any, ...]:
    """Of a group, only the oldest of those that go together: who has that one has all of them."""
    older = mensajes.alias("anterior")
    same = (
        older.c.grupo == mensajes.c.grupo,
        older.c.destino == mensajes.c.destino,
        older.c.canal == mensajes.c.canal,
        older.c.enviado_como.is_not_distinct_from(mensajes.c.enviado_como),
    )
    first = ~exists().where(*same, older.c.id < mensajes.c.id, free(older, now), leaf_is_placed(older))
    alone = or_(mensajes.c.grupo.is_(None), and_(mensajes.c.creado <= now - group, first))
    return mensajes.c.canal == channel.value, free(mensajes, now), leaf_is_placed(mensajes), alone


def free(table: FromClause, now: datetime) -> ColumnElement[bool]:
    """Its hour has come and nobody has it."""
    leased = or_(table.c.apartado_hasta.is_(None), table.c.apartado_hasta <= now)
    return and_(table.c.estado == PENDING, table.c.despues_de <= now, leased)


def leaf_is_placed(table: FromClause) -> ColumnElement[bool]:
    """The log has what it announces."""
    placed = exists().where(hojas.c.llave == table.c.hoja, hojas.c.indice.is_not(None))
    return or_(table.c.hoja.is_(None), placed)
