"""The tables of audiencias. What was said and changed of a record rests sealed to its process."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from capture.audiencia.rules import Cambio
from capture.audiencia.terms import Fase
from capture.schema import metadata
from ledger.database import Instant, Serial

_PHASES = ", ".join(f"'{phase.value}'" for phase in Fase)
_CHANGES = ", ".join(f"'{change.value}'" for change in Cambio)

audiencias = Table(
    "audiencias",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("proceso", String(64), nullable=False),
    Column("opl", String(32), nullable=False),
    Column("fase", String(20), nullable=False),
    Column("fecha", Instant, nullable=False),
    Column("lugar", String(300), nullable=False),
    Column("solicitada", Instant, nullable=False),
    Column("solicitada_por", String(64), nullable=False),
    Column("corte", Instant),
    Column("confirmada", Instant),
    Column("confirmada_por", String(64)),
    Column("concluida", Instant),
    Column("notificada", Instant),
    CheckConstraint(f"fase IN ({_PHASES})", name="fase"),
    Index("ix_audiencias_proceso", "proceso", "fecha"),
    Index("ix_audiencias_opl", "opl", "fecha"),
)

audiencia_operadores = Table(
    "audiencia_operadores",
    metadata,
    Column("audiencia", String(36), ForeignKey("audiencias.id"), primary_key=True),
    Column("operador", String(64), primary_key=True),
)

audiencia_registros = Table(
    "audiencia_registros",
    metadata,
    Column("audiencia", String(36), ForeignKey("audiencias.id"), primary_key=True),
    Column("folio", String(36), ForeignKey("registros.folio"), primary_key=True),
    Column("numero", Integer, nullable=False),  # place in the cut, from 1
    Column("operador", String(64), nullable=False),
    Column("estado", String(40), nullable=False),  # as it was at the cut
    Column("situacion", String(40)),
    Index("ix_audiencia_registros_operador", "operador", "audiencia"),
    Index("ix_audiencia_registros_folio", "folio"),
)

audiencia_revisiones = Table(
    "audiencia_revisiones",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("audiencia", String(36), ForeignKey("audiencias.id"), nullable=False),
    Column("folio", String(36), ForeignKey("registros.folio"), nullable=False),
    Column("operador", String(64), nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("cambio", String(40), nullable=False),
    Column("documentos", String(300), nullable=False),  # codes, separated by a space
    Column("antes", String(40), nullable=False),  # state
    Column("despues", String(40), nullable=False),
    Column("sellado", LargeBinary, nullable=False),  # before, after and manifestation
    CheckConstraint(f"cambio IN ({_CHANGES})", name="cambio"),
    Index("uq_audiencia_revisiones_registro", "audiencia", "folio", unique=True),
)
