"""Whose records somebody may see, and as what they change one."""

from __future__ import annotations

from sqlalchemy import Connection

from api.accounts import permissions
from api.accounts.permissions import Role
from api.http.here import Here
from api.http.problems import HIDDEN, Problem
from capture.processing.periods_sql import SqlPeriods
from capture.records.moves import Actor
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Record
from capture.records.states import Quien


def processes_of(db: Connection, who: permissions.Actor, proceso: str | None = None) -> tuple[str, ...]:
    """The processes whose things somebody may see; only `proceso` when it is named and among them.

    Raises Problem (404) when the named one is not: it is not said whether it exists.
    """
    seen = (who.proceso,) if who.proceso is not None else SqlPeriods().processes_of(db, who.opl)
    if proceso is None:
        return seen
    if proceso not in seen:
        raise Problem("no-encontrado", HIDDEN)
    return (proceso,)


def require_process(db: Connection, who: permissions.Actor, proceso: str) -> None:
    """Refuse a process out of sight. Raises Problem (404)."""
    processes_of(db, who, proceso)


def visible(db: Connection, who: permissions.Actor, folio: str) -> Record:
    """A record within sight. Raises UnknownRecord, Problem (404)."""
    record = SqlRecordReading(db).get(folio)
    require_process(db, who, record.proceso)
    if who.auxiliar is not None and record.auxiliar != who.auxiliar:
        raise Problem("no-encontrado", HIDDEN)
    return record


def acting(here: Here, quien: Quien) -> Actor:
    """Who asks, as somebody who changes records."""
    return Actor(here.who.account, quien, here.who.role.value)


def is_staff(who: permissions.Actor) -> bool:
    """Whether it is shown who reviewed: to the institutes, not to promoventes."""
    return who.role in permissions.INSTITUTIONAL


def is_enlace(who: permissions.Actor) -> bool:
    """Whether disagreements of the mesa are theirs to settle."""
    return who.role is Role.OPL_ENLACE
