"""The activation code: ten characters that nobody confuses, kept only as what scrypt makes of them."""

from __future__ import annotations

import hashlib
import hmac

from capture.mi_apoyo.errors import ActivationRefusal
from keys.randomness import Randomness

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without I, L, O, 0 and 1."""
LENGTH = 10
"""31¹⁰ codes: with five attempts, a chance in 1.6·10¹⁴ to guess one."""
SALT_BYTES = 16
_COST, _BLOCK = 2**14, 8
"""scrypt: 16 MiB, some 50 ms."""


def new_code(randomness: Randomness) -> str:
    """A code without its hyphen."""
    return "".join(ALPHABET[randomness.below(len(ALPHABET))] for _ in range(LENGTH))


def spoken(code: str) -> str:
    """As people read it: «ABCDE-23456»."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read_code(text: str) -> str:
    """As typed: hyphens, spaces and small letters do not matter. Raises ActivationRefusal."""
    typed = "".join(text.split()).replace("-", "").upper()
    if len(typed) != LENGTH or any(character not in ALPHABET for character in typed):
        expected = f"{LENGTH} letras y números, como en el correo"
        raise ActivationRefusal("codigo.forma", "Código de activación", expected, "otra forma")
    return typed


def derive(code: str, salt: bytes) -> bytes:
    """32 bytes. Slow on purpose: not for within a transaction."""
    return hashlib.scrypt(code.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, dklen=32)


def require_code(given: bytes, kept: bytes) -> None:
    """Compare what `derive` made of two codes, in constant time. Raises ActivationRefusal."""
    if not hmac.compare_digest(given, kept):
        expected = "el código que recibió por correo"
        raise ActivationRefusal("codigo.valor", "Código de activación", expected, "otro código")
