"""Jobs that take longer than a request: what waits, and how it ended."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table

from api.schema import metadata
from ledger.database import Instant

trabajos = Table(
    "trabajos",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tipo", String(20), nullable=False),
    Column("objeto", String(64), nullable=False),
    Column("quien", String(64), nullable=False),
    Column("rol", String(20), nullable=False),
    Column("estado", String(10), nullable=False),
    Column("creado", Instant, nullable=False),
    Column("despues_de", Instant, nullable=False),
    Column("intentos", Integer, nullable=False),
    Column("terminado", Instant),
    Column("resultado", String(64)),  # id of what was made
    Column("codigo", String(60)),  # rule of the refusal
    Column("motivo", String(600)),
    CheckConstraint("estado IN ('pendiente', 'hecho', 'rechazado')", name="estado"),
    Index("ix_trabajos_pendientes", "estado", "despues_de"),
)
