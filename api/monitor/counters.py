"""The figures of the monitor in SQL: read from counters in milliseconds, and folded now and then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from api.monitor.facts import Hecho
from api.monitor.tables import monitor_horas, monitor_movimientos
from ledger.database import Database

BATCH = 20_000
"""Rows of `monitor_movimientos` that one transaction folds."""
Hours = dict[tuple[Hecho, str], dict[int, int]]
"""By fact and demarcación: acts in each hour."""
_KEY = ("consulta", "demarcacion", "hora", "hecho")


def read(connection: Connection, consulta: str) -> Hours:
    """All of one consultation, folded or not, from one statement."""
    both = union_all(
        *(
            select(t.c.hecho, t.c.demarcacion, t.c.hora, t.c.cantidad).where(t.c.consulta == consulta)
            for t in (monitor_horas, monitor_movimientos)
        )
    ).subquery()
    key = (both.c.hecho, both.c.demarcacion, both.c.hora)
    found: Hours = {}
    for fact, zone, hour, total in connection.execute(select(*key, func.sum(both.c.cantidad)).group_by(*key)):
        found.setdefault((Hecho(fact), zone), {})[hour] = int(total)
    return found


def fold(database: Database) -> int:
    """Fold all that waits, a batch in each transaction; how many. Any number of processes may do it."""
    folded = 0
    while True:
        with database.writing() as connection:
            batch = _fold_batch(connection)
        folded += batch
        if batch < BATCH:
            return folded


def _fold_batch(connection: Connection) -> int:
    table = monitor_movimientos
    chosen = select(table.c.id).order_by(table.c.id).limit(BATCH).with_for_update(skip_locked=True)
    taken = delete(table).where(table.c.id.in_(chosen)).returning(*table.c)
    sums: Counter[tuple[str, str, int, str]] = Counter()
    rows = connection.execute(taken).mappings().all()
    for row in rows:
        sums[row["consulta"], row["demarcacion"], row["hora"], row["hecho"]] += row["cantidad"]
    _add(connection, sums)
    return len(rows)


def _add(connection: Connection, sums: Mapping[tuple[str, str, int, str], int]) -> None:
    """In the order of the keys: two that fold at once never wait for each other in a circle."""
    rows = [dict(zip(_KEY, at, strict=True)) | {"cantidad": sums[at]} for at in sorted(sums)]
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = dialect.insert(monitor_horas)
    total = monitor_horas.c.cantidad + made.excluded.cantidad
    connection.execute(made.on_conflict_do_update(index_elements=list(_KEY), set_={"cantidad": total}), rows)
