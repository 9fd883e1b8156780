"""Refusals about keeping and destroying records."""

from __future__ import annotations

from keys.errors import Refusal


class RetentionRefusal(Refusal):
    """Too early, or something still needs the records, or they are gone."""
