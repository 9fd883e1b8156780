"""What every registration route does: tell its act, make identifiers, and hide what is not the actor's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from api.accounts.permissions import OF_AN_OPL, Actor, Role
from api.http.here import Here
from api.http.problems import HIDDEN, Problem
from capture.processes.process_store_sql import ProcessStore, StoredProcess
from capture.processes.store_sql import PeriodStore, StoredPeriod
from capture.records.ports import Done


def tell(
    db: Connection,
    here: Here,
    kind: str,
    target: str,
    reason: str = "",
    detail: Mapping[str, str] | None = None,
) -> None:
    """Write an act down in the transaction that does it. `detail`: no personal data."""
    actor = here.actor or Actor(account=target, role=Role.ANONIMO)
    act = Done(actor.account, actor.role.value, kind, target, here.now, reason, dict(detail or {}))
    here.services.acts.record(db, act)


def uuid7(now: datetime, random: Callable[[int], bytes]) -> str:
    """A time-ordered identifier (RFC 9562), in small letters."""
    milliseconds = int(now.timestamp() * 1000).to_bytes(6, "big")
    tail = bytearray(random(10))
    tail[0] = 0x70 | (tail[0] & 0x0F)
    tail[2] = 0x80 | (tail[2] & 0x3F)
    return str(UUID(bytes=milliseconds + bytes(tail)))


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where people go. `portal`: promoventes sign in; `app`: capture; `contact`: where they are attended."""

    portal: str
    app: str
    contact: str


def addresses(here: Here) -> Addresses:
    """Under the service's public address."""
    base = here.services.settings.http.public_url
    return Addresses(f"{base}/portal", f"{base}/captura", f"{base}/atencion")


def fresh_id(here: Here) -> str:
    """An identifier for something new."""
    return uuid7(here.now, here.services.random)


def hidden() -> Problem:
    """The answer for things of others: the same as for things that do not exist."""
    return Problem("no-encontrado", HIDDEN)


def _has_its_limit(actor: Actor) -> bool:
    """Whether an actor whose role is about one OPL or proceso says which: otherwise nothing is theirs."""
    if actor.role in OF_AN_OPL:
        return actor.opl is not None
    if actor.role is Role.PROMOVENTE:
        return actor.proceso is not None
    return actor.role is not Role.AUXILIAR or actor.auxiliar is not None


def require_opl(here: Here, opl: str) -> None:
    """Refuse who is limited to another OPL."""
    actor = here.who
    if not (
        _has_its_limit(actor) and actor.scope.covers(opl=opl, proceso=actor.proceso, auxiliar=actor.auxiliar)
    ):
        raise hidden()


def sees(actor: Actor, stored: StoredProcess) -> bool:
    """Whether the process is in the actor's scope."""
    within = actor.scope.covers(opl=stored.opl, proceso=stored.folio, auxiliar=actor.auxiliar)
    return within and _has_its_limit(actor)


def period_in_sight(db: Connection, here: Here, identifier: str) -> StoredPeriod:
    """The period, when it is of the actor's OPL, or of the own process. Raises Problem or NotRegistered."""
    stored = PeriodStore(db).get(identifier)
    require_opl(here, stored.opl)
    if here.who.proceso is not None and PeriodStore(db).of_process(here.who.proceso).id != identifier:
        raise hidden()
    return stored


def process_in_sight(db: Connection, here: Here, folio: str) -> StoredProcess:
    """The process, when it is in the actor's scope. Raises Problem or NotRegistered."""
    stored = ProcessStore(db).get(folio)
    if not sees(here.who, stored):
        raise hidden()
    return stored
