"""A recipient of either kind: read from its text, fingerprinted, encrypted to."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

import pyrage
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from keys.recipients import cms_write
from keys.recipients.errors import RecipientRefusal
from keys.recipients.x509 import parse_certificate, require_valid

AGE, CMS = "age", "x509"
SUFFIXES = {AGE: ".tar.age", CMS: ".tar.cms"}
_AGE = re.compile(r"age1[02-9ac-hj-np-z]{58}", re.ASCII)
_LABEL = b"certeza/destinatario/v1\n"
_GROUP = 4
_LINE = 8


class Recipient(Protocol):
    """A public key that files are encrypted to."""

    @property
    def kind(self) -> str:
        """`age` or `x509`."""

    @property
    def text(self) -> str:
        """Its one spelling: the age recipient, or the certificate in PEM."""

    @property
    def fingerprint(self) -> str:
        """SHA-256, 64 hexadecimal digits."""

    def encrypt(self, source: BinaryIO, target: BinaryIO) -> None:
        """Encrypt a stream; neither side is held in memory whole."""

    def require_valid(self, since: datetime, until: datetime) -> None:
        """Raises RecipientRefusal unless the key may be used in all that time."""


def spoken(fingerprint: str) -> list[str]:
    """A fingerprint as it is read aloud: two lines of eight groups of four."""
    groups = [fingerprint[at : at + _GROUP] for at in range(0, len(fingerprint), _GROUP)]
    return [" ".join(groups[at : at + _LINE]) for at in range(0, len(groups), _LINE)]


@dataclass(frozen=True, slots=True)
class AgeRecipient:
    """An X25519 recipient of age, `age1…`. Raises RecipientRefusal."""

    text: str

    def __post_init__(self) -> None:
        self._recipient()

    @property
    def kind(self) -> str:
        """See Recipient."""
        return AGE

    @property
    def fingerprint(self) -> str:
        """SHA-256 of a label and the text."""
        return hashlib.sha256(_LABEL + self.text.encode()).hexdigest()

    def encrypt(self, source: BinaryIO, target: BinaryIO) -> None:
        """An age file, in its binary form."""
        pyrage.encrypt_io(source, target, [self._recipient()])

    def require_valid(self, since: datetime, until: datetime) -> None:
        """An age key has no dates."""

    def _recipient(self) -> pyrage.x25519.Recipient:
        if not _AGE.fullmatch(self.text):
            raise _not_age()
        try:
            return pyrage.x25519.Recipient.from_str(self.text)
        except pyrage.RecipientError:
            raise _not_age() from None


def _not_age() -> RecipientRefusal:
    return RecipientRefusal(
        "destinatario.age", "llave pública", "un destinatario age1… de 62 caracteres", "otra cosa"
    )


@dataclass(frozen=True, slots=True)
class X509Recipient:
    """A certificate of `keys.recipients.x509`."""

    certificate: x509.Certificate

    @property
    def kind(self) -> str:
        """See Recipient."""
        return CMS

    @property
    def text(self) -> str:
        """PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the DER, as `openssl x509 -fingerprint -sha256` shows it."""
        return hashlib.sha256(self.certificate.public_bytes(Encoding.DER)).hexdigest()

    def encrypt(self, source: BinaryIO, target: BinaryIO) -> None:
        """A CMS AuthEnvelopedData in BER."""
        cms_write.encrypt(self.certificate, source, target)

    def require_valid(self, since: datetime, until: datetime) -> None:
        """Raises RecipientRefusal unless it is valid from `since` to `until`."""
        require_valid(self.certificate, since, until, "certificado")


def parse_recipient(data: bytes, place: str = "llave pública") -> Recipient:
    """The key that an OPL hands in: the line `age1…`, or a certificate. Raises RecipientRefusal."""
    text = data.strip()
    if text.startswith(b"AGE-SECRET-KEY") or b"PRIVATE KEY-----" in text:
        # Its owner must hear of it at once: the key is lost, and no part of it may be shown.
        raise RecipientRefusal(
            "destinatario.secreto", place, "la llave pública", "la llave SECRETA: genere otro par de llaves"
        )
    if text.startswith(b"age1"):
        return AgeRecipient(text.decode("ascii", "replace"))
    return X509Recipient(parse_certificate(data, place))
