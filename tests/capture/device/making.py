"""What tests of the device share."""

from __future__ import annotations

import os
from dataclasses import replace

from pyrage import x25519

from capture.device.capturing import Holder, Sealed, Taken, capture
from capture.device.images import images
from capture.device.people import invent
from capture.limits import CaptureLimits
from capture.packet.record import Location
from keys.randomness import SeededRandomness
from ledger.acuse import Acuse, AcuseFile, Credential
from ledger.policy import NO_QUORUM, Log, Policy
from ledger.proof import LogProof
from tests.capture.packet.making import NOON, PROCESO, new_key
from tests.ledger.signing import LOG, signed_log

IDENTITY = x25519.Identity.generate()
KEY = new_key()
POLICY = Policy((Log(LOG.key),), (), (), NO_QUORUM)
HOLDER = Holder(
    PROCESO, "auxiliar", "A000000001", "01900000-0000-7000-8000-000000000001", str(IDENTITY.to_public()), 1
)


def taken(**changes: object) -> Taken:
    person = invent(SeededRandomness("una persona"))
    made = Taken(
        model=person.model,
        credencial=person.credencial,
        numero=person.numero,
        fields=person.values,
        codes=person.codes,
        images=images(20_000, os.urandom),
        original=True,
        location=Location(22_770_000, -102_580_000, 12),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def sealed(**changes: object) -> Sealed:
    return capture(taken(**changes), HOLDER, KEY, NOON, os.urandom, CaptureLimits())


def acuse_of(made: Sealed, **changes: object) -> bytes:
    """The acuse file that a log of its own gives for a record."""
    envelope = made.envelope
    acuse = Acuse(
        envelope.proceso,
        envelope.folio,
        envelope.modalidad,
        Credential(envelope.credencial),
        envelope.numero,
        NOON,
        envelope.sha256,
        bytes(32),
    )
    return proven(replace(acuse, **changes)).encode()  # type: ignore[arg-type]


def proven(acuse: Acuse) -> AcuseFile:
    """In a log that holds nothing else."""
    return AcuseFile(acuse, LogProof(0, (), signed_log([acuse.entry])))
