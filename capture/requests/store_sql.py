"""Requests of authorities in SQL, within one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from capture.processes.tables import periodos, procesos
from capture.records.ports import Acts, Done
from capture.records.tables import registros
from capture.requests.errors import RequestRefusal, UnknownRequest
from capture.requests.request import Answer, Form, due
from capture.requests.tables import requerimientos, requerimientos_folios, waiting
from capture.results.deadlines import TERMS, Terms
from capture.results.keys_sql import Doer
from capture.retention.plan import Phase, phase
from capture.retention.store_sql import Retention
from keys.recipients.recipient import Recipient

_GONE = (Phase.EN_DESTRUCCION, Phase.DESTRUIDA)


class Requests:
    """Reads with any connection; what writes needs one that writes."""

    def __init__(self, connection: Connection, acts: Acts, terms: Terms = TERMS) -> None:
        self._connection = connection
        self._acts = acts
        self._terms = terms

    def receive(self, id_: str, form: Form, recipient: Recipient, who: Doer, now: datetime) -> datetime:
        """Take a request in; until when it is to be answered.

        Raises RequestRefusal when a record is not of the process, or its records are destroyed.
        """
        present = phase(Retention(self._connection).dates(form.proceso), now, self._terms)
        if present in _GONE:
            raise RequestRefusal("requerimiento.fase", form.proceso, "registros que existan", present.value)
        self._require_records(form)
        until = due(now, self._terms)
        self._connection.execute(
            insert(requerimientos).values(
                id=id_,
                opl=self._opl(form.proceso),
                proceso=form.proceso,
                oficio=form.oficio,
                fecha_oficio=form.fecha_oficio,
                autoridad=form.autoridad,
                expediente=form.expediente,
                fundamento=form.fundamento,
                destinatario=recipient.text,
                huella=recipient.fingerprint,
                recibido=now,
                recibido_por=who.account,
                vence=until,
                estado=Answer.PENDIENTE.value,
            )
        )
        rows = [{"requerimiento": id_, "folio": folio} for folio in form.folios]
        self._connection.execute(insert(requerimientos_folios), rows)
        detail = {"oficio": form.oficio, "registros": str(len(rows)), "huella": recipient.fingerprint}
        self._record(who, "requerimiento.recibido", id_, now, detail=detail)
        return until

    def _require_records(self, form: Form) -> None:
        mine = (registros.c.proceso == form.proceso, registros.c.folio.in_(form.folios))
        found = self._connection.execute(
            select(func.count()).select_from(registros).where(*mine)
        ).scalar_one()
        if found != len(form.folios):
            expected = f"{len(form.folios)} registros del proceso {form.proceso}"
            raise RequestRefusal("requerimiento.folios", "folios", expected, found)

    def _opl(self, proceso: str) -> str:
        wanted = select(periodos.c.opl).join(procesos, procesos.c.periodo == periodos.c.id)
        return str(self._connection.execute(wanted.where(procesos.c.folio == proceso)).scalar_one())

    def get(self, id_: str) -> Any:
        """The row. Raises UnknownRequest."""
        row = self._connection.execute(select(requerimientos).where(requerimientos.c.id == id_)).first()
        if row is None:
            raise UnknownRequest("requerimiento.id", "requerimiento", "uno recibido", "ninguno")
        return row

    def folios(self, id_: str) -> list[str]:
        """The records that it asks for, in order."""
        c = requerimientos_folios.c
        wanted = select(c.folio).where(c.requerimiento == id_).order_by(c.folio)
        return list(self._connection.execute(wanted).scalars())

    def listed(self, opl: str | None = None) -> list[Any]:
        """All, or those of an OPL; the ones that are due first come first."""
        wanted = select(requerimientos).order_by(requerimientos.c.vence, requerimientos.c.id)
        if opl is not None:
            wanted = wanted.where(requerimientos.c.opl == opl)
        return list(self._connection.execute(wanted))

    def held(self, proceso: str) -> int:
        """How many wait for an answer: they hold a destruction back."""
        return waiting(self._connection, proceso)

    def access(self, id_: str, who: Doer, now: datetime) -> list[str]:
        """Write down, before anything is opened, that each of its records is. Raises RequestRefusal."""
        self.require_pending(id_)
        folios = self.folios(id_)
        for folio in folios:
            self._record(who, "requerimiento.acceso", folio, now, detail={"requerimiento": id_})
        return folios

    def answered(self, id_: str, package: str, who: Doer, now: datetime) -> None:
        """Its package was made. Raises RequestRefusal when it was answered by now."""
        self._resolve(id_, Answer.ATENDIDO, who, now, paquete=package)

    def refuse(self, id_: str, reason: str, who: Doer, now: datetime) -> None:
        """It is not to be answered. Raises RequestRefusal when it was by now, or without a reason."""
        if not reason.strip():
            raise RequestRefusal("requerimiento.motivo", "motivo", "un motivo", "nada")
        self._resolve(id_, Answer.IMPROCEDENTE, who, now, motivo=reason)

    def require_pending(self, id_: str) -> Any:
        """The row. Raises RequestRefusal when it was answered."""
        row = self.get(id_)
        if row.estado != Answer.PENDIENTE.value:
            raise RequestRefusal("requerimiento.estado", "requerimiento", Answer.PENDIENTE.value, row.estado)
        return row

    def _resolve(self, id_: str, answer: Answer, who: Doer, now: datetime, **values: object) -> None:
        c = requerimientos.c
        mine = update(requerimientos).where(c.id == id_, c.estado == Answer.PENDIENTE.value)
        known = {"estado": answer.value, "resuelto": now, "resuelto_por": who.account}
        if self._connection.execute(mine.values(**known, **values)).rowcount != 1:
            self.require_pending(id_)
        self._record(who, f"requerimiento.{answer.value}", id_, now, str(values.get("motivo", "")))

    def _record(
        self,
        who: Doer,
        kind: str,
        target: str,
        now: datetime,
        reason: str = "",
        detail: dict[str, str] | None = None,
    ) -> None:
        done = Done(who.account, who.role, kind, target, now, reason, detail or {})
        self._acts.record(self._connection, done)
