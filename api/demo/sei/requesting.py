"""A telephone asks for a Clave: a folio, and one packet that it signed and sealed to the consultation."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.demo.acting import Client
from api.demo.screen import Advance
from api.demo.sei.applicants import Applicant
from api.demo.sei.town import SeiTown
from api.demo.several import threads
from capture.packet import device_key
from capture.packet.body import seal
from capture.preregistro.packet import Captured, Envelope

AT_ONCE = 4
_NOTICE, _APPLICATION = 1, "ensayo 1"


@dataclass(frozen=True)
class Request:
    """What the service gave a folio to."""

    applicant: Applicant
    folio: str


def send_all(town: SeiTown, applicants: Sequence[Applicant], progress: Advance) -> list[Request]:
    """Several telephones at a time."""
    made: list[Request] = []
    with threads(AT_ONCE) as pool:
        for request in pool.map(lambda one: _send(town, one), applicants):
            made.append(request)
            progress(len(made), len(applicants))
    return made


def _send(town: SeiTown, one: Applicant) -> Request:
    key, client = Ed25519PrivateKey.generate(), Client(town, "teléfono")
    public = b64encode(device_key.encode_key(key.public_key())).decode()
    given = client.post(f"{town.consulta}/preregistros", {"llave": public})
    envelope, body = _packet(town, one, key, given)
    headers = {"X-Preregistro": given["secreto"], "X-Sobre": b64encode(envelope.encode()).decode()}
    path = f"{town.consulta}/preregistros/{given['folio']}/intentos/1"
    client.ask("PUT", path, content=body, headers=headers)
    client.close()
    return Request(one, given["folio"])


def _packet(
    town: SeiTown, one: Applicant, key: Ed25519PrivateKey, given: dict[str, Any]
) -> tuple[Envelope, bytes]:
    consulta, folio, now = town.plan.base.id, given["folio"], town.clock()
    captured = Captured(
        consulta, folio, one.model, _NOTICE, _APPLICATION, now, dict(one.fields), dict(one.files)
    )
    body = seal(captured.encode(), given["recipiente"])
    envelope = Envelope(consulta, folio, 1, now, len(body), sha256(body).digest())
    return replace(envelope, firma=device_key.sign(key, envelope.signed_bytes())), body
