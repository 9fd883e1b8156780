"""What a certificate says of its holder, as it is printed on a document."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

NUMBER_DIGITS = 21
"""As on the INE's documents: «Certificado: 000000000000000008006»."""


def holder(certificate: bytes) -> str:
    """The common name of a DER certificate; its whole name when it has none."""
    subject = x509.load_der_x509_certificate(certificate).subject
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else subject.rfc4514_string()


def number(certificate: bytes) -> str:
    """The serial number, decimal, with zeros before it."""
    return f"{x509.load_der_x509_certificate(certificate).serial_number:0{NUMBER_DIGITS}d}"


def whole_name(certificate: bytes) -> str:
    """The subject's distinguished name (RFC 4514)."""
    return x509.load_der_x509_certificate(certificate).subject.rfc4514_string()
