"""What is hashed of a record, and under which names. Pure."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256

BITS = 256
"""Of a perceptual hash."""
BYTES = BITS // 8
EXACT = "sha256."
"""Before the name of a file: the first EXACT_BYTES of its SHA-256, for files that are the same to the bit."""
EXACT_BYTES = 8
FILES = ("anverso.jpg", "reverso.jpg", "foto.jpg", "firma.png")
"""Of which the exact hash is kept."""


class View(StrEnum):
    """What has a perceptual hash. The values are the keys of `RecordReading.prints`."""

    ANVERSO = "anverso.jpg"
    REVERSO = "reverso.jpg"
    FOTO = "foto.jpg"
    FIRMA = "firma.png"
    RETRATO = "anverso.retrato"
    """The printed portrait, cut out of the rectified front."""
    HUELLA = "reverso.huella"
    """The printed fingerprint, cut out of the rectified back."""


VIEWS = tuple(View)
"""In the order in which they rest: new ones at the end."""


def exact_hash(name: str, data: bytes) -> tuple[str, bytes]:
    """The name and the value under which a file's own hash is kept."""
    return EXACT + name, sha256(data).digest()[:EXACT_BYTES]
