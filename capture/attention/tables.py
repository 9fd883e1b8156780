"""SQL table of the attention desk."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, String, Table, Text

from capture.attention.report import (
    MAX_CONTACT_CHARS,
    MAX_NAME_CHARS,
    MAX_TITLE_CHARS,
    EstadoDeReporte,
    Medio,
)
from capture.schema import metadata
from ledger.database import Instant, Serial

_MEDIA = ", ".join(f"'{one.value}'" for one in Medio)
_STATES = ", ".join(f"'{one.value}'" for one in EstadoDeReporte)

reportes_atencion = Table(
    "reportes_atencion",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("medio", String(10), nullable=False),
    Column("causas", String(200), nullable=False, comment="codes, separated by commas"),
    Column("persona", String(MAX_NAME_CHARS), nullable=False),
    Column("titulo", String(MAX_TITLE_CHARS), nullable=False),
    Column("descripcion", Text, nullable=False),
    Column("contacto", String(MAX_CONTACT_CHARS)),
    Column("proceso", String(64)),
    Column("recibido", Instant, nullable=False),
    Column("registrado_por", String(64)),
    Column("estado", String(12), nullable=False),
    Column("atiende", String(64)),
    Column("respuesta", Text),
    Column("atendido", Instant),
    CheckConstraint(f"medio IN ({_MEDIA})", name="medio"),
    CheckConstraint(f"estado IN ({_STATES})", name="estado"),
    Index("ix_reportes_atencion_proceso", "proceso", "recibido"),
    Index("ix_reportes_atencion_estado", "estado", "id"),
)
