"""SQL tables of the padrón: one row per person and corte, and what is known of each corte."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)

from capture.schema import metadata
from ledger.database import Instant, Serial

LOADING, CURRENT, EARLIER, FAILED = "cargando", "vigente", "anterior", "fallido"

cortes = Table(
    "cortes",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("fecha", Date, nullable=False, comment="cut-off date of the padrón"),
    Column("archivo", Text, nullable=False, comment="name of the file, without folders"),
    Column("sha256", LargeBinary, comment="of the whole file, once read"),
    Column("llave", LargeBinary, nullable=False, comment="identifier of the key of its keyed values"),
    Column("estado", String(10), nullable=False),
    Column("aceptados", BigInteger, nullable=False, server_default="0"),
    Column("rechazados", BigInteger, nullable=False, server_default="0"),
    Column("iniciado", Instant, nullable=False),
    Column("terminado", Instant),
)
Index(
    "uq_cortes_vigente",
    cortes.c.estado,
    unique=True,
    sqlite_where=text("estado = 'vigente'"),
    postgresql_where=text("estado = 'vigente'"),
)

padron = Table(
    "padron",
    metadata,
    # No foreign key to cortes: checking it ten million times would double the time of a load, and rows of a
    # corte that is not current are never read.
    Column("corte", Integer, primary_key=True, autoincrement=False),
    Column("clave", LargeBinary, primary_key=True, comment="keyed, 16 bytes"),
    Column("cic", LargeBinary, comment="keyed, 8 bytes"),
    Column("ocr", LargeBinary, comment="keyed, 8 bytes"),
    Column("situacion", SmallInteger, nullable=False),
    Column("entidad", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
