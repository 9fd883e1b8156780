"""The tables of the Mesas: where they are, who may capture, what was captured, the actas de escrutinio
(SEI-25, SEI-26)."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from ledger.database import Instant
from tally.schema import metadata

mesa_llaves = Table(
    "mesa_llaves",
    metadata,
    Column("consulta", String(64), primary_key=True),
    Column("demarcacion", String(100), primary_key=True),
    Column("llave", String(64), nullable=False),
    Column("registrada", Instant, nullable=False),
    Column("registrada_por", String(64), nullable=False),
    ForeignKeyConstraint(["consulta"], ["consultas.id"]),
)
"""Ed25519 keys, hexadecimal, of those who hand in encrypted totals; fixed when `mesas/llaves.json` is."""

mesa_capturas = Table(
    "mesa_capturas",
    metadata,
    Column("consulta", String(64), primary_key=True),
    Column("unidad", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),  # from 1; the last one counts
    Column("modo", String(10), nullable=False),
    Column("recibidas", Integer, nullable=False),
    Column("sobrantes", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("datos", LargeBinary, nullable=False),
    Column("capturada", Instant, nullable=False),
    Column("capturada_por", String(64), nullable=False),
    ForeignKeyConstraint(["consulta", "unidad"], ["unidades.consulta", "unidades.clave"]),
    CheckConstraint("modo IN ('clara', 'cifrada')", name="modo"),
    CheckConstraint("total >= 0 AND total <= recibidas - sobrantes", name="boletas"),
)
"""`datos`: canonical JSON; of a «cifrada» it is `mesas/<clave>.json`: no option has its number in clear."""

mesa_escrutinios = Table(
    "mesa_escrutinios",
    metadata,
    Column("consulta", String(64), primary_key=True),
    Column("unidad", String(32), primary_key=True),
    Column("documento", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("emitido", Instant, nullable=False),
    Column("emitido_por", String(64), nullable=False),
    ForeignKeyConstraint(["consulta", "unidad"], ["unidades.consulta", "unidades.clave"]),
)
"""`documento`: canonical JSON of the acta de escrutinio y cómputo. After it nothing is captured any more."""

mesa_ubicaciones = Table(
    "mesa_ubicaciones",
    metadata,
    Column("consulta", String(64), primary_key=True),
    Column("unidad", String(32), primary_key=True),
    Column("ubicaciones", Text, nullable=False),  # JSON: an address of each Mesa
    Column("fijada", Instant, nullable=False),
    Column("fijada_por", String(64), nullable=False),
    ForeignKeyConstraint(["consulta"], ["consultas.id"]),
)

mesa_etapas = Table(
    "mesa_etapas",
    metadata,
    Column("consulta", String(64), primary_key=True),
    Column("etapa", String(12), nullable=False),
    Column("sumada", Instant),
    Column("abierta", Instant),
    Column("computada", Instant),
    ForeignKeyConstraint(["consulta"], ["consultas.id"]),
)
"""`etapa`: tally/mesa/states.py; no row before the sums are published. The instants: when each began."""
