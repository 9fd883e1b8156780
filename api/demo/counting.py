"""Numbers of things, in Spanish."""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    """«1 urna», «1,200 urnas»."""
    return f"{number:,} {one if number == 1 else many}"
