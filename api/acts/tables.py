"""Acts, and leaves of all logs that are not placed yet: both written in the transaction of what they tell."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from api.schema import metadata
from ledger.database import Instant, Serial

actos = Table(
    "actos",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("quien", String(64), nullable=False),
    Column("rol", String(20), nullable=False),
    Column("tipo", String(60), nullable=False),
    Column("objeto", String(120), nullable=False),
    Column("razon", String(600), nullable=False),
    Column("cuando", Instant, nullable=False),
    Column("texto", Text, nullable=False),  # canonical JSON of all of it, nonce included
    Index("ix_actos_cuando", "cuando", "id"),
    Index("ix_actos_quien", "quien", "cuando"),
    Index("ix_actos_objeto", "objeto", "cuando"),
)

hojas = Table(
    "hojas",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("bitacora", String(20), nullable=False),
    Column("llave", LargeBinary(255), nullable=False),
    Column("entrada", LargeBinary, nullable=False),
    Column("indice", BigInteger),
    UniqueConstraint("bitacora", "llave"),
    CheckConstraint("bitacora IN ('apoyo', 'actos')", name="bitacora"),
    Index("ix_hojas_pendientes", "bitacora", "indice", "id"),
)
