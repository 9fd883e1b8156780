"""Entries that wait for the public log of a consultation: put in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, insert, select, update

from tally.consulta.tables import hojas_consulta

Entry = tuple[bytes, bytes]
"""(idempotency key, entry): see tally/journal.py."""


def put_leaves(connection: Connection, consulta: str, entries: Iterable[Entry]) -> None:
    """Leave entries for the log, in order. Each is appended after this transaction, once."""
    rows = [{"consulta": consulta, "llave": key, "entrada": entry} for key, entry in entries]
    if rows:
        connection.execute(insert(hojas_consulta), rows)


def waiting_leaves(connection: Connection, consulta: str, most: int) -> list[tuple[int, bytes, bytes]]:
    """At most so many entries that are not in the log yet: row, key, entry, in the order of writing."""
    c = hojas_consulta.c
    wanted = select(c.id, c.llave, c.entrada).where(c.consulta == consulta, c.indice.is_(None))
    rows = connection.execute(wanted.order_by(c.id).limit(most))
    return [(row.id, bytes(row.llave), bytes(row.entrada)) for row in rows]


def mark_leaves(connection: Connection, placed: Sequence[tuple[int, int]]) -> None:
    """Keep where entries are: (row, index in the log)."""
    for row, index in placed:
        connection.execute(update(hojas_consulta).where(hojas_consulta.c.id == row).values(indice=index))


def entry_of(connection: Connection, consulta: str, key: bytes) -> bytes | None:
    """The entry of a key, whether it is in the log yet or not."""
    c = hojas_consulta.c
    found = connection.execute(select(c.entrada).where(c.consulta == consulta, c.llave == key)).scalar()
    return None if found is None else bytes(found)
