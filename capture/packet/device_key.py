"""Keys of devices: ECDSA P-256 or Ed25519, as WebCrypto makes them without letting anybody export them.

A public key travels as SubjectPublicKeyInfo (DER, RFC 5280), a signature as WebCrypto gives it: 64 bytes,
for ECDSA r and s of 32 bytes each, over SHA-256 (FIPS 186-5).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from capture.packet.errors import PacketRefusal
from keys.errors import FormatRefusal

SIGNATURE_BYTES = 64
MAX_KEY_BYTES = 128
_HALF = SIGNATURE_BYTES // 2
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def parse_public_key(spki: bytes, place: str = "llave del dispositivo") -> PublicKey:
    """Read a key in its one DER spelling. Raises FormatRefusal (dispositivo.llave)."""
    refusal = FormatRefusal("dispositivo.llave", place, "ECDSA P-256 o Ed25519, SPKI en DER", "otra cosa")
    if len(spki) > MAX_KEY_BYTES:
        raise refusal
    try:
        key = serialization.load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm):
        raise refusal from None
    if isinstance(key, ec.EllipticCurvePublicKey) and not isinstance(key.curve, ec.SECP256R1):
        raise refusal
    if not isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey) or encode_key(key) != spki:
        raise refusal
    return key


def algorithm_of(key: PublicKey) -> str:
    """`ecdsa-p256` or `ed25519`."""
    return "ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else "ecdsa-p256"


def encode_key(key: PublicKey) -> bytes:
    """SubjectPublicKeyInfo, DER."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.DER, form)


def verify(key: PublicKey, signature: bytes, data: bytes, place: str) -> None:
    """Refuse a signature that this key did not make. Raises PacketRefusal (paquete.firma)."""
    refusal = PacketRefusal("paquete.firma", place, "la firma del dispositivo registrado", "otra")
    if len(signature) != SIGNATURE_BYTES:
        raise refusal
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        else:
            r, s = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
            key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise refusal from None


def sign(key: PrivateKey, data: bytes) -> bytes:
    """A signature as WebCrypto makes it, SIGNATURE_BYTES long."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
