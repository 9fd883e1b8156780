"""The public key of a device, and what it signs to prove that it has the private one."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from capture.packet import device_key

CHALLENGE_BYTES = 32
_CONTEXT = "certeza/dispositivo/v1"


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A checked key. `spki`: its one DER encoding; `algorithm`: as `device_key.algorithm_of` names it."""

    spki: bytes
    algorithm: str
    public: device_key.PublicKey

    @property
    def sha256(self) -> bytes:
        """Names the key."""
        return hashlib.sha256(self.spki).digest()

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise PacketRefusal unless the signature is of this key over the message."""
        device_key.verify(self.public, signature, message, "firma del dispositivo")


def read_key(spki: bytes) -> DeviceKey:
    """The key of a SubjectPublicKeyInfo. Raises PacketRefusal."""
    public = device_key.parse_public_key(spki)
    return DeviceKey(spki, device_key.algorithm_of(public), public)


def possession_message(
    challenge_id: str, challenge: bytes, holder: str, key: DeviceKey, body: bytes
) -> bytes:
    """What a device signs. `holder`: what it registers for; `body`: SHA-256 of what it sends along."""
    lines = (
        _CONTEXT,
        f"reto {challenge_id} {base64.b64encode(challenge).decode()}",
        f"titular {holder}",
        f"llave {key.sha256.hex()}",
        f"cuerpo {body.hex()}",
    )
    return "".join(f"{text}\n" for text in lines).encode()
