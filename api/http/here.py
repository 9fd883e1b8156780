"""What a handler knows about the request it answers: who asks, when, from where, and what it may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from api.accounts.permissions import Actor
from api.services import Services
from ledger.database import Database


@dataclass(frozen=True, slots=True)
class Here:
    """One request. `actor` is None for somebody without a session; `now` is one instant for all of it."""

    actor: Actor | None
    now: datetime
    request_id: str
    address: str
    services: Services

    @property
    def database(self) -> Database:
        """`with here.database.writing() as db`: everything of one act in one transaction."""
        return self.services.database

    @property
    def who(self) -> Actor:
        """The actor, where the route's permission is not given to anybody without a session."""
        if self.actor is None:
            raise RuntimeError("a route that needs an actor lets in people without a session")
        return self.actor


def _here(request: Request) -> Here:
    here = request.state.here
    if not isinstance(here, Here):
        raise TypeError("the route has no gate")
    return here


HereNow = Annotated[Here, Depends(_here)]
"""The type of a handler's parameter `here`."""
