"""What both Ed25519 backends share: texts, order and the reading of malformed encodings."""

from __future__ import annotations

from collections.abc import Sequence

from certeza_verifier.groups.base import PointError

ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19
IDENTITY = bytes([1]) + bytes(31)
_TEXT = 64


def encodings(texts: Sequence[str]) -> bytes:
    """Concatenated RFC 8032 encodings of texts of exactly 64 lower-case hexadecimal digits.

    A text spells the compressed number most significant digit first, an encoding least significant byte
    first: reversing all bytes at once gives the encodings in reverse order, so the texts are joined
    backwards.
    """
    joined = "".join(reversed(texts))
    try:
        data = bytes.fromhex(joined)
    except ValueError:
        data = b""
    if data.hex() != joined or any(len(text) != _TEXT for text in texts):
        raise PointError(_first_malformed(texts), "punto-forma")
    return data[::-1]


def texts(data: bytes) -> list[str]:
    """Texts of concatenated encodings."""
    joined = data[::-1].hex()
    return [joined[i : i + _TEXT] for i in range(len(joined) - _TEXT, -1, -_TEXT)]


def _first_malformed(texts: Sequence[str]) -> int:
    allowed = set("0123456789abcdef")
    return next(i for i, text in enumerate(texts) if len(text) != _TEXT or not allowed.issuperset(text))


def sort_key(text: str) -> int:
    """Belenios orders credentials as byte strings in RFC 8032 encoding."""
    return int.from_bytes(bytes.fromhex(text), "little")
