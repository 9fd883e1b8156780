"""The figures in SQL: read from counters in milliseconds, folded now and then, checked by a full count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from capture.records.states import Columna, Estado, columna
from capture.records.tables import registros
from capture.reports.days import day_number, day_of_hour, day_of_number
from capture.reports.errors import FiguresDisagree
from capture.reports.figures import Cell, Figures, figures, merged, require_consistent
from capture.reports.tables import cifras_auxiliar, cifras_dia, movimientos

BATCH = 20_000
"""Rows of `movimientos` that one transaction folds."""
_ALIKE = ("modalidad", "estado", "inciso", "tipo", "situacion")
_DAY_KEY = ("proceso", "dia", *_ALIKE)
_AUXILIAR_KEY = ("proceso", "auxiliar", "estado", "inciso")
_HOUR = 3_600_000_000
"""Microseconds."""


def received_hour() -> ColumnElement[int]:
    """The hour of reception of a record, since 1970 in UTC."""
    return registros.c.recibido.op("/", return_type=movimientos.c.hora.type)(literal_column(str(_HOUR)))


def cells(connection: Connection, proceso: str) -> list[Cell]:
    """The counters of a process, from one view of the database."""
    folded = select(literal(True), cifras_dia.c.dia, *_columns(cifras_dia), cifras_dia.c.cantidad).where(
        cifras_dia.c.proceso == proceso
    )
    kept = (movimientos.c.hora, *_columns(movimientos))
    loose = select(literal(False), *kept, func.sum(movimientos.c.cantidad)).group_by(*kept)
    both = union_all(folded, loose.where(movimientos.c.proceso == proceso))
    return [
        Cell(day_of_number(at) if is_day else day_of_hour(at), mode, Estado(state), *rest)
        for is_day, at, mode, state, *rest in connection.execute(both)
    ]


def _columns(table: Table) -> list[Any]:
    return [table.c[name] for name in _ALIKE]


def read(connection: Connection, proceso: str) -> Figures:
    """The figures of a process."""
    return figures(cells(connection, proceso))


def by_auxiliar(connection: Connection, proceso: str) -> dict[str, dict[Columna, int]]:
    """The figures of each Id Auxiliar that has sent something."""
    tables = (cifras_auxiliar, movimientos)
    chosen = [
        select(table.c.auxiliar, table.c.estado, table.c.inciso, table.c.cantidad).where(
            table.c.proceso == proceso, table.c.auxiliar != ""
        )
        for table in tables
    ]
    both = union_all(*chosen).subquery()
    key = (both.c.auxiliar, both.c.estado, both.c.inciso)
    made: dict[str, Counter[Columna]] = {}
    for who, state, inciso, amount in connection.execute(
        select(*key, func.sum(both.c.cantidad)).group_by(*key).order_by(both.c.auxiliar)
    ):
        made.setdefault(who, Counter())[columna(Estado(state), inciso or None)] += int(amount)
    return {who: dict(counts) for who, counts in made.items() if any(counts.values())}


def compact(connection: Connection, most: int = BATCH) -> int:
    """Fold at most `most` changes into the sums; how many there were. Any number of processes may do it."""
    chosen = select(movimientos.c.id).order_by(movimientos.c.id).limit(most)
    taken = delete(movimientos).where(movimientos.c.id.in_(chosen.with_for_update(skip_locked=True)))
    rows = connection.execute(taken.returning(*movimientos.c)).mappings().all()
    days: Counter[tuple[Any, ...]] = Counter()
    people: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        alike = [row[name] for name in _ALIKE]
        days[(row["proceso"], day_number(day_of_hour(row["hora"])), *alike)] += row["cantidad"]
        if row["auxiliar"]:
            people[tuple(row[name] for name in _AUXILIAR_KEY)] += row["cantidad"]
    _add(connection, cifras_dia, _DAY_KEY, days)
    _add(connection, cifras_auxiliar, _AUXILIAR_KEY, people)
    return len(rows)


def _add(connection: Connection, table: Table, key: Sequence[str], sums: Counter[tuple[Any, ...]]) -> None:
    """In the order of the keys: two that fold at once never wait for each other in a circle."""
    rows = [dict(zip(key, at, strict=True)) | {"cantidad": sums[at]} for at in sorted(sums) if sums[at]]
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = dialect.insert(table)
    total = table.c.cantidad + made.excluded.cantidad
    connection.execute(made.on_conflict_do_update(index_elements=list(key), set_={"cantidad": total}), rows)


def full_count(connection: Connection, proceso: str) -> list[Cell]:
    """The same cells, counted one by one in the records themselves: for checks, not for the portal."""
    hour = received_hour()
    alike = [func.coalesce(registros.c[name], "") for name in ("inciso", "tipo_inconsistencia", "situacion")]
    key = (hour, registros.c.modalidad, registros.c.estado, *alike)
    chosen = select(*key, func.count()).where(registros.c.proceso == proceso).group_by(*key)
    return merged(
        Cell(day_of_hour(at), mode, Estado(state), *rest)
        for at, mode, state, *rest in connection.execute(chosen)
    )


def require_counted(connection: Connection, proceso: str) -> Figures:
    """The figures of a process when counters and records say the same. Raises FiguresDisagree.

    Both are of the same instant only in a connection of `one_view`.
    """
    counted, found = merged(cells(connection, proceso)), full_count(connection, proceso)
    if wrong := set(counted) ^ set(found):
        first = min(wrong, key=lambda cell: (cell.dia, cell.estado, cell.cantidad))
        place = f"{proceso}, {first.dia}, {first.estado.value}"
        raise FiguresDisagree("cifras.contadores", place, _amount(found, first), _amount(counted, first))
    made = figures(counted)
    require_consistent(made, sum(cell.cantidad for cell in found))
    return made


def _amount(where: Iterable[Cell], like: Cell) -> int:
    return sum(cell.cantidad for cell in where if _kind(cell) == _kind(like))


def _kind(cell: Cell) -> tuple[object, ...]:
    return (cell.dia, cell.modalidad, cell.estado, cell.inciso, cell.tipo, cell.situacion)


def rebuild(connection: Connection) -> int:
    """Make the counters anew from the records, as when triggers are added to a table that has rows."""
    for table in (movimientos, cifras_dia, cifras_auxiliar):
        connection.execute(delete(table))
    hour = received_hour()
    values = [registros.c.proceso, hour, registros.c.modalidad]
    values += [func.coalesce(registros.c.auxiliar, ""), registros.c.estado]
    values += [func.coalesce(registros.c[n], "") for n in ("inciso", "tipo_inconsistencia", "situacion")]
    names = ["proceso", "hora", "modalidad", "auxiliar", "estado", "inciso", "tipo", "situacion", "cantidad"]
    connection.execute(insert(movimientos).from_select(names, select(*values, literal(1))))
    folded = 0
    while batch := compact(connection):
        folded += batch
    return folded
