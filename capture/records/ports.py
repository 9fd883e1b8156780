"""What changes of state need from outside: the journal of acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Done:
    """What a person did to something, for the journal of acts. Nothing personal about citizens."""

    who: str
    """Account id."""
    role: str
    kind: str
    """Stable code, such as `registro.transicion`."""
    target: str
    """Id of what it was done to."""
    instant: datetime
    reason: str = ""
    detail: dict[str, str] = field(default_factory=dict)


class Acts(Protocol):
    """The journal of acts, written in the caller's transaction."""

    def record(self, connection: Connection, act: Done) -> str:
        """Keep the act and give its id."""
