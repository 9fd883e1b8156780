"""X.509 certificates that packages may be encrypted to: RSA of 2048 bits or more, EC on the NIST curves.

Nobody's certification authority is asked: who owns the certificate is settled by the fingerprint that both
sides read aloud and by the proof of possession. What is checked is that it can be used, and until when.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from keys.recipients.errors import RecipientRefusal

MIN_RSA_BITS = 2048
MAX_RSA_BITS = 8192
MAX_BYTES = 64 * 1024
CURVES = ("secp256r1", "secp384r1", "secp521r1")
_PEM = b"-----BEGIN CERTIFICATE-----"


def parse_certificate(data: bytes, place: str = "certificado") -> x509.Certificate:
    """One certificate in PEM or DER. Raises RecipientRefusal unless it can be encrypted to."""
    if len(data) > MAX_BYTES or data.count(_PEM) > 1:
        raise RecipientRefusal("destinatario.x509", place, "un solo certificado X.509", "algo más largo")
    try:
        pem = _PEM in data
        found = x509.load_pem_x509_certificate(data) if pem else x509.load_der_x509_certificate(data)
        key = found.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise RecipientRefusal(
            "destinatario.x509", place, "un certificado X.509 en PEM o DER", "otra cosa"
        ) from None
    if isinstance(key, rsa.RSAPublicKey):
        _require_rsa(key, place)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        _require_curve(key, place)
    else:
        raise RecipientRefusal("destinatario.algoritmo", place, "RSA o EC", type(key).__name__)
    _require_usage(found, place)
    return found


def _require_rsa(key: rsa.RSAPublicKey, place: str) -> None:
    if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        expected = f"RSA de {MIN_RSA_BITS} a {MAX_RSA_BITS} bits"
        raise RecipientRefusal("destinatario.tamano", place, expected, f"{key.key_size} bits")
    if key.public_numbers().e < 65537:
        raise RecipientRefusal("destinatario.exponente", place, "65537", key.public_numbers().e)


def _require_curve(key: ec.EllipticCurvePublicKey, place: str) -> None:
    if key.curve.name not in CURVES:
        raise RecipientRefusal("destinatario.curva", place, "P-256, P-384 o P-521", key.curve.name)


def _require_usage(certificate: x509.Certificate, place: str) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    except ValueError:
        raise RecipientRefusal("destinatario.uso", place, "extensiones legibles", "otra cosa") from None
    is_rsa = isinstance(certificate.public_key(), rsa.RSAPublicKey)
    allowed = usage.key_encipherment if is_rsa else usage.key_agreement
    if not allowed:
        expected = "keyEncipherment (cifrado de llaves)" if is_rsa else "keyAgreement (acuerdo de llaves)"
        raise RecipientRefusal("destinatario.uso", place, expected, "un certificado para otros usos")


def require_valid(certificate: x509.Certificate, since: datetime, until: datetime, place: str) -> None:
    """Refuse unless the certificate is valid from `since` to `until`, both included."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if begins > since or ends < until:
        expected = f"vigente del {since:%d/%m/%Y} al {until:%d/%m/%Y}"
        raise RecipientRefusal(
            "destinatario.vigencia", place, expected, f"del {begins:%d/%m/%Y} al {ends:%d/%m/%Y}"
        )
