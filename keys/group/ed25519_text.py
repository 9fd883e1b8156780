"""Ed25519 elements as text (Belenios specification, section "Ed25519").

The number z = compress(x, y) in hexadecimal, most significant digit first, always 64 lower-case
digits: the 32 bytes of RFC 8032 in reverse order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from keys.group.interface import refuse

NAME = "Ed25519"
ORDER = 2**252 + 27742317777372353535851937790883648493
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)


def to_bytes(texts: Sequence[str], place: str) -> bytes:
    """The RFC 8032 encodings, 32 bytes each, concatenated. Raises ElementRefusal for another form."""
    for index, text in enumerate(texts):
        if not isinstance(text, str) or not _HEX.fullmatch(text):
            raise refuse(place, index, "text", str(text))
    joined = bytes.fromhex("".join(reversed(texts)))
    return joined[::-1]


def from_bytes(data: bytes) -> list[str]:
    """The text of each 32-byte encoding in `data`."""
    text = data[::-1].hex()
    return [text[i : i + 64] for i in range(len(text) - 64, -1, -64)]


def scalar(value: int) -> bytes:
    """An exponent as 32 bytes, little-endian. Raises OverflowError when out of range."""
    return value.to_bytes(32, "little")
