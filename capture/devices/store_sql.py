"""Devices in SQL. Works in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from capture.auxiliares.tables import dispositivos
from capture.devices.errors import DeviceRefusal, NotRegistered
from capture.devices.key import DeviceKey

SLOTS = (1, 2)
"""«Un máximo de dos dispositivos activos simultáneamente» (002 §3.7)."""
_BY_HOLDER = "baja-de-dispositivo"


@dataclass(frozen=True, slots=True)
class Device:
    """A registered device of an auxiliar or of a citizen's activation."""

    id: str
    auxiliar: str | None
    activacion: str | None
    name: str
    algorithm: str
    spki: bytes
    alta: datetime
    baja: datetime | None

    @property
    def active(self) -> bool:
        """Whether its holder has not removed it."""
        return self.baja is None


class DeviceStore:
    """The devices of all auxiliares and citizens."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_of_auxiliar(
        self, identifier: str, auxiliar: str, key: DeviceKey, name: str, now: datetime
    ) -> None:
        """Take a free place of the auxiliar. Raises DeviceRefusal for a third device or a known key.

        Two requests at the same moment cannot both take the same place: the database refuses one of them, and
        it looks again for what is free.
        """
        self.require_new_key(key)
        for _ in SLOTS:
            free = self._free_slot(auxiliar)
            if self._insert(identifier, key, name, now, auxiliar=auxiliar, ranura=free):
                return
            self.require_new_key(key)
        raise _too_many()

    def add_of_citizen(
        self, identifier: str, activacion: str, key: DeviceKey, name: str, now: datetime
    ) -> None:
        """The one device of an activation. Raises DeviceRefusal."""
        self.require_new_key(key)
        if not self._insert(identifier, key, name, now, activacion=activacion, ranura=SLOTS[0]):
            expected = "un correo electrónico, un dispositivo móvil, una persona"
            raise DeviceRefusal("dispositivo.unico", "Dispositivo", expected, "otro dispositivo activo")

    def get(self, identifier: str) -> Device:
        """Raises NotRegistered."""
        query = select(dispositivos).where(dispositivos.c.id == identifier)
        found = self._db.execute(query).one_or_none()
        if found is None:
            raise NotRegistered("dispositivo.existe", "Dispositivo", "un dispositivo registrado", identifier)
        return _device(found)

    def of_auxiliar(self, auxiliar: str) -> list[Device]:
        """All, oldest first; removed ones too."""
        query = select(dispositivos).where(dispositivos.c.auxiliar == auxiliar)
        return [_device(row) for row in self._db.execute(query.order_by(dispositivos.c.alta))]

    def with_key(self, key: DeviceKey) -> Device | None:
        """The device that ever registered the key."""
        query = select(dispositivos).where(dispositivos.c.llave_sha256 == key.sha256)
        found = self._db.execute(query).one_or_none()
        return None if found is None else _device(found)

    def remove(self, identifier: str, now: datetime, cause: str = _BY_HOLDER) -> None:
        """«Baja de dispositivo», for good. Raises DeviceRefusal the second time."""
        self.get(identifier)
        where = (dispositivos.c.id == identifier, dispositivos.c.baja.is_(None))
        done = self._db.execute(update(dispositivos).where(*where).values(baja=now, baja_causa=cause))
        if not done.rowcount:
            expected = "un dispositivo activo"
            raise DeviceRefusal("dispositivo.baja", "Dispositivo", expected, "dado de baja")

    def require_new_key(self, key: DeviceKey) -> None:
        """A key is registered once: raises DeviceRefusal for one that any device ever had."""
        if self.with_key(key) is not None:
            expected = "una llave nueva, hecha para este registro"
            raise DeviceRefusal("dispositivo.repetido", "Llave del dispositivo", expected, "ya registrada")

    def _free_slot(self, auxiliar: str) -> int:
        query = select(dispositivos.c.ranura)
        where = (dispositivos.c.auxiliar == auxiliar, dispositivos.c.baja.is_(None))
        used = set(self._db.execute(query.where(*where)).scalars())
        free = [slot for slot in SLOTS if slot not in used]
        if not free:
            raise _too_many()
        return free[0]

    def _insert(self, identifier: str, key: DeviceKey, name: str, now: datetime, **holder: Any) -> bool:
        values = {
            "id": identifier,
            "nombre": name,
            "algoritmo": key.algorithm,
            "llave": key.spki,
            "llave_sha256": key.sha256,
            "alta": now,
        }
        try:
            with self._db.begin_nested():
                self._db.execute(insert(dispositivos).values(**values, **holder))
        except IntegrityError:
            return False
        return True


def _too_many() -> DeviceRefusal:
    expected = (
        "a lo más dos dispositivos activos; para usar este, dé de baja uno de ellos con la opción "
        "«Baja de dispositivo»"
    )
    return DeviceRefusal("dispositivo.maximo", "Dispositivo", expected, "dos dispositivos activos")


def _device(row: Row[Any]) -> Device:
    return Device(
        row.id, row.auxiliar, row.activacion, row.nombre, row.algoritmo, row.llave, row.alta, row.baja
    )
