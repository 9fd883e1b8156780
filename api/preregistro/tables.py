"""Which messages were sent to whom about a Clave: for bounces (SEI-06) and authority requests (SEI-12)."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from api.schema import metadata
from ledger.database import Instant

mensajes_sei = Table(
    "mensajes_sei",
    metadata,
    Column("mensaje", String(36), primary_key=True),  # of `mensajes`
    Column("consulta", String(64), nullable=False),
    Column("folio", String(14)),
    Column("titular", String(36)),
    Column("puesto", Instant, nullable=False),
    Column("aviso", String(36)),  # the SMS that followed an e-mail that did not arrive
    Index("ix_mensajes_sei_folio", "folio"),
    Index("ix_mensajes_sei_titular", "titular"),
    Index("ix_mensajes_sei_aviso", "aviso"),
)
"""Without addresses or text: those are in `mensajes`, as long as they are kept there."""
