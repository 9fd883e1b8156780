"""The SQL tables of consultations by internet: each domain's `tables.py` registers its own here."""

from __future__ import annotations

from ledger.database import new_metadata

metadata = new_metadata()
