"""The Clave de Opinión and what it protects (SEI-07, SEI-09, SEI-13; sei.md, "Clave and entry").

K = Argon2id(Clave, salt = SHA-256("certeza/clave/v1" ‖ process ‖ clave de elector)), 64 bytes:
auth_key ‖ wrap_key. The server keeps SHA-256(auth_key) and AES-256-GCM(wrap_key, private credential), so
that neither the Clave nor the credential is ever stored.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from keys.errors import FormatRefusal, Refusal
from keys.randomness import Randomness

LENGTH = 8
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
SPECIALS = "#$%/"
ALPHABET = CAPITALS + CAPITALS.lower() + DIGITS + SPECIALS

MEMORY_KIB = 64 * 1024
PASSES = 3
LANES = 1
_NONCE_BYTES = 12


class EntryRefusal(Refusal):
    """Entry is refused, without saying which of the data is wrong (SEI-13)."""


def generate(randomness: Randomness) -> str:
    """Eight characters with a capital, a digit and one of `#$%/`; uniform among those that qualify."""
    while True:
        clave = "".join(ALPHABET[randomness.below(len(ALPHABET))] for _ in range(LENGTH))
        if is_well_formed(clave):
            return clave


def is_well_formed(clave: str) -> bool:
    """Whether the text is a Clave by the rules of SEI-07."""
    kinds = (CAPITALS, DIGITS, SPECIALS)
    return (
        len(clave) == LENGTH
        and all(c in ALPHABET for c in clave)
        and all(any(c in kind for c in clave) for kind in kinds)
    )


@dataclass(frozen=True, slots=True)
class ClaveKeys:
    """What a Clave derives to: 32 bytes each."""

    auth_key: bytes
    wrap_key: bytes


def derive(clave: str, process: str, clave_de_elector: str) -> ClaveKeys:
    """Slow on purpose (64 MiB, 3 passes). Runs on the person's device, and once at issue."""
    if not is_well_formed(clave):
        raise FormatRefusal("clave.forma", "Clave", f"{LENGTH} caracteres de SEI-07", "otra forma")
    salt = hashlib.sha256(f"certeza/clave/v1{process}{clave_de_elector}".encode()).digest()
    kdf = Argon2id(salt=salt, length=64, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
    key = kdf.derive(clave.encode())
    return ClaveKeys(key[:32], key[32:])


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What the server keeps of a person's Clave."""

    auth_hash: bytes
    nonce: bytes
    sealed: bytes


def wrap(keys: ClaveKeys, credential: str, randomness: Randomness) -> Wrapped:
    """Seal a private credential under a Clave."""
    nonce = randomness.below(2 ** (8 * _NONCE_BYTES)).to_bytes(_NONCE_BYTES, "big")
    sealed = AESGCM(keys.wrap_key).encrypt(nonce, credential.encode(), None)
    return Wrapped(hashlib.sha256(keys.auth_key).digest(), nonce, sealed)


def unwrap(keys: ClaveKeys, wrapped: Wrapped) -> str:
    """The private credential. Raises EntryRefusal, the same for every cause."""
    refusal = EntryRefusal(
        "entrada", "entrada", "datos correctos", "verifique sus datos y vuelva a escribirlos"
    )
    if not hmac.compare_digest(hashlib.sha256(keys.auth_key).digest(), wrapped.auth_hash):
        raise refusal
    try:
        return AESGCM(keys.wrap_key).decrypt(wrapped.nonce, wrapped.sealed, None).decode()
    except InvalidTag:
        raise refusal from None
