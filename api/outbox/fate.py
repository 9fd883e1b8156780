"""What becomes of a letter that was on its way. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Delivered:
    """The other side took responsibility for it."""


@dataclass(frozen=True, slots=True)
class Later:
    """It is tried again, not before an instant. `code` is stable and says why."""

    code: str
    not_before: datetime


@dataclass(frozen=True, slots=True)
class Aside:
    """A person has to look at it. `code` is stable and says why."""

    code: str


@dataclass(frozen=True, slots=True)
class Untried:
    """It was claimed and never left: it waits as if nobody had claimed it."""


Fate = Delivered | Later | Aside | Untried
