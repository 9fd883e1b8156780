"""X.509 profiles of an issuing authority: root, signer of documents, time-stamp authority, CRL (RFC 5280).

Real institutes bring certificates of their own authority; these serve trials and tests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""
SERIAL_BITS = 63
"""Random serials of this size are told in at most 19 decimal digits."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate names. `country`: two letters."""

    name: str
    organization: str
    unit: str | None = None
    locality: str | None = None
    country: str = "MX"

    def as_name(self) -> x509.Name:
        """The distinguished name, country first. Raises ValueError for a name that X.509 does not hold."""
        parts = (
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.LOCALITY_NAME, self.locality),
            (NameOID.ORGANIZATION_NAME, self.organization),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, self.unit),
            (NameOID.COMMON_NAME, self.name),
        )
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value is not None])


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when, aware instants, and the serial number of the certificate."""

    begins: datetime
    ends: datetime
    serial: int


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that is no longer valid, since when (aware)."""

    serial: int
    since: datetime
    reason: x509.ReasonFlags = x509.ReasonFlags.unspecified


@dataclass(frozen=True, slots=True)
class Issuer:
    """The root of an authority: its certificate and its private key."""

    certificate: x509.Certificate
    key: PrivateKey

    @classmethod
    def root(cls, subject: Subject, key: PrivateKey, validity: Validity) -> Issuer:
        """A self-signed root that signs certificates of persons and CRLs, and no other authority."""
        name = subject.as_name()
        builder = _builder(name, name, key.public_key(), validity)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(certificates=True), critical=True)
        return cls(builder.sign(key, SHA256()), key)

    def signer(self, subject: Subject, key: PublicKey, validity: Validity) -> x509.Certificate:
        """Of a person who signs documents: signature with commitment to the content."""
        usage = x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
        return self._leaf(subject, key, validity, _usage(commitment=True), usage, critical=False)

    def stamper(self, subject: Subject, key: PublicKey, validity: Validity) -> x509.Certificate:
        """Of a time-stamp authority: only `timeStamping`, critical (RFC 3161, 2.3)."""
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        return self._leaf(subject, key, validity, _usage(), usage, critical=True)

    def _leaf(
        self,
        subject: Subject,
        key: PublicKey,
        validity: Validity,
        usage: x509.KeyUsage,
        extended: x509.ExtendedKeyUsage,
        *,
        critical: bool,
    ) -> x509.Certificate:
        builder = _builder(subject.as_name(), self.certificate.subject, key, validity)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(usage, critical=True)
        builder = builder.add_extension(extended, critical=critical)
        return builder.add_extension(self._authority(), critical=False).sign(self.key, SHA256())

    def revocations(
        self, revoked: Iterable[Revoked], number: int, issued: datetime, renewed: datetime
    ) -> x509.CertificateRevocationList:
        """The CRL of that number; the next one will come before `renewed`."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(issued).next_update(renewed)
        for one in revoked:
            builder = builder.add_revoked_certificate(_revoked(one))
        builder = builder.add_extension(x509.CRLNumber(number), critical=False)
        return builder.add_extension(self._authority(), critical=False).sign(self.key, SHA256())

    def _authority(self) -> x509.AuthorityKeyIdentifier:
        identifier = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PublicKey, validity: Validity
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(validity.serial)
    builder = builder.not_valid_before(validity.begins).not_valid_after(validity.ends)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _usage(*, commitment: bool = False, certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _revoked(revoked: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(revoked.serial).revocation_date(revoked.since)
    if revoked.reason is not x509.ReasonFlags.unspecified:  # RFC 5280: absent rather than unspecified
        builder = builder.add_extension(x509.CRLReason(revoked.reason), critical=False)
    return builder.build()
