"""What stands in the table for a clave de elector and its CIC or OCR: values that only the key can make.

Keyed BLAKE2b (RFC 7693). Whoever copies the table without the key learns nothing about anybody, not even
whether a person that they know is in it. The tag of a number depends on the clave too: nothing in the table
is the same for two persons.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from capture.padron.errors import PadronRefusal
from capture.padron.ports import NumberKind

KEY_BYTES = 32
CLAVE_BYTES = 16
"""Two of a hundred million persons collide with probability 2⁻⁷⁵."""
NUMBER_BYTES = 8
"""A wrong number passes for the right one with probability 2⁻⁶⁴."""
KEY_ID_BYTES = 8
_PERSON_CLAVE = b"certeza/clave/1\0"
_PERSON_NUMBER = b"certeza/num/1\0\0\0"
_PERSON_KEY = b"certeza/llave/1\0"


@dataclass(frozen=True, slots=True)
class PadronKey:
    """The secret of the padrón. It never leaves the processes that load or ask it."""

    secret: bytes = field(repr=False)
    """KEY_BYTES random bytes."""

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            got = f"{len(self.secret)} bytes"
            raise PadronRefusal("padron.llave", "llave del padrón", f"{KEY_BYTES} bytes", got)

    @property
    def key_id(self) -> bytes:
        """KEY_ID_BYTES that tell one key from another: a corte made with another key cannot answer."""
        return self._keyed(b"", KEY_ID_BYTES, _PERSON_KEY)

    def clave(self, clave_elector: str) -> bytes:
        """CLAVE_BYTES for a clave de elector."""
        return self._keyed(clave_elector.encode(), CLAVE_BYTES, _PERSON_CLAVE)

    def number(self, clave_elector: str, kind: NumberKind, number: str) -> bytes:
        """NUMBER_BYTES for the CIC or OCR of that person."""
        return self._keyed(f"{clave_elector}\n{kind}\n{number}".encode(), NUMBER_BYTES, _PERSON_NUMBER)

    def _keyed(self, data: bytes, size: int, person: bytes) -> bytes:
        return hashlib.blake2b(data, digest_size=size, key=self.secret, person=person).digest()
