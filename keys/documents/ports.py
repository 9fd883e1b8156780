"""What signing needs from outside: a private key somewhere, and a time-stamp authority somewhere."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """A private key with its certificate; the key may live in a file or in a device."""

    @property
    def certificate(self) -> bytes:
        """The signer's X.509 certificate, DER."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates that lead from it to its root, DER, in no particular order."""

    def sign(self, data: bytes, digest: str) -> bytes:
        """RSA PKCS #1 v1.5 or ECDSA (DER) over `digest` («sha256») of `data`."""


class TimeStamps(Protocol):
    """A time-stamp authority."""

    def answer(self, query: bytes) -> bytes:
        """The TimeStampResp (DER) to a TimeStampReq (DER). Raises DocumentRefusal when it cannot be asked."""
