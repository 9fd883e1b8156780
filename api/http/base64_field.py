"""Bytes in a JSON field: standard base64 with padding."""

from __future__ import annotations

from ledger.fields import decode_base64

MAX_SMALL_CHARS = 1_000
"""Keys, signatures and challenges are shorter."""


def small_bytes(text: str, field: str) -> bytes:
    """The bytes. Raises FormatRefusal."""
    return decode_base64(text[:MAX_SMALL_CHARS], field)
