"""Timestamped cosignatures (C2SP tlog-cosignature): Ed25519 (type 04) and ML-DSA-44 (type 06). Pure.

Both put the time, a big-endian uint64 of POSIX seconds, before the signature. Ed25519 signs the
whole checkpoint text, extension lines included; ML-DSA-44 signs a structure with the cosigner's name
and the log's origin, and could sign subtrees as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.checkpoint import parse_checkpoint, require_origin
from ledger.errors import FormatRefusal, SignatureRefusal
from ledger.limits import HASH_BYTES, MAX_TIMESTAMP, MAX_TREE_SIZE
from ledger.note import Verifier
from ledger.vkey import (
    COSIGNATURE_ED25519,
    COSIGNATURE_ML_DSA_44,
    ED25519,
    Ed25519Verifier,
    VerifierKey,
    parse_vkey,
    verify_ed25519,
)

try:  # cryptography has ML-DSA since 47; an older one still does everything else
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
except ImportError:  # pragma: no cover - depends on what is installed
    MLDSA44PrivateKey = MLDSA44PublicKey = None  # type: ignore[assignment,misc]

TIMESTAMP_BYTES = 8
ML_DSA_44_SIGNATURE_BYTES = 2420
_SUBTREE_LABEL = b"subtree/v1\n\x00"


@dataclass(frozen=True, slots=True)
class Subtree:
    """What an ML-DSA-44 cosignature covers: leaves [start, end) of a log and their root."""

    origin: str
    start: int
    end: int
    root: bytes

    def message(self, cosigner: str, timestamp: int) -> bytes:
        """The signed bytes. Raises FormatRefusal for values that the structure forbids."""
        place = f"cosignatura de {cosigner}"
        require_origin(self.origin, place)
        if not 0 <= self.start <= self.end <= MAX_TREE_SIZE or len(self.root) != HASH_BYTES:
            raise FormatRefusal("cosignatura.subarbol", place, "un intervalo y 32 bytes", self)
        if self.start and require_timestamp(timestamp, place):
            raise FormatRefusal(
                "cosignatura.hora", place, "hora 0 en un subárbol que no empieza en 0", timestamp
            )
        numbers = (self.start.to_bytes(8, "big"), self.end.to_bytes(8, "big"))
        return b"".join(
            (
                _SUBTREE_LABEL,
                _short(cosigner),
                timestamp.to_bytes(8, "big"),
                _short(self.origin),
                *numbers,
                self.root,
            )
        )


def _short(text: str) -> bytes:
    data = text.encode()
    return bytes([len(data)]) + data


def require_timestamp(timestamp: int, place: str) -> int:
    """POSIX seconds from 0 to 2**63 - 1."""
    if not 0 <= timestamp <= MAX_TIMESTAMP:
        raise FormatRefusal("cosignatura.hora", place, f"de 0 a {MAX_TIMESTAMP}", timestamp)
    return timestamp


def ed25519_message(text: str, timestamp: int) -> bytes:
    """What a cosignature/v1 signs: header, time and the complete checkpoint text."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def cosigned_at(value: bytes, place: str) -> tuple[int, bytes]:
    """The time of a cosignature and the signature after it. The time is verified with the signature."""
    if len(value) <= TIMESTAMP_BYTES:
        raise FormatRefusal(
            "cosignatura.longitud", place, f"más de {TIMESTAMP_BYTES} bytes", f"{len(value)} bytes"
        )
    timestamp = int.from_bytes(value[:TIMESTAMP_BYTES], "big")
    return require_timestamp(timestamp, place), value[TIMESTAMP_BYTES:]


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A cosigner's public key, of type 04 or 06."""

    key: VerifierKey

    @property
    def name(self) -> str:
        """The cosigner's name."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """Its 4-byte identifier."""
        return self.key.key_id

    def verify(self, text: str, value: bytes) -> None:
        """Raises SignatureRefusal unless `value` cosigns the checkpoint `text`."""
        head = parse_checkpoint(text)
        timestamp, signature = cosigned_at(value, self.name)
        if self.key.algorithm == COSIGNATURE_ED25519:
            verify_ed25519(self.key.material, ed25519_message(text, timestamp), signature, self.name)
        else:
            self.verify_subtree(Subtree(head.origin, 0, head.size, head.root), value)

    def verify_subtree(self, subtree: Subtree, value: bytes) -> None:
        """Raises SignatureRefusal unless `value` is this ML-DSA-44 key's cosignature of the subtree."""
        timestamp, signature = cosigned_at(value, self.name)
        if len(signature) != ML_DSA_44_SIGNATURE_BYTES:
            expected = f"{ML_DSA_44_SIGNATURE_BYTES} bytes"
            raise SignatureRefusal("firma.longitud", self.name, expected, f"{len(signature)} bytes")
        _verify_ml_dsa(self.key.material, subtree.message(self.name, timestamp), signature, self.name)


def _verify_ml_dsa(material: bytes, message: bytes, signature: bytes, place: str) -> None:
    if MLDSA44PublicKey is None:
        raise SignatureRefusal("firma.algoritmo", place, "una biblioteca con ML-DSA-44", "sin ella")
    try:
        MLDSA44PublicKey.from_public_bytes(material).verify(signature, message)
    except UnsupportedAlgorithm:
        raise SignatureRefusal("firma.algoritmo", place, "una biblioteca con ML-DSA-44", "sin ella") from None
    except (InvalidSignature, ValueError):
        raise SignatureRefusal("firma.invalida", place, "firma ML-DSA-44 válida", signature.hex()) from None


class Ed25519Cosigner:
    """Makes cosignature/v1 values. One key, one cosigner: the signed message lacks the name."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name, COSIGNATURE_ED25519, self._secret.public_key().public_bytes_raw())

    def cosign(self, text: str, timestamp: int) -> bytes:
        """The value of the signature line: time and signature, 72 bytes."""
        parse_checkpoint(text)
        require_timestamp(timestamp, self.key.name)
        signature = self._secret.sign(ed25519_message(text, timestamp))
        return timestamp.to_bytes(TIMESTAMP_BYTES, "big") + signature


class MlDsa44Cosigner:
    """Makes ML-DSA-44 cosignatures. Raises UnsupportedAlgorithm without a library that has it."""

    def __init__(self, name: str, seed: bytes) -> None:
        if MLDSA44PrivateKey is None:
            raise UnsupportedAlgorithm("ML-DSA-44")
        self._secret = MLDSA44PrivateKey.from_seed_bytes(seed)
        self.key = VerifierKey(name, COSIGNATURE_ML_DSA_44, self._secret.public_key().public_bytes_raw())

    def cosign(self, text: str, timestamp: int) -> bytes:
        """The value of the signature line: time and signature, 2,428 bytes."""
        head = parse_checkpoint(text)
        return self.cosign_subtree(Subtree(head.origin, 0, head.size, head.root), timestamp)

    def cosign_subtree(self, subtree: Subtree, timestamp: int) -> bytes:
        """The same for a subtree; its time is 0 unless it starts at 0."""
        require_timestamp(timestamp, self.key.name)
        signature = self._secret.sign(subtree.message(self.key.name, timestamp))
        return timestamp.to_bytes(TIMESTAMP_BYTES, "big") + signature


def verifier_for(key: VerifierKey) -> Verifier:
    """What verifies the signatures of a key, by its type."""
    return Ed25519Verifier(key) if key.algorithm == ED25519 else Cosigner(key)


def parse_verifier(text: str, place: str = "vkey") -> Verifier:
    """`verifier_for` a vkey's text."""
    return verifier_for(parse_vkey(text, place))
