"""Roles, permissions, and the ONE table: which roles have each permission. What is not in it is denied.

A permission says what may be done; the scope of an actor says to whose things. A domain that shows or changes
something with an OPL, a proceso or an auxiliar asks `actor.scope` too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.accounts import permissions_apoyo, permissions_sei
from api.accounts.permission_names import Permission
from api.accounts.roles import INSTITUTIONAL, OF_AN_OPL, OUTSIDE, Role

__all__ = [
    "GRAVE",
    "INSTITUTIONAL",
    "OF_AN_OPL",
    "OUTSIDE",
    "ROLES_OF",
    "Actor",
    "Permission",
    "Role",
    "Scope",
]
ROLES_OF: dict[Permission, frozenset[Role]] = permissions_apoyo.ROWS | permissions_sei.ROWS
"""Permission -> roles that have it. A test walks every route with every role against this table."""
GRAVE = permissions_apoyo.GRAVE | permissions_sei.GRAVE
"""What also needs a second factor given recently in the same session."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose things somebody may see. None: not limited in that respect."""

    opl: str | None = None
    proceso: str | None = None
    auxiliar: str | None = None

    def covers(
        self, *, opl: str | None = None, proceso: str | None = None, auxiliar: str | None = None
    ) -> bool:
        """Whether a thing with these owners is within. A limit whose owner is not given is not met."""
        limits = ((self.opl, opl), (self.proceso, proceso), (self.auxiliar, auxiliar))
        return all(limit is None or limit == owner for limit, owner in limits)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account in one role, and the part of the service that the role is about.

    `opl` is the short name of an institute, `proceso` a folio, `auxiliar` an Id Auxiliar. `session` is the id
    of the session (not its token); `verified` is when a second factor was last given in it, if it was.
    """

    account: str
    role: Role
    opl: str | None = None
    proceso: str | None = None
    auxiliar: str | None = None
    session: str = ""
    verified: datetime | None = None

    @property
    def scope(self) -> Scope:
        """The limits of this actor."""
        return Scope(self.opl, self.proceso, self.auxiliar)
