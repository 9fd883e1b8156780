"""Keys of notes: verifier keys as text, key identifiers, and Ed25519 signatures over a note's text. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.errors import FormatRefusal, SignatureRefusal
from ledger.fields import decode_base64, encode_base64, require_size
from ledger.limits import MAX_VKEY_CHARS
from ledger.note import KEY_ID_BYTES, require_key_name

ED25519 = 0x01
COSIGNATURE_ED25519 = 0x04
COSIGNATURE_ML_DSA_44 = 0x06
ED25519_KEY_BYTES = 32
ED25519_SIGNATURE_BYTES = 64
ML_DSA_44_KEY_BYTES = 1312
KEY_BYTES = {
    ED25519: ED25519_KEY_BYTES,
    COSIGNATURE_ED25519: ED25519_KEY_BYTES,
    COSIGNATURE_ML_DSA_44: ML_DSA_44_KEY_BYTES,
}
_HEX_ID = re.compile(r"[0-9a-f]{8}", re.ASCII)
_PRIVATE = "PRIVATE+KEY+"


def key_id(name: str, algorithm: int, material: bytes) -> bytes:
    """The 4-byte identifier that signed-note recommends, and tlog-cosignature demands."""
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + material).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key: its name, type byte and raw bytes. `encode` gives the vkey text."""

    name: str
    algorithm: int
    material: bytes

    def __post_init__(self) -> None:
        require_key_name(self.name, "vkey")
        expected = KEY_BYTES.get(self.algorithm)
        if expected is None:
            known = ", ".join(f"{byte:02x}" for byte in KEY_BYTES)
            raise FormatRefusal("vkey.tipo", "vkey", f"tipo {known}", f"{self.algorithm:02x}")
        if len(self.material) != expected:
            raise FormatRefusal("vkey.longitud", "vkey", f"{expected} bytes", f"{len(self.material)} bytes")

    @property
    def key_id(self) -> bytes:
        """Its 4-byte identifier."""
        return key_id(self.name, self.algorithm, self.material)

    def encode(self) -> str:
        """`name+id+base64`."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.algorithm]) + self.material)}"


def parse_vkey(text: str, place: str = "vkey") -> VerifierKey:
    """Read a vkey. Raises FormatRefusal, also when its identifier is not the one of the key."""
    require_size(text, MAX_VKEY_CHARS, place)
    parts = text.split("+", 2)  # base64 may hold further plus signs
    if len(parts) != 3 or not _HEX_ID.fullmatch(parts[1]):
        raise FormatRefusal("vkey.forma", place, "nombre+8 hexadecimales+base64", text)
    data = decode_base64(parts[2], place)
    try:
        key = VerifierKey(parts[0], data[0] if data else 0, data[1:])
    except FormatRefusal as refusal:
        raise refusal.within(place) from None
    if key.key_id.hex() != parts[1]:
        raise FormatRefusal("vkey.id", place, key.key_id.hex(), parts[1])
    return key


def verify_ed25519(material: bytes, message: bytes, signature: bytes, place: str) -> None:
    """Refuse unless it is the key's Ed25519 signature (RFC 8032) over the message."""
    if len(signature) != ED25519_SIGNATURE_BYTES:
        expected = f"{ED25519_SIGNATURE_BYTES} bytes"
        raise SignatureRefusal("firma.longitud", place, expected, f"{len(signature)} bytes")
    try:
        Ed25519PublicKey.from_public_bytes(material).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise SignatureRefusal("firma.invalida", place, "firma Ed25519 válida", signature.hex()) from None


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """Verifies note signatures of type 01."""

    key: VerifierKey

    @property
    def name(self) -> str:
        """The key's name."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """Its 4-byte identifier."""
        return self.key.key_id

    def verify(self, text: str, value: bytes) -> None:
        """Raises SignatureRefusal."""
        verify_ed25519(self.key.material, text.encode(), value, self.name)


class Ed25519Signer:
    """Signs notes with type 01. The 32-byte seed is the secret."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name, ED25519, self._secret.public_key().public_bytes_raw())

    @property
    def name(self) -> str:
        """The key's name."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """Its 4-byte identifier."""
        return self.key.key_id

    @property
    def verifier(self) -> Ed25519Verifier:
        """What verifies its signatures."""
        return Ed25519Verifier(self.key)

    def sign(self, text: str) -> bytes:
        """The 64-byte signature over the text."""
        return self._secret.sign(text.encode())

    def encode(self) -> str:
        """The private key as other programs write it: `PRIVATE+KEY+name+id+base64(01 || seed)`."""
        secret = encode_base64(bytes([ED25519]) + self._secret.private_bytes_raw())
        return f"{_PRIVATE}{self.name}+{self.key_id.hex()}+{secret}"


def parse_private(text: str, place: str = "llave privada") -> Ed25519Signer:
    """Read an Ed25519 private key. The refusals never show it."""
    parts = text.removeprefix(_PRIVATE).split("+", 2)
    if not text.startswith(_PRIVATE) or len(parts) != 3:
        raise FormatRefusal("llave.forma", place, f"{_PRIVATE}nombre+id+base64", "otra forma")
    try:
        data = decode_base64(parts[2], place)
    except FormatRefusal:
        raise FormatRefusal("llave.base64", place, "base64 con relleno", "otra cosa") from None
    if len(data) != 1 + ED25519_KEY_BYTES or data[0] != ED25519:
        raise FormatRefusal("llave.tipo", place, "01 y 32 bytes", f"{len(data)} bytes")
    signer = Ed25519Signer(parts[0], data[1:])
    if signer.key_id.hex() != parts[1]:
        raise FormatRefusal("llave.id", place, signer.key_id.hex(), parts[1])
    return signer
