"""Challenges for proofs of possession in SQL: each is used once or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert

from capture.auxiliares.tables import retos
from capture.devices.errors import DeviceRefusal
from capture.devices.key import CHALLENGE_BYTES, DeviceKey, possession_message

VALID = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a device answers to a challenge."""

    challenge: str
    key: DeviceKey
    signature: bytes


class Challenges:
    """The challenges that wait for an answer."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def issue(self, identifier: str, value: bytes, now: datetime) -> datetime:
        """Keep a challenge (32 random bytes) and tell until when it holds. Old ones are deleted."""
        if len(value) != CHALLENGE_BYTES:
            raise ValueError(f"un reto de {len(value)} bytes")
        self._db.execute(delete(retos).where(retos.c.vence <= now))
        expires = now + VALID
        self._db.execute(insert(retos).values(id=identifier, valor=value, vence=expires))
        return expires

    def require(self, proof: Proof, holder: str, body: bytes, now: datetime) -> None:
        """Use the challenge up and check the signature. `body`: SHA-256. Raises DeviceRefusal."""
        taken = delete(retos).where(retos.c.id == proof.challenge, retos.c.vence > now)
        value = self._db.execute(taken.returning(retos.c.valor)).scalar_one_or_none()
        if value is None:
            expected = "un reto vigente que no se haya usado; pida otro"
            raise DeviceRefusal("dispositivo.reto", "Reto", expected, "usado, vencido o desconocido")
        message = possession_message(proof.challenge, value, holder, proof.key, body)
        proof.key.verify(proof.signature, message)
