"""The operator's word: approval, with its Clave, or rejection, with its cause. Each in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from capture.preregistro.form import RequestData
from capture.preregistro.ports import Applicant, Issuer, Notices, Vault
from capture.preregistro.request import Actor, Request
from capture.preregistro.states import EstadoSolicitud, Paso
from capture.preregistro.store_sql import Requests
from capture.records.ports import Acts
from capture.validacion.causes import require_cause
from capture.validacion.queue_sql import Queue
from ledger.database import Database


@dataclass(frozen=True, slots=True)
class Bench:
    """What rulings are made with."""

    database: Database
    vault: Vault
    issuer: Issuer
    notices: Notices
    acts: Acts
    clock: Callable[[], datetime]


class Ruling:
    """Of one consultation, by one operator."""

    def __init__(self, bench: Bench, consulta: str, operator: Actor) -> None:
        self._bench = bench
        self._consulta = consulta
        self._operator = operator

    def approve(self, folio: str) -> EstadoSolicitud:
        """Issue the Clave. Nothing of it exists unless the approval does, and the other way round.

        Raises UnknownRequest, ValidacionRefusal, PreregistroRefusal; OSError when the bóveda is out of reach.
        """
        bench = self._bench
        with bench.database.writing() as db:
            request = self._queue_held(db, folio)
        issue = bench.issuer.prepare(self._applicant(request))
        now = bench.clock()
        with bench.database.writing() as db:
            held = self._queue_held(db, folio)
            requests = Requests(db, bench.acts)
            return requests.approve(held, self._operator, now, issue(db, now))

    def reject(self, folio: str, cause: int) -> EstadoSolicitud:
        """Tell the person the cause, and invite them to the Mesa. Raises what `approve` does."""
        require_cause(cause)
        bench = self._bench
        with bench.database.writing() as db:
            request = self._queue_held(db, folio)
        applicant = self._applicant(request)
        with bench.database.writing() as db:
            held = self._queue_held(db, folio)
            requests = Requests(db, bench.acts)
            estado = requests.step(held, Paso.RECHAZO, self._operator, bench.clock(), causa=cause)
            bench.notices.rejected(db, applicant, cause)
        return estado

    def _queue_held(self, db: Connection, folio: str) -> Request:
        return Queue(db, self._bench.acts, self._consulta).held(folio, self._operator.id)

    def _applicant(self, request: Request) -> Applicant:
        return Applicant(request.folio, request.consulta, data_of(self._bench.vault, request))


def data_of(vault: Vault, request: Request) -> RequestData:
    """What the person gave. Raises VaultRefusal, OSError."""
    return RequestData.decode(vault.open(request.consulta, request.datos or b""))
