"""The SQL tables of requests of authorities."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    func,
    select,
)

from capture.records import tables as records  # noqa: F401 - the foreign keys name its tables
from capture.results import tables as results  # noqa: F401
from capture.schema import metadata
from ledger.database import Instant

requerimientos = Table(
    "requerimientos",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("opl", ForeignKey("opls.id"), nullable=False, index=True),
    Column("proceso", ForeignKey("procesos.folio"), nullable=False),
    Column("oficio", String(300), nullable=False),
    Column("fecha_oficio", Date, nullable=False),
    Column("autoridad", String(300), nullable=False),
    Column("expediente", String(300), nullable=False),
    Column("fundamento", String(300), nullable=False),
    Column("destinatario", Text, nullable=False),  # age recipient or PEM certificate of who may open it
    Column("huella", String(64), nullable=False),
    Column("recibido", Instant, nullable=False),
    Column("recibido_por", String(64), nullable=False),
    Column("vence", Instant, nullable=False),
    Column("estado", String(14), nullable=False),
    Column("resuelto", Instant),
    Column("resuelto_por", String(64)),
    Column("motivo", String(600)),
    Column("paquete", ForeignKey("paquetes.id")),
    CheckConstraint("estado IN ('pendiente', 'atendido', 'improcedente')", name="estado"),
    Index("ix_requerimientos_proceso", "proceso", "estado"),
)

requerimientos_folios = Table(
    "requerimientos_folios",
    metadata,
    Column("requerimiento", ForeignKey("requerimientos.id"), primary_key=True),
    Column("folio", ForeignKey("registros.folio"), primary_key=True),
)


def waiting(connection: Connection, proceso: str) -> int:
    """How many requests wait for an answer about a process: they hold its destruction back."""
    mine = (requerimientos.c.proceso == proceso, requerimientos.c.estado == "pendiente")
    return int(connection.execute(select(func.count()).select_from(requerimientos).where(*mine)).scalar_one())
