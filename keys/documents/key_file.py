"""Keys that sign documents, in a file protected by a passphrase: PKCS #12, or PEM with its certificates."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from keys.documents.errors import DocumentRefusal
from keys.documents.profile import PrivateKey

KDF_ROUNDS = 600_000
"""Of PBKDF2 with HMAC-SHA-256 in the files that are written here."""
RSA_BITS = 3072
LEAST_RSA_BITS = 2048
MAX_FILE_BYTES = 256 * 1024
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@dataclass(frozen=True, slots=True)
class LocalSigner:
    """A `Signer` whose key is in memory. `certificate` and `chain`: DER."""

    certificate: bytes
    chain: tuple[bytes, ...]
    _key: PrivateKey = field(repr=False)

    def sign(self, data: bytes, digest: str) -> bytes:
        """See `ports.Signer.sign`."""
        algorithm = _HASHES[digest]()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))


def new_rsa() -> rsa.RSAPrivateKey:
    """A new RSA-3072 key."""
    return rsa.generate_private_key(65537, RSA_BITS)


def new_ecdsa() -> ec.EllipticCurvePrivateKey:
    """A new ECDSA key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def local_signer(
    key: object, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...], place: str
) -> LocalSigner:
    """The key with its certificates. Raises DocumentRefusal when they do not belong together."""
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < LEAST_RSA_BITS:
            expected = f"RSA de {LEAST_RSA_BITS} bits o más"
            raise DocumentRefusal("documento.llave", place, expected, f"{key.key_size} bits")
    elif not isinstance(key, ec.EllipticCurvePrivateKey):
        raise DocumentRefusal("documento.llave", place, "una llave RSA o ECDSA", type(key).__name__)
    if certificate.public_key() != key.public_key():
        raise DocumentRefusal("documento.llave", place, "el certificado de esa llave", "el de otra")
    ders = tuple(one.public_bytes(Encoding.DER) for one in chain)
    return LocalSigner(certificate.public_bytes(Encoding.DER), ders, key)


def write_pkcs12(
    key: PrivateKey,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    passphrase: str,
    rounds: int = KDF_ROUNDS,
) -> bytes:
    """PKCS #12 with AES-256; OpenSSL 1.1 and later read it. Few `rounds` do for a random passphrase."""
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(rounds)
    builder = builder.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA256())
    protection = builder.build(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(b"certeza", key, certificate, chain, protection)


def write_pem(key: PrivateKey, passphrase: str | None) -> bytes:
    """PKCS #8 in PEM, encrypted unless `passphrase` is None."""
    protection = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)


def read_key_file(
    data: bytes, passphrase: str | None, place: str, certificates: bytes | None = None
) -> LocalSigner:
    """A PKCS #12 or a PEM private key; a PEM's certificates come after it or in `certificates`.

    Raises DocumentRefusal: not such a file, another passphrase, or a certificate of another key.
    """
    if len(data) > MAX_FILE_BYTES:
        raise DocumentRefusal("limite.tamano", place, f"a lo más {MAX_FILE_BYTES} bytes", len(data))
    secret = passphrase.encode() if passphrase else None
    if b"-----BEGIN" in data:
        return _read_pem(data, secret, certificates if certificates is not None else data, place)
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(data, secret)
    except (ValueError, UnsupportedAlgorithm):
        raise _unreadable(place) from None
    if key is None or certificate is None:
        raise DocumentRefusal("documento.llave", place, "una llave y su certificado", "falta alguno")
    return local_signer(key, certificate, tuple(chain), place)


def _read_pem(data: bytes, secret: bytes | None, certificates: bytes, place: str) -> LocalSigner:
    try:
        key = load_pem_private_key(data, secret)
        found = x509.load_pem_x509_certificates(certificates)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unreadable(place) from None
    public = key.public_key()
    own = [one for one in found if one.public_key() == public]
    if not own:
        raise DocumentRefusal("documento.llave", place, "el certificado de esa llave", "ninguno")
    return local_signer(key, own[0], tuple(one for one in found if one is not own[0]), place)


def _unreadable(place: str) -> DocumentRefusal:
    expected = "PKCS #12 o PEM, y su frase"
    return DocumentRefusal("documento.llave", place, expected, "otro archivo u otra frase")
