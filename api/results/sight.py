"""Whose results somebody may see, and who they are for the domain."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, select

from api.http.here import Here
from api.http.problems import HIDDEN, Problem
from api.processes.sight import tell
from api.results.bench import ask
from api.results.kinds import BENCH, SOON_SECONDS, Kind
from api.results.tables import trabajos
from capture.processes.tables import periodos, procesos
from capture.results.keys_sql import Doer


def doer(here: Here) -> Doer:
    """Who asks."""
    return Doer(here.who.account, here.who.role.value)


def ask_for(db: Connection, here: Here, kind: Kind, target: str) -> str:
    """Ask for a job, which is an act; its id. Without a queue to wake a worker up, its loop finds the job a
    little later.
    """
    made = ask(db, kind, target, doer(here), here.now, here.services.random(16))
    tell(db, here, f"trabajo.{kind.value}", target, detail={"trabajo": made})
    with suppress(OSError):
        here.services.jobs.ask(BENCH, made, SOON_SECONDS)
    return made


def hidden() -> Problem:
    """The answer for things of others: the same as for things that do not exist."""
    return Problem("no-encontrado", HIDDEN)


def require_opl(here: Here, opl: str | None) -> None:
    """Refuse who is limited to another OPL."""
    if here.who.opl is not None and here.who.opl != opl:
        raise hidden()


def require_periodo(db: Connection, here: Here, periodo: str) -> Any:
    """The row of a periodo in sight."""
    row = db.execute(select(periodos).where(periodos.c.id == periodo)).first()
    if row is None:
        raise hidden()
    require_opl(here, row.opl)
    return row


def require_process(db: Connection, here: Here, proceso: str) -> Any:
    """The row of the periodo of a process in sight."""
    wanted = select(periodos).join(procesos, procesos.c.periodo == periodos.c.id)
    row = db.execute(wanted.where(procesos.c.folio == proceso)).first()
    if row is None:
        raise hidden()
    require_opl(here, row.opl)
    return row


def job_row(db: Connection, here: Here, id_: str) -> Any:
    """A job of one's own, or any job for who is limited to no OPL."""
    row = db.execute(select(trabajos).where(trabajos.c.id == id_)).first()
    if row is None or (here.who.opl is not None and row.quien != here.who.account):
        raise hidden()
    return row
