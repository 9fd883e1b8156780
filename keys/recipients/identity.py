"""The private side of a recipient: made by whoever owns it, kept under a passphrase, used to decrypt.

An age identity is the file that `age-keygen` writes, encrypted with age and a passphrase: `age -d -i FILE`
asks for it and opens packages too. A private key of X.509 is an encrypted PKCS#8 in PEM, as openssl reads it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

import pyrage
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from keys.recipients import cms_read
from keys.recipients.errors import DecryptionRefusal, RecipientRefusal
from keys.recipients.recipient import AGE, CMS, AgeRecipient
from keys.trustee_file import seal, unseal

MAX_BYTES = 64 * 1024
RSA_BITS = 3072
_AGE_HEADER = b"age-encryption.org/v1\n"
_SECRET = re.compile(r"^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$", re.ASCII | re.MULTILINE)


class Identity(Protocol):
    """A private key that opens what was encrypted to its recipient."""

    @property
    def kind(self) -> str:
        """`age` or `x509`."""

    def decrypt(self, source: BinaryIO, target: BinaryIO, place: str) -> None:
        """Raises DecryptionRefusal; what was written until then is not to be believed."""


@dataclass(frozen=True, slots=True)
class AgeIdentity:
    """An X25519 identity of age."""

    secret: str = field(repr=False)

    @property
    def kind(self) -> str:
        """See Identity."""
        return AGE

    @property
    def recipient(self) -> AgeRecipient:
        """Its public key."""
        return AgeRecipient(str(pyrage.x25519.Identity.from_str(self.secret).to_public()))

    def decrypt(self, source: BinaryIO, target: BinaryIO, place: str) -> None:
        """See Identity."""
        try:
            pyrage.decrypt_io(source, target, [pyrage.x25519.Identity.from_str(self.secret)])
        except (pyrage.DecryptError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the medium, not the file
            raise DecryptionRefusal(
                "age.abrir",
                place,
                "un archivo entero, cifrado para esta llave",
                "otra llave, o un archivo alterado",
            ) from None


@dataclass(frozen=True, slots=True)
class X509Identity:
    """The private key of a certificate."""

    key: cms_read.PrivateKey = field(repr=False)

    @property
    def kind(self) -> str:
        """See Identity."""
        return CMS

    def decrypt(self, source: BinaryIO, target: BinaryIO, place: str) -> None:
        """See Identity."""
        cms_read.decrypt(self.key, source, target, place)


def new_age(now: datetime) -> tuple[AgeIdentity, bytes]:
    """A new identity, and the text of its file."""
    made = pyrage.x25519.Identity.generate()
    text = f"# created: {now.isoformat(timespec='seconds')}\n# public key: {made.to_public()}\n{made}\n"
    return AgeIdentity(str(made)), text.encode()


def new_x509(
    curve: bool, name: str, since: datetime, until: datetime
) -> tuple[X509Identity, x509.Certificate]:
    """A private key (P-384, or RSA of RSA_BITS) and a certificate that it signs itself."""
    key: cms_read.PrivateKey
    key = ec.generate_private_key(ec.SECP384R1()) if curve else rsa.generate_private_key(65537, RSA_BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(False, False, not curve, False, curve, False, False, False, False)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), since, until)
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA384())
    )
    return X509Identity(key), made


def request(identity: X509Identity, certificate: x509.Certificate) -> bytes:
    """A certificate signing request in PEM, for an OPL whose institute certifies its keys."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(certificate.subject)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    builder = builder.add_extension(usage.value, critical=True)
    return builder.sign(identity.key, hashes.SHA384()).public_bytes(Encoding.PEM)


def seal_age(text: bytes, passphrase: str) -> bytes:
    """The identity's file, encrypted with the passphrase."""
    return seal(text, passphrase)


def seal_x509(identity: X509Identity, passphrase: str) -> bytes:
    """The private key as encrypted PKCS#8, PEM."""
    encryption = BestAvailableEncryption(passphrase.encode())
    return identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def is_sealed(path: Path) -> bool:
    """Whether a passphrase is needed to open the file. Raises OSError, RecipientRefusal."""
    data = _read(path)
    return data.startswith(_AGE_HEADER) or b"ENCRYPTED" in data


def load(path: Path, passphrase: str | None) -> Identity:
    """Open a private key's file. Raises OSError, RecipientRefusal, TrusteeFileRefusal; none shows it."""
    data, place = _read(path), str(path)
    passphrase = passphrase and unicodedata.normalize("NFC", passphrase)
    if b"PRIVATE KEY-----" in data:
        return _load_pem(data, passphrase, place)
    if data.startswith(_AGE_HEADER):
        data = unseal(data, passphrase or "", place)
    found = _SECRET.search(data.decode("utf-8", "replace"))
    if found is None:
        raise RecipientRefusal("llave.forma", place, "una llave privada de age o de openssl", "otra cosa")
    return AgeIdentity(found[0])


def _load_pem(data: bytes, passphrase: str | None, place: str) -> X509Identity:
    try:
        key = load_pem_private_key(data, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise RecipientRefusal(
            "llave.abrir", place, "la llave y su frase", "otra frase, o una llave dañada"
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise RecipientRefusal("destinatario.algoritmo", place, "RSA o EC", type(key).__name__)
    return X509Identity(key)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RecipientRefusal("llave.tamano", str(path), f"a lo más {MAX_BYTES} bytes", "más")
    return data
