"""SQL tables of the monitor: what each act adds, and the sums of what was folded.

As the figures of apoyo (capture/reports): `monitor_movimientos` only ever grows by inserts of triggers
(`triggers`), so that no two transactions wait for each other because of a figure, and is folded into the sums
every few seconds. A figure is the sum of both. No row says whose act it was.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, event

from api.monitor.triggers import install
from api.schema import metadata
from ledger.database import Serial
from tally.schema import metadata as consulta

_HOUR = "since 1970 in UTC"

monitor_movimientos = Table(
    "monitor_movimientos",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("consulta", String(64), nullable=False),
    Column("demarcacion", String(100), nullable=False, comment="empty where it is not known"),
    Column("hora", Integer, nullable=False, comment=_HOUR),
    Column("hecho", String(16), nullable=False),
    Column("cantidad", SmallInteger, nullable=False),
    Index("ix_monitor_movimientos_consulta", "consulta"),
)

monitor_horas = Table(
    "monitor_horas",
    metadata,
    Column("consulta", String(64), primary_key=True),
    Column("demarcacion", String(100), primary_key=True),
    Column("hora", Integer, primary_key=True, autoincrement=False, comment=_HOUR),
    Column("hecho", String(16), primary_key=True),
    Column("cantidad", BigInteger, nullable=False),
)


@event.listens_for(consulta, "after_create")
def _with_triggers(_target: object, connection: object, **_options: object) -> None:
    """Whoever makes the tables makes the triggers; what is counted is made last."""
    install(connection)  # type: ignore[arg-type]
