"""The SQL tables of the service itself (accounts, outbox, acts): each `tables.py` registers its own here."""

from __future__ import annotations

from ledger.database import new_metadata

metadata = new_metadata()
