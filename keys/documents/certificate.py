"""Certificates: reading them from files, and what they say of their holder as a document prints it."""

from __future__ import annotations

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from keys.documents.errors import DocumentRefusal

_SHORT = {
    "common_name": "CN",
    "country_name": "C",
    "email_address": "E",
    "locality_name": "L",
    "organization_name": "O",
    "organizational_unit_name": "OU",
    "postal_code": "PostalCode",
    "serial_number": "SERIALNUMBER",
    "state_or_province_name": "ST",
    "street_address": "STREET",
}
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


def name_text(name: asn1.Name) -> str:
    """A distinguished name, its parts in the order of the certificate: «C=MX,O=…,CN=…»."""
    pairs = [pair for part in name.chosen for pair in part]
    return ",".join(
        f"{_SHORT.get(pair['type'].native, pair['type'].dotted)}={pair['value'].native}" for pair in pairs
    )


def read_certificates(data: bytes, place: str) -> list[bytes]:
    """All certificates of a PEM file, DER. Raises DocumentRefusal."""
    try:
        return [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(data)]
    except ValueError:
        raise DocumentRefusal("documento.certificado", place, "certificados en PEM", "otra cosa") from None


def read_revocations(data: bytes, place: str) -> list[bytes]:
    """The revocation list of a PEM file, DER. Raises DocumentRefusal."""
    try:
        return [x509.load_pem_x509_crl(data).public_bytes(Encoding.DER)]
    except ValueError:
        raise DocumentRefusal("documento.certificado", place, "una lista en PEM", "otra cosa") from None
