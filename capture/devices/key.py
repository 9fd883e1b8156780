"""The public key of a device, and the proof that the device has the private one.

The key is the SubjectPublicKeyInfo that WebCrypto exports: Ed25519, or ECDSA on P-256 with SHA-256.
Signatures are WebCrypto's: 64 bytes, for ECDSA r ‖ s (IEEE P1363)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from capture.devices.errors import DeviceRefusal

MAX_KEY_BYTES = 128
SIGNATURE_BYTES = 64
CHALLENGE_BYTES = 32
_CONTEXT = "certeza/dispositivo/v1"
_FIELD = "Llave del dispositivo"


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A checked key. `spki`: its one DER encoding; `algorithm`: Ed25519 or ECDSA-P256."""

    spki: bytes
    algorithm: str
    public: Ed25519PublicKey | EllipticCurvePublicKey

    @property
    def sha256(self) -> bytes:
        """Names the key."""
        return hashlib.sha256(self.spki).digest()

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise DeviceRefusal unless the signature is of this key over the message."""
        try:
            if len(signature) != SIGNATURE_BYTES:
                raise InvalidSignature
            if isinstance(self.public, Ed25519PublicKey):
                self.public.verify(signature, message)
                return
            r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
            self.public.verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))
        except InvalidSignature:
            expected = "una firma hecha con la llave de este dispositivo"
            raise DeviceRefusal("dispositivo.firma", "Firma del dispositivo", expected, "otra") from None


def read_key(spki: bytes) -> DeviceKey:
    """Raises DeviceRefusal."""
    expected = "una llave pública Ed25519 o ECDSA P-256 (SubjectPublicKeyInfo)"
    refusal = DeviceRefusal("dispositivo.llave", _FIELD, expected, "otra cosa")
    if len(spki) > MAX_KEY_BYTES:
        raise refusal
    try:
        public = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm):
        raise refusal from None
    if isinstance(public, Ed25519PublicKey):
        algorithm = "Ed25519"
    elif isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1):
        algorithm = "ECDSA-P256"
    else:
        raise refusal
    if public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != spki:
        raise refusal
    return DeviceKey(spki, algorithm, public)


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
