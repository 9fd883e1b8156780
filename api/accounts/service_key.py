"""The key with which the service seals what it must read again: TOTP secrets, signed declarations.

One file of 32 random bytes in hexadecimal, beside the database and never in it. Keys for each use are derived
from it (HKDF-SHA256), so that what one use shows says nothing about another.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.accounts.errors import SettingsRefusal

KEY_BYTES = 32
NONCE_BYTES = 12
_VERSION = b"\x01"


class ServiceKey:
    """Seals and opens short texts bound to a place, and blinds names that must not be stored in clear."""

    def __init__(self, key: bytes, random: Callable[[int], bytes] = os.urandom) -> None:
        if len(key) != KEY_BYTES:
            raise SettingsRefusal("cuentas.llave", "llave del servicio", f"{KEY_BYTES} bytes", len(key))
        self._random = random
        self._seal = AESGCM(_derived(key, b"certeza/cuentas/sellar/v1"))
        self._blind = _derived(key, b"certeza/cuentas/cegar/v1")

    def seal(self, place: str, plain: bytes) -> bytes:
        """Version, nonce and AES-256-GCM of `plain`. Only `open` with the same place reads it."""
        nonce = self._random(NONCE_BYTES)
        return _VERSION + nonce + self._seal.encrypt(nonce, plain, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """What was sealed there. Raises SettingsRefusal for another key, or bytes that were changed."""
        head, nonce, rest = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            if head != _VERSION:
                raise InvalidTag
            return self._seal.decrypt(nonce, rest, place.encode())
        except (InvalidTag, ValueError) as error:
            raise SettingsRefusal("cuentas.sello", place, "lo que selló esta llave", "otra cosa") from error

    def blind(self, kind: str, name: str) -> bytes:
        """32 bytes that stand for a name: equal for equal names, and of no use without the key."""
        return hmac.digest(self._blind, f"{kind}\0{name}".encode(), hashlib.sha256)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, purpose).derive(key)


def read_key(path: Path) -> bytes:
    """The key in a file. Raises SettingsRefusal when it is not one, OSError when it cannot be read."""
    text = path.read_text("ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsRefusal("cuentas.llave", str(path), f"{KEY_BYTES} bytes en hexadecimal", "otra cosa")
    return key


def key_for(path: Path, *, production: bool) -> bytes:
    """The key of a service, made for a rehearsal when it is not there. Raises SettingsRefusal in production:
    with another key nobody's codes could be read any more."""
    if path.exists():
        return read_key(path)
    if production:
        expected = "la llave que hizo «certeza admin iniciar»"
        raise SettingsRefusal("cuentas.llave", str(path), expected, "ningún archivo")
    return make_key(path)


def make_key(path: Path, random: Callable[[int], bytes] = os.urandom) -> bytes:
    """Write a new key that only its owner may read. Raises FileExistsError: a key is never replaced."""
    key = random(KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key
