"""The SQL tables of the telephone check of delivered Claves (SEI-11)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from capture.schema import metadata
from ledger.database import Instant

verificacion_muestras = Table(
    "verificacion_muestras",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("consulta", String(64), nullable=False),
    Column("semilla", String(200), nullable=False),
    Column("tamano", Integer, nullable=False),
    Column("poblacion", Integer, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),  # of the folios that it was drawn from
    Column("sorteada", Instant, nullable=False),
    Column("sorteada_por", String(64), nullable=False),
    Index("ix_verificacion_muestras_consulta", "consulta"),
)

verificacion_llamadas = Table(
    "verificacion_llamadas",
    metadata,
    Column("muestra", ForeignKey("verificacion_muestras.id"), primary_key=True),
    Column("folio", ForeignKey("preregistros.folio"), primary_key=True),
    Column("hallazgo", String(16)),
    Column("nota", String(400)),
    Column("cuando", Instant),
    Column("quien", String(64)),
)
