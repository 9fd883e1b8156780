"""The SQL tables of the urns: their archives as rows, and what is asked of them at every ballot.

`urna_bloques` is the urn: everything else here can be told from it and from who was issued which credential.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from ledger.database import Instant
from tally.schema import metadata

UUID_CHARS = 64
CREDENTIAL_CHARS = 700
"""Elements of the largest group are written with 617 decimal digits."""

urnas = Table(
    "urnas",
    metadata,
    Column("uuid", String(UUID_CHARS), primary_key=True),
    Column("consulta", String(64), nullable=False),
    Column("unidad", String(32), nullable=False),
    UniqueConstraint("consulta", "unidad"),
)
"""One row for each urn, made with its Setup and never changed: whoever adds to the urn locks it."""


def _urn(*, key: bool = True) -> Column[str]:
    return Column("uuid", ForeignKey("urnas.uuid"), primary_key=key, nullable=False)


urna_bloques = Table(
    "urna_bloques",
    metadata,
    _urn(),
    Column("desde", BigInteger, primary_key=True, autoincrement=False),
    Column("hasta", BigInteger, nullable=False),
    Column("evento", Text, nullable=False),
    Column("contenido", LargeBinary, nullable=False),
)
"""The archive in the pieces in which it grew: bytes `desde` to `hasta`, and the last event of the piece.
Two that add after the same end break the key: that is the compare-and-swap."""

boletas = Table(
    "boletas",
    metadata,
    _urn(),
    Column("credencial", String(CREDENTIAL_CHARS), primary_key=True),
    Column("tracker", String(64), nullable=False),
    Column("altura", Integer, nullable=False),
    Column("evento", String(64), nullable=False),
    UniqueConstraint("uuid", "tracker"),
)
"""The ballots of the urns: what a receipt says of each."""

participaciones = Table(
    "participaciones",
    metadata,
    Column("consulta", String(64), primary_key=True),
    Column("persona", String(36), primary_key=True),
    _urn(key=False),
    Column("cuando", Instant, nullable=False),
)
"""Who has taken part, one row for a person of a consultation, whichever the urn (SEI-20)."""

retos_boleta = Table(
    "retos_boleta",
    metadata,
    _urn(),
    Column("cifras", LargeBinary(32), primary_key=True),
    Column("tracker", String(64), nullable=False),
    Column("credencial", String(CREDENTIAL_CHARS), nullable=False),
    Column("cuando", Instant, nullable=False),
)
"""Ballots that were challenged (Benaloh): SHA-256 of their ciphertexts, none of which may ever be cast."""
