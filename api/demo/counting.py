"""Numbers of things, in Spanish."""

from __future__ import annotations

import re

_KEPT = 12
_LONG = re.compile(r"\d{25,}")


def counted(number: int, one: str, many: str) -> str:
    """«1 urna», «1,200 urnas»."""
    return f"{number:,} {one if number == 1 else many}"


def abridged(text: str) -> str:
    """A text for the screen: numbers of more than 24 digits, which nobody compares by eye, cut short."""
    return _LONG.sub(lambda found: f"{found[0][:_KEPT]}…", text)
