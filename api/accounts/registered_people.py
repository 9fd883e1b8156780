"""Who may enter with a provider: read from the processes, auxiliares and activations of apoyo ciudadano."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from api.accounts.permissions import Role
from api.accounts.session import Grant
from capture.auxiliares.tables import activaciones, auxiliares
from capture.processes.tables import opls, periodos, procesos
from capture.results.deadlines import TERMS, Terms, is_access_open
from capture.results.store_sql import delivered


def _now() -> datetime:
    return datetime.now(UTC)


class RegisteredPeople:
    """See `api.accounts.ports.Invitations`. An e-mail may belong to several processes and roles.

    Promoventes enter until the portal closes to them, 30 days after the definitive results (002 §8.3).
    """

    def __init__(self, terms: Terms = TERMS, clock: Callable[[], datetime] = _now) -> None:
        self._terms = terms
        self._clock = clock

    def of(self, db: Connection, email: str) -> Sequence[Grant]:
        """Promovente first, then auxiliar, then citizen; the newest of each first."""
        return [*self._promovente(db, email), *_auxiliar(db, email), *_citizen(db, email)]

    def has_opl(self, db: Connection, opl: str) -> bool:
        """Whether there is an active institute with this id."""
        query = select(opls.c.id).where(opls.c.id == opl, opls.c.activo)
        return db.execute(query).first() is not None

    def _promovente(self, db: Connection, email: str) -> Iterator[Grant]:
        query = (
            select(procesos.c.folio, periodos.c.opl)
            .join(periodos, periodos.c.id == procesos.c.periodo)
            .where(procesos.c.correo == email, procesos.c.activo)
            .order_by(procesos.c.registrado.desc(), procesos.c.folio)
        )
        for row in db.execute(query).all():
            if is_access_open(delivered(db, row.folio), self._clock(), self._terms):
                yield Grant(Role.PROMOVENTE, row.opl, row.folio)


def _auxiliar(db: Connection, email: str) -> Iterator[Grant]:
    query = (
        select(auxiliares.c.id, auxiliares.c.proceso, periodos.c.opl)
        .join(procesos, procesos.c.folio == auxiliares.c.proceso)
        .join(periodos, periodos.c.id == procesos.c.periodo)
        .where(auxiliares.c.correo == email, auxiliares.c.baja.is_(None), procesos.c.activo)
        .order_by(auxiliares.c.alta.desc(), auxiliares.c.id)
    )
    for row in db.execute(query):
        yield Grant(Role.AUXILIAR, row.opl, row.proceso, row.id)


def _citizen(db: Connection, email: str) -> Iterator[Grant]:
    query = select(activaciones.c.id).where(
        activaciones.c.correo == email,
        activaciones.c.activada.is_not(None),
        activaciones.c.baja.is_(None),
    )
    if db.execute(query).first() is not None:
        yield Grant(Role.CIUDADANO)
