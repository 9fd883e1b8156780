"""Whether an acuse is of what this device sent, and whether the public log holds it. Pure."""

from __future__ import annotations

from capture.device.errors import DeviceRefused
from capture.packet.envelope import Envelope
from ledger.acuse import AcuseFile, parse_acuse_file
from ledger.policy import Policy


def require_own(envelope: Envelope, data: bytes, policy: Policy) -> AcuseFile:
    """The acuse of this envelope, in a log that the policy believes.

    Raises FormatRefusal, DeviceRefused (acuse.ajeno) naming the first line that is of something else, and
    what `AcuseFile.verify` raises.
    """
    file = parse_acuse_file(data)
    acuse = file.acuse
    pairs = (
        ("proceso", envelope.proceso, acuse.proceso),
        ("folio", envelope.folio, acuse.folio),
        ("modalidad", envelope.modalidad, acuse.modalidad),
        ("credencial", envelope.credencial, acuse.credential.value),
        ("número", envelope.numero, acuse.number),
        ("registro", envelope.sha256.hex(), acuse.registro.hex()),
    )
    for name, own, found in pairs:
        if own != found:
            raise DeviceRefused("acuse.ajeno", f"acuse, {name}", "lo que envió este dispositivo", "otra cosa")
    file.verify(policy)
    return file
