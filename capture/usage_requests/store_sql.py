"""Requests for use in SQL. Works in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from capture.identity.dates import CENTRO
from capture.processes.errors import NotRegistered, ProcessRefusal
from capture.processes.folio import next_number
from capture.processes.kinds import Tipo
from capture.processes.store_sql import InstituteStore
from capture.processes.tables import solicitudes_uso
from capture.usage_requests.request import ANSWERED, RECEIVED, UsageRequest, usage_folio


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request and, once it is «atendida», its answer."""

    folio: str
    opl: str
    solicitud: UsageRequest
    estado: str
    recibida: datetime
    respuesta: str | None
    procedente: bool | None
    atendida: datetime | None


class UsageStore:
    """The requests of all OPLs."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def receive(self, opl: str, request: UsageRequest, who: str, now: datetime) -> str:
        """Keep a request and give its folio."""
        entidad, year = InstituteStore(self._db).get(opl).entidad, now.astimezone(CENTRO).year
        folio = usage_folio(entidad, year, next_number(self._db, f"uso:{entidad}:{year}"))
        values = {
            "folio": folio,
            "opl": opl,
            "tipo": request.tipo.value,
            "numero_oficio": request.numero_oficio,
            "fecha_oficio": request.fecha_oficio,
            "aspirantes_estimados": request.aspirantes_estimados,
            "apoyos_estimados": request.apoyos_estimados,
            "correo": request.correo,
            "observaciones": request.observaciones,
            "estado": RECEIVED,
            "recibida": now,
            "recibida_de": who,
        }
        self._db.execute(insert(solicitudes_uso).values(**values))
        return folio

    def require_pending(self, folio: str) -> StoredRequest:
        """A request that waits for its answer. Raises NotRegistered, ProcessRefusal."""
        found = self.get(folio)
        if found.estado != RECEIVED:
            raise _answered(folio)
        return found

    def answer(self, folio: str, granted: bool, text: str, who: str, now: datetime) -> None:
        """Answer once. Raises ProcessRefusal when it was answered already."""
        self.get(folio)
        table = solicitudes_uso
        where = (table.c.folio == folio, table.c.estado == RECEIVED)
        values = {"respuesta": text, "procedente": granted, "atendida": now, "atendida_por": who}
        done = self._db.execute(update(table).where(*where).values(estado=ANSWERED, **values))
        if not done.rowcount:
            raise _answered(folio)

    def get(self, folio: str) -> StoredRequest:
        """Raises NotRegistered."""
        query = select(solicitudes_uso).where(solicitudes_uso.c.folio == folio)
        found = self._db.execute(query).one_or_none()
        if found is None:
            raise NotRegistered("uso.existe", "Solicitud de uso", "una solicitud registrada", folio)
        return _stored(found)

    def all(self, opl: str | None = None) -> list[StoredRequest]:
        """Of one OPL or of all, newest first."""
        query = select(solicitudes_uso).order_by(solicitudes_uso.c.recibida.desc())
        query = query if opl is None else query.where(solicitudes_uso.c.opl == opl)
        return [_stored(row) for row in self._db.execute(query)]


def _answered(folio: str) -> ProcessRefusal:
    return ProcessRefusal("uso.atendida", f"Solicitud {folio}", "una solicitud por atender", "atendida")


def _stored(row: Row[Any]) -> StoredRequest:
    request = UsageRequest(
        Tipo(row.tipo),
        row.numero_oficio,
        row.fecha_oficio,
        row.aspirantes_estimados,
        row.apoyos_estimados,
        row.correo,
        row.observaciones,
    )
    return StoredRequest(
        row.folio, row.opl, request, row.estado, row.recibida, row.respuesta, row.procedente, row.atendida
    )
