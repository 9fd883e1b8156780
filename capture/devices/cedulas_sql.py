"""Cédulas de registro de auxiliar and their review in SQL (002 §2.9, §3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from capture.auxiliares.tables import auxiliares, cedulas_auxiliar
from capture.devices.errors import DeviceRefusal, NotRegistered


@dataclass(frozen=True, slots=True)
class StoredCedula:
    """What was captured for an auxiliar on a device. `corresponde`: what the review found, None before it."""

    id: str
    auxiliar: str
    proceso: str
    dispositivo: str
    credencial: str
    numero: str
    path: str
    sha256: bytes
    recibida: datetime
    corresponde: bool | None
    revisada: datetime | None


class CedulaStore:
    """The cédulas of all auxiliares."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, identifier: str) -> StoredCedula:
        """Raises NotRegistered."""
        found = self._db.execute(_joined().where(cedulas_auxiliar.c.id == identifier)).one_or_none()
        if found is None:
            expected = "una cédula registrada"
            raise NotRegistered("cedula.existe", "Cédula de Registro de Auxiliar", expected, identifier)
        return _stored(found)

    def of_process(self, proceso: str, pending: bool = False) -> list[StoredCedula]:
        """Oldest first; `pending`: only those that nobody reviewed."""
        query = _joined().where(auxiliares.c.proceso == proceso).order_by(cedulas_auxiliar.c.recibida)
        query = query.where(cedulas_auxiliar.c.corresponde.is_(None)) if pending else query
        return [_stored(row) for row in self._db.execute(query)]

    def of_auxiliar(self, auxiliar: str) -> list[StoredCedula]:
        """Oldest first."""
        query = _joined().where(cedulas_auxiliar.c.auxiliar == auxiliar)
        return [_stored(row) for row in self._db.execute(query.order_by(cedulas_auxiliar.c.recibida))]

    def review(self, identifier: str, matches: bool, who: str, now: datetime) -> None:
        """Say whether the captures are the registered person's. Raises DeviceRefusal the second time."""
        self.get(identifier)
        table = cedulas_auxiliar
        where = (table.c.id == identifier, table.c.corresponde.is_(None))
        values = {"corresponde": matches, "revisada": now, "revisada_por": who}
        if not self._db.execute(update(table).where(*where).values(**values)).rowcount:
            place, expected = "Cédula de Registro de Auxiliar", "una cédula por revisar"
            raise DeviceRefusal("cedula.revisada", place, expected, "revisada")


def _joined() -> Any:
    on = auxiliares.c.id == cedulas_auxiliar.c.auxiliar
    return select(cedulas_auxiliar, auxiliares.c.proceso).join(auxiliares, on)


def _stored(row: Row[Any]) -> StoredCedula:
    return StoredCedula(
        row.id,
        row.auxiliar,
        row.proceso,
        row.dispositivo,
        row.credencial,
        row.numero,
        row.cuerpo,
        row.sha256,
        row.recibida,
        row.corresponde,
        row.revisada,
    )
