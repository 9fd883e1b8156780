"""What the log holds of a change of state: a commitment, salted so that it tells nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

HEADER = "certeza/transicion/v1"
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Committed:
    """One change of state as it is committed to; `salt` is SALT_BYTES random ones."""

    folio: str
    de: str | None
    a: str
    quien: str
    cuando: datetime
    causa: str
    salt: bytes

    def encode(self) -> bytes:
        """The text, one spelling for each change: «-» stands for no earlier state."""
        lines = (
            HEADER,
            f"folio {self.folio}",
            f"de {self.de or '-'}",
            f"a {self.a}",
            f"quien {self.quien}",
            f"cuando {self.cuando.astimezone(UTC).isoformat(timespec='microseconds')}",
            f"causa {self.causa}",
            f"sal {self.salt.hex()}",
        )
        return "".join(f"{line}\n" for line in lines).encode()

    @property
    def entry(self) -> bytes:
        """The entry of the log: header, line feed, SHA-256 of the text in hexadecimal."""
        return f"{HEADER}\n{sha256(self.encode()).hexdigest()}".encode()
