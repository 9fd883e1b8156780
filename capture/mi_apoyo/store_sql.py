"""Activations of «Mi Apoyo» in SQL. Works in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from capture.auxiliares.tables import activaciones, dispositivos
from capture.devices.challenges_sql import Challenges, Proof
from capture.devices.store_sql import DeviceStore
from capture.mi_apoyo.activation import (
    MAX_ATTEMPTS,
    MAX_REQUESTS,
    VALID,
    ActivationRequest,
    require_open,
)
from capture.mi_apoyo.code import require_code
from capture.mi_apoyo.errors import ActivationRefusal, NotRegistered
from capture.processes.store_sql import PeriodStore

_HOLDER = "mi-apoyo"
_NOTHING = bytes(32)
"""In the place of the SHA-256 of a body: none is sent along."""


@dataclass(frozen=True, slots=True)
class Activation:
    """A citizen's activation. `codigo`: the code once it was used, for the acuse."""

    id: str
    correo: str
    cic: str
    modelo: str
    entidad: str
    vence: datetime
    activada: datetime | None
    baja: datetime | None
    codigo: str | None


@dataclass(frozen=True, slots=True)
class GivenCode:
    """A code as `read_code` gives it, what `derive` makes of it, and the proof of its device."""

    code: str
    derived: bytes
    proof: Proof


