"""Instants as the command line shows them."""

from __future__ import annotations

from datetime import UTC, datetime


def spoken(seconds: int) -> str:
    """POSIX seconds as local time; the bare number when no calendar reaches that far."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC).astimezone():%Y-%m-%d %H:%M:%S %z}"
    except (OverflowError, ValueError, OSError):
        return f"segundo {seconds}"
