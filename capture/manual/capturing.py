"""A cédula on paper becomes a record like the others: sealed to its process, with its acuse.

Order: the body is stored first; then, in ONE transaction, the record, what is kept beside it, its first state
and the leaf of its acuse; then the leaf is in the log, and only then the acuse is given. Sent again with the
same folio, it is the same acuse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert

from capture.blobs import Blobs
from capture.calendar import ZONE
from capture.intake.ports import Journal, PendingLeaves
from capture.manual.errors import ManualRefusal
from capture.manual.form import Cedula, require_cedula, require_regimen
from capture.manual.tables import capturas_manuales
from capture.packet.body import Body
from capture.packet.record import CapturedRecord
from capture.processing.periods_sql import SqlPeriods
from capture.processing.ports import Boveda
from capture.records.moves import Actor, NewRecord
from capture.records.ports import Acts
from capture.records.reading_sql import SqlRecordReading
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords
from keys.canonical import encode_sorted
from ledger.acuse import NONCE_BYTES, Acuse, Credential, parse_acuse
from ledger.database import Database

MODALITY = "manual"
APPLICATION = "captura-manual"


@dataclass(frozen=True, slots=True)
class ManualCapture:
    """What captura manual works with. `random` gives bytes of a cryptographic generator."""

    database: Database
    blobs: Blobs
    boveda: Boveda
    acts: Acts
    leaves: PendingLeaves
    journal: Journal
    random: Callable[[int], bytes]

    def capture(self, cedula: Cedula, operator: Actor, now: datetime) -> Acuse:
        """Keep a cédula and give its acuse; the one it had when it was sent before.

        Raises ManualRefusal, FormatRefusal, UnknownRecord, VaultRefusal, NotPublished (kept; try again).
        """
        require_cedula(cedula)
        with self.database.reading() as connection:
            period = SqlPeriods().of(connection, cedula.proceso)
        require_regimen(cedula, period.municipios, period.inicio)
        body = self.boveda.seal(cedula.proceso, _body(cedula).encode())
        acuse = _acuse(cedula, body, now, self.random(NONCE_BYTES))
        name = f"{cedula.folio}.{acuse.registro.hex()[:16]}.age"
        path = f"registros/{cedula.proceso}/{cedula.folio[-2:]}/{name}"
        self.blobs.put(path, body)
        with self.database.writing() as connection:
            kept = self._keep(connection, cedula, _record(cedula, body, path, acuse, operator), operator)
            if kept:
                self.leaves.put(connection, cedula.folio.encode(), acuse.entry)
        acuse = acuse if kept else self._before(cedula, path)
        self.journal.place(acuse.folio.encode(), acuse.entry)
        return acuse

    def _keep(self, connection: Connection, cedula: Cedula, record: NewRecord, operator: Actor) -> bool:
        records = SqlRecords(connection, self.acts)
        if not records.create(record, Estado.RECIBIDO, Causa.CAPTURA_MANUAL, operator):
            return False
        row = {"folio": cedula.folio, "municipio": cedula.municipio, "criterio": cedula.criterio}
        connection.execute(insert(capturas_manuales).values(**row))
        return True

    def _before(self, cedula: Cedula, path: str) -> Acuse:
        self.blobs.delete(path)
        with self.database.reading() as connection:
            text = SqlRecordReading(connection).blob(cedula.folio, "acuse")
        acuse = parse_acuse(text or b"")
        if (acuse.proceso, acuse.number) != (cedula.proceso, cedula.numero):
            expected = "un folio nuevo para cada cédula"
            raise ManualRefusal("manual.folio", f"registro {cedula.folio}", expected, "el de otro registro")
        return acuse


def _body(cedula: Cedula) -> Body:
    record = CapturedRecord(
        folio=cedula.folio,
        proceso=cedula.proceso,
        modalidad=MODALITY,
        model="A",
        credencial=cedula.credencial,
        numero=cedula.numero,
        captured=cedula.capturada,
        original=False,
        notice=0,
        application=APPLICATION,
        fields=dict(cedula.campos),
        files={},
    )
    return Body(record, {})


def _acuse(cedula: Cedula, body: bytes, now: datetime, nonce: bytes) -> Acuse:
    local = now.astimezone(ZONE)
    return Acuse(
        cedula.proceso,
        cedula.folio,
        MODALITY,
        Credential(cedula.credencial),
        cedula.numero,
        local.replace(microsecond=local.microsecond // 1000 * 1000),
        sha256(body).digest(),
        nonce,
    )


def _record(cedula: Cedula, body: bytes, path: str, acuse: Acuse, operator: Actor) -> NewRecord:
    return NewRecord(
        folio=cedula.folio,
        proceso=cedula.proceso,
        modalidad=MODALITY,
        credencial=cedula.credencial,
        numero=cedula.numero,
        capturado=cedula.capturada,
        recibido=acuse.recibido,
        tamano=len(body),
        sha256=acuse.registro,
        sobre=encode_sorted({"capturo": operator.id, "folio": cedula.folio, "proceso": cedula.proceso}),
        cuerpo=path,
        acuse=acuse.encode(),
        codigo=acuse.code,
    )
