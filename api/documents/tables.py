"""The SQL table of issued documents. Their bytes are blobs."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table, Text

from api.schema import metadata
from ledger.database import Instant

documentos = Table(
    "documentos",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tipo", String(60), nullable=False),
    Column("titulo", String(300), nullable=False),
    Column("instituto", String(200), nullable=False),
    Column("opl", String(32)),
    Column("periodo", String(36)),
    Column("proceso", String(16)),
    Column("auxiliar", String(10)),
    Column("emitido", Instant, nullable=False),
    Column("sellado", Instant, nullable=False),
    Column("firmas", Text, nullable=False),
    Column("sha256_json", LargeBinary(32), nullable=False, unique=True),
    Column("sha256_pdf", LargeBinary(32), nullable=False),
    Column("pdf", String(120), nullable=False),
    Column("json", String(120), nullable=False),
    Column("asunto", String(80)),
    Column("llave", String(16)),
    Index("ix_documentos_proceso", "proceso", "id"),
    Index("ix_documentos_periodo", "periodo", "id"),
    Index("ix_documentos_opl", "opl", "id"),
    Index("ix_documentos_asunto", "asunto", "id"),
)
"""`id`: UUIDv7, so ids are in the order of issue. `opl`, `periodo`, `proceso`, `auxiliar`: whose it is, those
that apply. `sellado`: the instant of the time stamp. `firmas`: JSON list of [name, certificate number].
`pdf`, `json`: blob paths. `asunto`: id of what it is about. `llave`: the proceso whose key opens the blobs;
null for blobs that are not sealed."""
