"""How the worker's loops go, for whoever watches the service."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from api.schema import metadata
from ledger.database import Instant

tareas = Table(
    "tareas",
    metadata,
    Column("nombre", String(40), primary_key=True),
    Column("bien", Instant),
    Column("mal", Instant),
    Column("fallas", Integer, nullable=False),
)
"""`bien`, `mal`: when the last look ended well, or failed, in whatever worker. `fallas`: failures since it
last ended well."""
