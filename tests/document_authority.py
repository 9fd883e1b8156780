"""An authority of trial for the tests of signed documents: a root, people who sign, stamps at any instant."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from keys.documents.key_file import LocalSigner, local_signer, new_ecdsa
from keys.documents.profile import Issuer, PrivateKey, Revoked, Subject, Validity
from keys.documents.stamping import OwnStamps, StampingAuthority
from ledger.document import LEGEND_INE, Document, Facts, Paragraph

DAY = timedelta(days=1)
SERIALS = itertools.count(7_000_001)
DOCUMENT = Document(
    "prueba",
    "Constancia de prueba",
    "Instituto de Prueba",
    datetime(2022, 12, 14, 17, 58, 3, tzinfo=UTC),
    (Facts((("Folio", "F220617000000021"),)), Paragraph("Se hace constar que esto es una prueba.")),
    legend=LEGEND_INE,
)


def now() -> datetime:
    """Whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def validity(begins: datetime, ends: datetime) -> Validity:
    """With a serial number of its own."""
    return Validity(begins, ends, next(SERIALS))


@dataclass
class Authority:
    """`new`: how keys are made. Certificates are valid a year around now unless told otherwise."""

    name: str = "Autoridad de prueba"
    new: Callable[[], PrivateKey] = new_ecdsa
    begins: datetime = field(default_factory=lambda: now() - 180 * DAY)
    ends: datetime = field(default_factory=lambda: now() + 180 * DAY)

    def __post_init__(self) -> None:
        self.issuer = Issuer.root(self.subject(self.name), self.new(), validity(self.begins, self.ends))

    @staticmethod
    def subject(name: str) -> Subject:
        """A name in the same organization."""
        return Subject(name, "Instituto de Prueba", "Área de prueba", "Ciudad de México")

    @property
    def pem(self) -> bytes:
        """The root."""
        return self.issuer.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The root."""
        return self.issuer.certificate.public_bytes(Encoding.DER)

    def person(self, name: str, begins: datetime | None = None, ends: datetime | None = None) -> LocalSigner:
        """Somebody who signs documents."""
        key = self.new()
        valid = validity(begins or self.begins, ends or self.ends)
        made = self.issuer.signer(self.subject(name), key.public_key(), valid)
        return local_signer(key, made, (self.issuer.certificate,), name)

    def stamper(self, *, extended: bool = True) -> LocalSigner:
        """Who stamps; without `extended`, with the certificate of a person instead."""
        if not extended:
            return self.person("Sellos sin uso extendido")
        key = self.new()
        valid = validity(self.begins, self.ends)
        made = self.issuer.stamper(self.subject("Sellos de prueba"), key.public_key(), valid)
        return local_signer(key, made, (self.issuer.certificate,), "sellos")

    def stamps(self, at: datetime | None = None, *, extended: bool = True) -> OwnStamps:
        """An authority whose clock stands at `at`, or goes as usual."""
        authority = StampingAuthority(self.stamper(extended=extended))
        return OwnStamps(authority, lambda: at or now(), lambda: next(SERIALS))

    def revocations(
        self, *revoked: LocalSigner, since: datetime | None = None
    ) -> x509.CertificateRevocationList:
        """A CRL of today with those certificates, revoked an hour ago unless told otherwise."""
        moment = since or now() - timedelta(hours=1)
        entries = [Revoked(number_of(one), moment, x509.ReasonFlags.key_compromise) for one in revoked]
        return self.issuer.revocations(entries, 1, now() - timedelta(minutes=1), now() + 30 * DAY)


def number_of(signer: LocalSigner) -> int:
    """The serial number of its certificate."""
    return x509.load_der_x509_certificate(signer.certificate).serial_number
