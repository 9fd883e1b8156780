"""The SQL tables of persons and Claves. What is personal rests sealed; what is searched, blinded."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, UniqueConstraint

from ledger.database import Instant
from tally.schema import metadata
from tally.tables import CREDENTIAL_CHARS, UUID_CHARS

personas = Table(
    "personas",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("consulta", String(64), nullable=False),
    Column("seccion", String(8), nullable=False),
    Column("clave_elector_hmac", LargeBinary(32), nullable=False),
    Column("ocr_hmac", LargeBinary(32), nullable=False),
    Column("datos_sellados", LargeBinary, nullable=False),
    Column("estado", String(16), nullable=False),
    Column("creada", Instant, nullable=False),
    UniqueConstraint("consulta", "clave_elector_hmac"),
    Index("ix_personas_estado", "consulta", "estado"),
)
"""`datos_sellados`: clave de elector, OCR, name, telephone and e-mail, bound to the row."""


def _person(*, key: bool = False, index: bool | None = None) -> Column[str]:
    return Column("persona", ForeignKey("personas.id"), primary_key=key, nullable=False, index=index)


claves = Table(
    "claves",
    metadata,
    _person(key=True),
    Column("auth_hash", LargeBinary(32), nullable=False),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("sellada", LargeBinary, nullable=False),
    Column("credencial_sellada", LargeBinary, nullable=False),
    Column("emitida", Instant, nullable=False),
    Column("repuesta", Instant),
    Column("deshabilitada", Instant),
    Column("motivo", String(200)),
)
"""`sellada`: the private credential under the Clave. `credencial_sellada`: the same under the authority's age
key, which only a replacement opens. The Clave itself is nowhere."""

credenciales = Table(
    "credenciales",
    metadata,
    Column("uuid", String(UUID_CHARS), primary_key=True),
    Column("publica", String(CREDENTIAL_CHARS), primary_key=True),
    _person(index=True),
)
"""The public credential of a person in each urn of their section: what the Setup lists."""
