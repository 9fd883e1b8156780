"""The table of messages. Address and text are personal data: a row is emptied some time after delivery."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table, Text

from api.schema import metadata
from ledger.database import Instant, Serial

PENDING, DELIVERED, ASIDE, BOUNCED = "pendiente", "entregado", "detenido", "rebotado"
"""The states of a message."""

mensajes = Table(
    "mensajes",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("identificador", String(36), nullable=False, unique=True),  # of the message, for Message-ID
    Column("tipo", String(40), nullable=False),
    Column("canal", String(10), nullable=False),
    Column("destino", String(254)),  # null once emptied
    Column("asunto", String(200)),
    Column("cuerpo", Text),
    Column("grupo", String(64)),
    Column("documento", String(36)),
    Column("hoja", LargeBinary(255)),  # key of the log's entry that it waits for
    Column("estado", String(12), nullable=False),
    Column("creado", Instant, nullable=False),
    Column("despues_de", Instant, nullable=False),  # not before this instant
    Column("apartado_hasta", Instant),  # a deliverer has it until then
    Column("apartado_por", String(36)),
    Column("intentos", Integer, nullable=False),
    Column("falla", String(80)),  # a code, never the server's text
    Column("entregado", Instant),
    Column("enviado_como", String(36)),  # identifier of the message that carried it, when several went as one
    CheckConstraint("estado IN ('pendiente', 'entregado', 'detenido', 'rebotado')", name="estado"),
    CheckConstraint("canal IN ('correo', 'sms')", name="canal"),
    Index("ix_mensajes_pendientes", "estado", "canal", "despues_de", "id"),  # one channel never reads another
    Index("ix_mensajes_grupo", "grupo", "destino", "estado"),
)
