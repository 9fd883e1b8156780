"""Private credentials of voters (Belenios specification, section "Credentials")."""

from __future__ import annotations

import hashlib
import re

from keys.errors import FormatRefusal
from keys.randomness import BASE58, Randomness, base58

_FORM = re.compile(rf"[{BASE58}]{{5}}-[{BASE58}]{{6}}-[{BASE58}]{{5}}-[{BASE58}]{{6}}", re.ASCII)


def generate(randomness: Randomness) -> str:
    """A fresh private credential `XXXXX-XXXXXX-XXXXX-XXXXXX`, 128 bits of entropy."""
    text = base58(randomness, 22)
    return "-".join((text[:5], text[5:11], text[11:16], text[16:]))


def require_form(credential: str, place: str = "credencial privada") -> None:
    """Raises FormatRefusal, without repeating the secret, when it has another form."""
    if not _FORM.fullmatch(credential):
        raise FormatRefusal("credencial.forma", place, "XXXXX-XXXXXX-XXXXX-XXXXXX", "otra forma")


def exponent(order: int, uuid: str, credential: str) -> int:
    """The secret exponent of a credential in the election `uuid`, in [0, order)."""
    require_form(credential)
    halves = (hashlib.sha256(f"derive_credential|{uuid}|{i}|{credential}".encode()).digest() for i in (0, 1))
    return int.from_bytes(b"".join(halves), "big") % order
