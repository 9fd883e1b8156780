"""Receiving a packet that is complete. Nothing is answered before it is durable; a repeat gets the same
answer.

 1. body    its bytes, fsynced by who wrote them, take their place in the blob store. A crash here leaves a
 blob without a record: the device, which got no answer, sends again to the same path. 2. record  ONE
 transaction: the row with the text of the acuse, its first state, the message to the person, the leaf that
 waits. THE commit point: from here on the record exists. 3. leaf    in the log, under the folio as its key.
 A crash before it is mended by the pump of waiting leaves, or by the device that tries again: the key makes
 it one leaf. 4. answer  only now the device may delete its record (APO-13).

Two uploads of the same folio at once: one row wins at 2; the other one finds it, and gets its acuse when
the body is the same, or a refusal when it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from capture.blobs import Blobs
from capture.intake.errors import IntakeRefusal
from capture.intake.ports import Journal, Notices, PendingLeaves
from capture.intake.rules import Arrival, Verdict, judge
from capture.intake.sender import Sender
from capture.intake.sender_sql import sender_of, term_of
from capture.limits import CaptureLimits
from capture.packet.envelope import Envelope
from capture.records.moves import NewRecord
from capture.records.ports import Acts
from capture.records.store_sql import SqlRecords
from capture.records.tables import registros
from ledger.acuse import NONCE_BYTES, Acuse, Credential, parse_acuse
from ledger.database import Database

CENTRO = ZoneInfo("America/Mexico_City")


@dataclass(frozen=True, slots=True)
class Doors:
    """What receiving works with. `clock` gives aware instants, `random` that many bytes."""

    database: Database
    blobs: Blobs
    acts: Acts
    notices: Notices
    leaves: PendingLeaves
    journal: Journal
    limits: CaptureLimits
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]


def body_path(envelope: Envelope) -> str:
    """Where a body is kept. The hash is part of it: two bodies of one folio never share a place."""
    name = f"{envelope.folio}.{envelope.sha256.hex()[:16]}.age"
    return f"registros/{envelope.proceso}/{envelope.folio[-2:]}/{name}"


class Receiving:
    """Judges envelopes, and receives what came with them."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def admit(self, envelope: Envelope) -> Acuse | None:
        """Judge a packet before its body is taken; the acuse when this very body was received before, from
        the same device: its signature is looked at before anything is said of a folio.

        Raises PacketRefusal, IntakeRefusal.
        """
        with self._doors.database.reading() as db:
            sender = sender_of(db, envelope.dispositivo)
            envelope.verify(sender.key)
            known = _known(db, envelope)
            if known is None:
                _judged(db, envelope, sender, self._doors)
        return known

    def receive(self, envelope: Envelope, file: Path) -> Acuse:
        """Receive a body that `admit` let in; `file` is complete, of the right size and hash, and fsynced.

        Raises what `admit` does, NotPublished (the record is kept; try again), OSError.
        """
        acuse = self.keep(envelope, file)
        self._doors.journal.place(acuse.folio.encode(), acuse.entry)  # 3
        return acuse

    def keep(self, envelope: Envelope, file: Path) -> Acuse:
        """Steps 1 and 2, for who waits for 3 without a thread. Raises what `admit` does, OSError."""
        path = body_path(envelope)
        self._doors.blobs.adopt(path, file)  # 1
        return self._keep(envelope, path)  # 2

    def claimed(self, envelope: Envelope) -> Acuse:
        """`kept`, for the device that signed the envelope.

        Raises UnknownSender, PacketRefusal, IntakeRefusal.
        """
        with self._doors.database.reading() as db:
            envelope.verify(sender_of(db, envelope.dispositivo).key)
            return _kept(db, envelope)

    def kept(self, envelope: Envelope) -> Acuse:
        """The acuse of a body that was received; its leaf may still wait. Raises IntakeRefusal."""
        with self._doors.database.reading() as db:
            return _kept(db, envelope)

    def acuse(self, envelope: Envelope) -> Acuse:
        """The same, with its leaf in the log. Raises IntakeRefusal, NotPublished."""
        known = self.kept(envelope)
        self._doors.journal.place(known.folio.encode(), known.entry)
        return known

    def _keep(self, envelope: Envelope, path: str) -> Acuse:
        doors = self._doors
        with doors.database.writing() as db:
            sender = sender_of(db, envelope.dispositivo)
            verdict, now = _judged(db, envelope, sender, doors)
            acuse = _acuse(envelope, now, doors.random(NONCE_BYTES))
            row = _row(envelope, acuse, path, sender)
            if not SqlRecords(db, doors.acts).create(row, verdict.estado, verdict.causa):
                known = _known(db, envelope)
                assert known is not None  # noqa: S101 - its folio was there
                return known
            doors.leaves.put(db, acuse.folio.encode(), acuse.entry)
            doors.notices.received(db, acuse, sender)
        return acuse


def _kept(db: Connection, envelope: Envelope) -> Acuse:
    known = _known(db, envelope)
    if known is None:
        expected = "un registro recibido"
        raise IntakeRefusal("paquete.no-recibido", f"sobre {envelope.folio}", expected, "ninguno")
    return known


def _known(db: Connection, envelope: Envelope) -> Acuse | None:
    row = db.execute(
        select(registros.c.sha256, registros.c.acuse, registros.c.dispositivo).where(
            registros.c.folio == envelope.folio
        )
    ).one_or_none()
    if row is None:
        return None
    if (bytes(row.sha256), row.dispositivo) != (envelope.sha256, envelope.dispositivo):
        expected, got = "el cuerpo y el dispositivo con que se recibió ese folio", "otros"
        raise IntakeRefusal("paquete.folio", f"sobre {envelope.folio}", expected, got)
    return parse_acuse(bytes(row.acuse))


def _judged(db: Connection, envelope: Envelope, sender: Sender, doors: Doors) -> tuple[Verdict, datetime]:
    now = doors.clock()
    return judge(Arrival(envelope, sender, term_of(db, envelope.proceso), now, doors.limits)), now


def _acuse(envelope: Envelope, now: datetime, nonce: bytes) -> Acuse:
    received = now.astimezone(CENTRO)
    whole = received.replace(microsecond=received.microsecond // 1000 * 1000)
    credential = Credential(envelope.credencial)
    return Acuse(
        envelope.proceso,
        envelope.folio,
        envelope.modalidad,
        credential,
        envelope.numero,
        whole,
        envelope.sha256,
        nonce,
    )


def _row(envelope: Envelope, acuse: Acuse, path: str, sender: Sender) -> NewRecord:
    citizen = sender.modalidad == "mi-apoyo"
    return NewRecord(
        folio=envelope.folio,
        proceso=envelope.proceso,
        modalidad=envelope.modalidad,
        credencial=envelope.credencial,
        numero=envelope.numero,
        capturado=envelope.capturado,
        recibido=acuse.recibido,
        tamano=envelope.tamano,
        sha256=envelope.sha256,
        sobre=envelope.encode(),
        cuerpo=path,
        acuse=acuse.encode(),
        codigo=acuse.code,
        auxiliar=None if citizen else sender.emisor,
        activacion=sender.emisor if citizen else None,
        dispositivo=sender.dispositivo,
    )
