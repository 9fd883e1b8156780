"""The SQL tables of entry. Codes and secrets rest as hashes; a code of six digits, blinded with the key."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table

from ledger.database import Instant
from tally.schema import metadata


def _person(*, key: bool = False, index: bool | None = None) -> Column[str]:
    return Column("persona", ForeignKey("personas.id"), primary_key=key, nullable=False, index=index)


tokens = Table(
    "tokens",
    metadata,
    _person(key=True),
    Column("estado", String(12), nullable=False),
    Column("huella", LargeBinary(32)),
    Column("vence", Instant),
    Column("intentos", Integer, nullable=False),
    Column("usado", Instant),
)
"""The token of each person. `huella`: of the last code that was sent, null when none can be used; `usado`:
when one was used for the first time."""

entradas = Table(
    "entradas",
    metadata,
    Column("huella", LargeBinary(32), primary_key=True),
    _person(index=True),
    Column("vence", Instant, nullable=False, index=True),
)
"""Who gave the three data and not the token yet. `huella`: SHA-256 of the secret that the device holds."""

sesiones_opinion = Table(
    "sesiones_opinion",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("huella", LargeBinary(32), nullable=False, unique=True),
    _person(index=True),
    Column("creada", Instant, nullable=False),
    Column("vence", Instant, nullable=False, index=True),
    Column("aviso", String(36)),
)
"""Open sessions: one that is closed is deleted. `aviso`: the message that leaves when it ends."""
