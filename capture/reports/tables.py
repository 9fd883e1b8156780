"""SQL tables of the figures: what each change of a record adds or takes, and the sums of what was folded.

`movimientos` only ever grows by inserts, so that no two transactions wait for each other because of a figure.
`compact` (capture.reports.counters) folds its rows into the two tables of sums. A figure is the sum of both.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table, event

from capture.records import tables as records  # noqa: F401 - what is counted is made first
from capture.reports.triggers import install
from capture.schema import metadata
from ledger.database import Serial

_CODE, _PROCESO = String(40), String(64)

movimientos = Table(
    "movimientos",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("proceso", _PROCESO, nullable=False),
    Column("hora", Integer, nullable=False, comment="of reception, hours since 1970 in UTC"),
    Column("modalidad", String(10), nullable=False),
    Column("auxiliar", String(16), nullable=False, comment="empty for none, as the three that follow"),
    Column("estado", _CODE, nullable=False),
    Column("inciso", String(1), nullable=False),
    Column("tipo", String(200), nullable=False),
    Column("situacion", _CODE, nullable=False),
    Column("cantidad", SmallInteger, nullable=False, comment="1 or -1"),
    Index("ix_movimientos_proceso", "proceso"),
)

cifras_dia = Table(
    "cifras_dia",
    metadata,
    Column("proceso", _PROCESO, primary_key=True),
    Column("dia", Integer, primary_key=True, autoincrement=False, comment="of reception, days since 1970"),
    Column("modalidad", String(10), primary_key=True),
    Column("estado", _CODE, primary_key=True),
    Column("inciso", String(1), primary_key=True),
    Column("tipo", String(200), primary_key=True),
    Column("situacion", _CODE, primary_key=True),
    Column("cantidad", BigInteger, nullable=False),
)
"""`dia` is that of central Mexico."""

cifras_auxiliar = Table(
    "cifras_auxiliar",
    metadata,
    Column("proceso", _PROCESO, primary_key=True),
    Column("auxiliar", String(16), primary_key=True),
    Column("estado", _CODE, primary_key=True),
    Column("inciso", String(1), primary_key=True),
    Column("cantidad", BigInteger, nullable=False),
)


@event.listens_for(metadata, "after_create")
def _with_triggers(_target: object, connection: object, **_options: object) -> None:
    """Whoever makes the tables makes the triggers; a migration calls `install` itself."""
    install(connection)  # type: ignore[arg-type]
