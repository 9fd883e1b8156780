"""Taking a packet from a telephone. Nothing is answered before it is durable; a repeat changes nothing.

1. place    where the body will be, in the database: whatever happens, it can be found and forgotten.
2. body     in the blob store, under a path that its hash is part of.
3. attempt  ONE transaction: the row of the attempt, the state, its act. A crash between leaves a blob that
            the same packet finds again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from capture.blobs import Blobs
from capture.limits import CaptureLimits
from capture.preregistro.errors import PreregistroRefusal
from capture.preregistro.packet import Envelope
from capture.preregistro.request import CIUDADANIA, Attempt, Request
from capture.preregistro.states import Paso, after
from capture.preregistro.store_sql import Requests
from capture.records.ports import Acts
from ledger.database import Database

MAX_BODY_BYTES = CaptureLimits().body_bytes


@dataclass(frozen=True, slots=True)
class Received:
    """A packet that is complete, and the secret of its device. `admit` raises outside of the phase: what was
    received in it is answered afterwards too."""

    envelope: Envelope
    body: bytes
    secret: str
    admit: Callable[[], object] = lambda: None


class Receiving:
    """Takes packets."""

    def __init__(self, database: Database, blobs: Blobs, acts: Acts) -> None:
        self._database = database
        self._blobs = blobs
        self._acts = acts

    def receive(self, received: Received, now: datetime) -> Request:
        """Take one; the request as it is afterwards. The same packet again changes nothing.

        Raises UnknownRequest, PacketRefusal (paquete.firma), PreregistroRefusal; OSError of the medium.
        """
        envelope = received.envelope
        with self._database.reading() as db:
            requests = Requests(db, self._acts)
            request = requests.of_device(envelope.consulta, envelope.folio, received.secret)
            envelope.verify(request.llave or b"")
            known = self._known(requests, envelope)
        if known:
            return request
        self._require(request, received, now)
        path = body_path(envelope)
        with self._database.writing() as db:  # 1
            requests = Requests(db, self._acts)
            request = requests.of_device(envelope.consulta, envelope.folio, received.secret, lock=True)
            after(request.estado, Paso.ENVIO)
            requests.coming(envelope.folio, path, now)
        self._blobs.put(path, received.body)  # 2
        with self._database.writing() as db:  # 3
            requests = Requests(db, self._acts)
            request = requests.of_device(envelope.consulta, envelope.folio, received.secret, lock=True)
            if not self._known(requests, envelope):
                self._require(request, received, now)
                made = Attempt(request.folio, request.intento, request.giros, now, envelope.encode(), path)
                requests.received(request, made, envelope.tamano, envelope.sha256, CIUDADANIA)
            return requests.get(envelope.consulta, envelope.folio)

    @staticmethod
    def _known(requests: Requests, envelope: Envelope) -> bool:
        """Whether this very packet was received. Raises PreregistroRefusal for another one of its attempt."""
        there = requests.attempt(envelope.folio, envelope.intento)
        if there is not None and there.sobre != envelope.encode():
            expected = "el paquete con que se recibió ese intento"
            raise PreregistroRefusal("preregistro.intento", "intento", expected, "otro")
        return there is not None

    @staticmethod
    def _require(request: Request, received: Received, now: datetime) -> None:
        envelope = received.envelope
        received.admit()
        if not 0 < envelope.tamano <= MAX_BODY_BYTES:
            expected = f"de 1 a {MAX_BODY_BYTES} bytes"
            raise PreregistroRefusal("preregistro.tamano", "sobre", expected, f"{envelope.tamano} bytes")
        if envelope.capturado > now + timedelta(hours=24):
            raise PreregistroRefusal("preregistro.reloj", "sobre", "una hora que ya pasó", "una por venir")
        if envelope.intento != request.intento:
            expected = f"el intento {request.intento}"
            raise PreregistroRefusal("preregistro.intento", "intento", expected, str(envelope.intento))
        envelope.require_body(received.body)


def body_path(envelope: Envelope) -> str:
    """Where a body is kept."""
    name = f"{envelope.folio}-{envelope.intento}.{envelope.sha256.hex()[:16]}.age"
    return f"preregistros/{envelope.consulta}/{name}"
