"""The tables of the mesa de control: criteria, who has which record, what they found, samples."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, SmallInteger, String, Table, Text

from capture.schema import metadata
from ledger.database import Instant, Serial

catalogos_mesa = Table(
    "catalogos_mesa",
    metadata,
    Column("periodo", String(36), primary_key=True),
    Column("version", SmallInteger, primary_key=True, autoincrement=False),
    Column("contenido", Text, nullable=False),  # JSON
    Column("publicado", Instant, nullable=False),
    Column("publicado_por", String(64), nullable=False),
)

asignaciones = Table(
    "asignaciones",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("folio", String(36), ForeignKey("registros.folio"), nullable=False),
    Column("operador", String(64), nullable=False),
    Column("vuelta", SmallInteger, nullable=False),  # 1: first review, 2: second look
    Column("asignado", Instant, nullable=False),
    Column("asignado_por", String(64), nullable=False),
    Column("cerrado", Instant),
    Column("cierre", String(10)),
    CheckConstraint("vuelta IN (1, 2)", name="vuelta"),
    CheckConstraint("cierre IN ('revisado', 'devuelto', 'anulado')", name="cierre"),
    CheckConstraint("(cerrado IS NULL) = (cierre IS NULL)", name="cerrado"),
    Index("ix_asignaciones_operador", "operador", "cerrado"),
    Index("ix_asignaciones_folio", "folio"),
)
_OPEN = asignaciones.c.cerrado.is_(None)
Index(
    "uq_asignaciones_abierta",
    asignaciones.c.folio,
    asignaciones.c.vuelta,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
"""The database itself refuses that two operators have the same record for the same review."""

revisiones = Table(
    "revisiones",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("folio", String(36), ForeignKey("registros.folio"), nullable=False),
    Column("vuelta", SmallInteger, nullable=False),  # 1, 2, or 3: the enlace settles a disagreement
    Column("operador", String(64), nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("valido", Boolean, nullable=False),
    Column("inciso", String(1)),
    Column("detalle", String(600)),
    Column("catalogo", SmallInteger, nullable=False),
    Column("muestra", String(36)),
    CheckConstraint("vuelta IN (1, 2, 3)", name="vuelta"),
    CheckConstraint("valido = (inciso IS NULL)", name="inciso"),
    Index("ix_revisiones_folio", "folio", "vuelta"),
    Index("ix_revisiones_cuando", "cuando", "operador"),
)

muestras = Table(
    "muestras",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("proceso", String(64), nullable=False),
    Column("semilla", String(200), nullable=False),
    Column("por_millar", SmallInteger, nullable=False),
    Column("desde", Instant, nullable=False),  # of the first reviews, included
    Column("hasta", Instant, nullable=False),  # excluded
    Column("sorteada", Instant, nullable=False),
    Column("sorteada_por", String(64), nullable=False),
)

muestra_registros = Table(
    "muestra_registros",
    metadata,
    Column("folio", String(36), ForeignKey("registros.folio"), primary_key=True),
    Column("muestra", String(36), ForeignKey("muestras.id"), nullable=False),
    Column("primera", String(64), nullable=False),  # who made the first review: never makes the second
    Index("ix_muestra_registros_muestra", "muestra"),
)