class ActivationStore:
    """The activations of all citizens."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def request(
        self, identifier: str, asked: ActivationRequest, salt: bytes, derived: bytes, now: datetime
    ) -> datetime:
        """Keep what `derive` makes of a code for the device that asks, and tell until when the code holds.

        Raises ActivationRefusal.
        A newer request of the same device takes the place of the one before; what is already activated with
        the e-mail, the credential or the device does not change hands (002 §5.24). Only of the own device is
        that said here: whether `are_free` is for the owner of the e-mail to read, not for whoever asks.
        """
        data, key = asked.data, asked.proof.key
        require_open(PeriodStore(self._db).all(), data.entidad, now)
        Challenges(self._db).require(asked.proof, _HOLDER, _NOTHING, now)
        self._require(activaciones.c.llave_sha256 == key.sha256)
        self._require_first(data.cic, key.sha256, now)
        self._require_patience(data.correo, now)
        self._db.execute(
            update(activaciones)
            .where(activaciones.c.llave_sha256 == key.sha256, activaciones.c.activada.is_(None))
            .where(activaciones.c.baja.is_(None))
            .values(baja=now, baja_causa="reemplazada")
        )
        values = {
            "id": identifier,
            "correo": data.correo,
            "autenticacion": data.autenticacion,
            "cic": data.cic,
            "modelo": data.modelo,
            "entidad": data.entidad,
            "llave": key.spki,
            "llave_sha256": key.sha256,
            "codigo_sal": salt,
            "codigo_derivado": derived,
            "intentos": 0,
            "solicitada": now,
            "vence": now + VALID,
        }
        self._db.execute(insert(activaciones).values(**values))
        return now + VALID

    def count_attempt(self, identifier: str, now: datetime) -> None:
        """Count a try before its code is looked at; commit it whatever comes of the try.

        Raises ActivationRefusal when there is nothing left to try.
        """
        table = activaciones
        counted = update(table).where(table.c.id == identifier, table.c.baja.is_(None))
        counted = counted.where(
            table.c.activada.is_(None), table.c.vence > now, table.c.intentos < MAX_ATTEMPTS
        )
        if self._db.execute(counted.values(intentos=table.c.intentos + 1)).rowcount:
            return
        row = self._row(identifier)
        if row.activada is not None and row.baja is None:
            return  # asked again after the answer was lost: `activate` looks at the code
        got = "usado"
        if row.baja is not None:
            got = "reemplazado por otro"
        elif row.vence <= now:
            got = "vencido"
        elif row.intentos >= MAX_ATTEMPTS:
            got = f"{MAX_ATTEMPTS} intentos fallidos"
        expected = "un código vigente; genere otro con «Generar Código»"
        raise ActivationRefusal("codigo.vigencia", "Código de activación", expected, got)

    def salt(self, identifier: str) -> bytes:
        """What `derive` needs. Raises NotRegistered."""
        return bytes(self._row(identifier).codigo_sal)

    def activate(self, identifier: str, given: GivenCode, device: str, name: str, now: datetime) -> str:
        """Use the code on the device that asked for it, after `count_attempt`; gives the device's id.

        `device`: a fresh UUID. The same again gives the same answer. Raises Refusal.
        """
        row, proof = self._row(identifier), given.proof
        self._require_device(row, proof, now)
        require_code(given.derived, row.codigo_derivado)
        if row.activada is not None:
            return self._device_of(identifier)
        table = activaciones.c
        own = (table.correo == row.correo, table.cic == row.cic, table.llave_sha256 == row.llave_sha256)
        self._require(or_(*own))
        self._take(identifier, given.code, now)
        DeviceStore(self._db).add_of_citizen(device, identifier, proof.key, name, now)
        return device

    def get(self, identifier: str) -> Activation:
        """Raises NotRegistered."""
        return _activation(self._row(identifier))

    def leave(self, identifier: str, proof: Proof, now: datetime) -> None:
        """The citizen ends the own activation, on its device. Raises Refusal."""
        self._require_device(self._row(identifier), proof, now)
        self.remove(identifier, "baja-de-dispositivo", now)

    def remove(self, identifier: str, cause: str, now: datetime) -> None:
        """End an activation and its device: e-mail, credential and person are free again."""
        where = (activaciones.c.id == identifier, activaciones.c.baja.is_(None))
        values = {"baja": now, "baja_causa": cause}
        if not self._db.execute(update(activaciones).where(*where).values(**values)).rowcount:
            raise ActivationRefusal("mi-apoyo.baja", "Mi Apoyo", "una activación vigente", "dada de baja")
        where = (dispositivos.c.activacion == identifier, dispositivos.c.baja.is_(None))
        self._db.execute(update(dispositivos).where(*where).values(**values))

    def _take(self, identifier: str, code: str, now: datetime) -> None:
        where = (activaciones.c.id == identifier, activaciones.c.activada.is_(None))
        try:
            with self._db.begin_nested():
                self._db.execute(update(activaciones).where(*where).values(activada=now, codigo=code))
        except IntegrityError:
            raise _one_person() from None

    def are_free(self, correo: str, cic: str) -> bool:
        """Whether nobody has activated «Mi Apoyo» with this e-mail or this credential."""
        return not self._taken(or_(activaciones.c.correo == correo, activaciones.c.cic == cic))

    def _taken(self, mine: ColumnElement[bool]) -> bool:
        table = activaciones
        query = select(table.c.id).where(mine, table.c.activada.is_not(None), table.c.baja.is_(None))
        return self._db.execute(query.limit(1)).first() is not None

    def _require(self, mine: ColumnElement[bool]) -> None:
        if self._taken(mine):
            raise _one_person()

    def _require_first(self, cic: str, key_sha256: bytes, now: datetime) -> None:
        """A device serves the first person who got a code on it, while that code can be used."""
        table = activaciones
        where = (table.c.llave_sha256 == key_sha256, table.c.cic != cic, table.c.vence > now)
        if self._db.execute(select(table.c.id).where(*where).limit(1)).first() is not None:
            raise _one_person()

    def _require_patience(self, correo: str, now: datetime) -> None:
        table = activaciones
        recent = select(func.count()).where(table.c.correo == correo, table.c.solicitada > now - VALID)
        if self._db.execute(recent).scalar_one() >= MAX_REQUESTS:
            expected = f"a lo más {MAX_REQUESTS} códigos en 24 horas"
            raise ActivationRefusal("codigo.solicitudes", "Correo electrónico", expected, "más solicitudes")

    def _require_device(self, row: Row[Any], proof: Proof, now: datetime) -> None:
        if proof.key.spki != row.llave:
            expected = "el dispositivo con el que se solicitó el código"
            raise ActivationRefusal("codigo.dispositivo", "Dispositivo", expected, "otro dispositivo")
        Challenges(self._db).require(proof, row.id, _NOTHING, now)

    def _row(self, identifier: str) -> Row[Any]:
        found = self._db.execute(select(activaciones).where(activaciones.c.id == identifier)).one_or_none()
        if found is None:
            expected = "una solicitud de código registrada"
            raise NotRegistered("mi-apoyo.existe", "Mi Apoyo", expected, identifier)
        return found

    def _device_of(self, identifier: str) -> str:
        where = (dispositivos.c.activacion == identifier, dispositivos.c.baja.is_(None))
        return str(self._db.execute(select(dispositivos.c.id).where(*where)).scalar_one())


def _one_person() -> ActivationRefusal:
    expected = "un correo electrónico, un dispositivo móvil para una persona"
    got = "una cuenta, una credencial o un dispositivo que ya se activó o está por activarse"
    return ActivationRefusal("mi-apoyo.una-persona", "Mi Apoyo", expected, got)


def _activation(row: Row[Any]) -> Activation:
    return Activation(
        row.id,
        row.correo,
        row.cic,
        row.modelo,
        row.entidad,
        row.vence,
        row.activada,
        row.baja,
        row.codigo,
    )
