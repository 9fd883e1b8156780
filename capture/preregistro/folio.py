"""The folio that a person is shown and may dictate: 60 random bits, without letters that look like digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256

from capture.preregistro.errors import PreregistroRefusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of Crockford's base 32."""
_GROUPS, _CHARS = 3, 4
_FORM = re.compile(rf"(?:[{ALPHABET}]{{{_CHARS}}}-){{{_GROUPS - 1}}}[{ALPHABET}]{{{_CHARS}}}")
SECRET_BYTES = 32


def new_folio(random: Callable[[int], bytes]) -> str:
    """Such as «7K3M-9QXA-2CTR»."""
    characters = [ALPHABET[byte & 31] for byte in random(_GROUPS * _CHARS)]
    groups = ("".join(characters[at : at + _CHARS]) for at in range(0, len(characters), _CHARS))
    return "-".join(groups)


def require_folio(text: str) -> str:
    """As it is stored: capitals. Raises PreregistroRefusal."""
    typed = text.strip().upper().replace("O", "0").replace("I", "1").replace("L", "1")
    if not _FORM.fullmatch(typed):
        raise PreregistroRefusal(
            "preregistro.folio", "folio", "tres grupos de cuatro caracteres", "otra forma"
        )
    return typed


def secret_hash(secret: str) -> bytes:
    """What is kept of a secret that only its device, or an e-mail, holds."""
    return sha256(b"certeza/preregistro/secreto/v1\n" + secret.encode()).digest()
