"""Recipients: others' programs open what is encrypted to them, and what cannot be used is refused."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import Refusal
from keys.recipients import identity
from keys.recipients.errors import DecryptionRefusal, RecipientRefusal
from keys.recipients.recipient import Recipient, X509Recipient, parse_recipient, spoken
from tests.keys.recipients.making import KEYS, SINCE, UNTIL, certificate, write_private

CONTENT = b"contenido de prueba " * 20_000
CURVE = KEYS["p-256"]()


def sealed(recipient: Recipient, content: bytes = CONTENT) -> bytes:
    target = io.BytesIO()
    recipient.encrypt(io.BytesIO(content), target)
    return target.getvalue()


def opened(key: identity.Identity, data: bytes) -> bytes:
    target = io.BytesIO()
    key.decrypt(io.BytesIO(data), target, "paquete")
    return target.getvalue()


@pytest.mark.req("APO-23")
@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("content", [b"", b"x", CONTENT], ids=["empty", "one-byte", "long"])
def test_openssl_opens_what_is_encrypted_to_a_certificate(kind: str, content: bytes, tmp_path: Path) -> None:
    key = KEYS[kind]()
    recipient = parse_recipient(certificate(key))
    message, out = tmp_path / "paquete.cms", tmp_path / "abierto"
    message.write_bytes(sealed(recipient, content))
    private = write_private(tmp_path / "llave.pem", key)
    order = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", str(message)]
    subprocess.run([*order, "-inkey", str(private), "-out", str(out)], check=True, capture_output=True)
    assert out.read_bytes() == content
    assert opened(identity.X509Identity(key), message.read_bytes()) == content


@pytest.mark.req("APO-23")
def test_the_age_program_opens_what_is_encrypted_to_a_recipient(tmp_path: Path) -> None:
    made, text = identity.new_age(SINCE)
    key = tmp_path / "llave.txt"
    key.write_bytes(text)
    message = tmp_path / "paquete.age"
    message.write_bytes(sealed(parse_recipient(made.recipient.text.encode() + b"\n")))
    done = subprocess.run(["age", "-d", "-i", str(key), str(message)], check=True, capture_output=True)
    assert done.stdout == CONTENT == opened(made, message.read_bytes())


def test_openssl_shows_the_fingerprint_that_is_read_aloud(tmp_path: Path) -> None:
    pem = tmp_path / "cert.pem"
    pem.write_bytes(certificate(CURVE))
    order = ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", str(pem)]
    shown = subprocess.run(order, check=True, capture_output=True, text=True).stdout
    fingerprint = parse_recipient(pem.read_bytes()).fingerprint
    assert shown.strip().partition("=")[2].replace(":", "").lower() == fingerprint
    assert "".join(spoken(fingerprint)).replace(" ", "") == fingerprint


@pytest.mark.parametrize("at", [3, 1000, -70_000, -200, -12])
@pytest.mark.parametrize("kind", ["rsa-2048", "p-256"])
def test_an_altered_message_is_refused(kind: str, at: int) -> None:
    key = KEYS[kind]()
    data = bytearray(sealed(parse_recipient(certificate(key))))
    data[at] ^= 1
    with pytest.raises(DecryptionRefusal):
        opened(identity.X509Identity(key), bytes(data))


@given(st.integers(min_value=0))
def test_a_message_that_is_cut_anywhere_is_refused(cut: int) -> None:
    data = sealed(parse_recipient(certificate(CURVE)), b"corto")
    with pytest.raises(DecryptionRefusal):
        opened(identity.X509Identity(CURVE), data[: cut % len(data)])


def test_another_key_opens_nothing() -> None:
    data = sealed(parse_recipient(certificate(CURVE)))
    for other in (KEYS["p-256"](), KEYS["p-384"](), KEYS["rsa-2048"]()):
        with pytest.raises(DecryptionRefusal):
            opened(identity.X509Identity(other), data)


def weak(exponent: int, bits: int) -> rsa.RSAPrivateKey:
    """What nobody should hand in."""
    return rsa.generate_private_key(exponent, bits)


def _age_secret() -> bytes:
    return str(pyrage.x25519.Identity.generate()).encode()


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: certificate(weak(65537, 1024)), "destinatario.tamano"),
        (lambda: certificate(weak(3, 2048)), "destinatario.exponente"),
        (lambda: certificate(ec.generate_private_key(ec.SECP256K1())), "destinatario.curva"),
        (lambda: certificate(ed25519.Ed25519PrivateKey.generate()), "destinatario.algoritmo"),
        (lambda: certificate(CURVE) * 2, "destinatario.x509"),
        (lambda: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "destinatario.x509"),
        (lambda: b"", "destinatario.x509"),
        (lambda: b"age1" + b"q" * 58, "destinatario.age"),
        (_age_secret, "destinatario.secreto"),
        (lambda: b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "destinatario.secreto"),
    ],
)
def test_what_cannot_be_encrypted_to_is_refused(make: Callable[[], bytes], rule: str) -> None:
    data = make()
    with pytest.raises(RecipientRefusal) as refusal:
        parse_recipient(data)
    assert refusal.value.rule == rule
    assert "AGE-SECRET-KEY" not in str(refusal.value)


@pytest.mark.parametrize("kind", ["rsa-2048", "p-256"])
def test_a_certificate_for_signatures_only_is_refused(kind: str) -> None:
    only_signs = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    with pytest.raises(RecipientRefusal, match=r"destinatario\.uso"):
        parse_recipient(certificate(KEYS[kind](), only_signs))


def test_a_certificate_that_expires_before_the_end_is_refused() -> None:
    recipient = parse_recipient(certificate(CURVE))
    recipient.require_valid(SINCE, UNTIL)
    for since, until in ((SINCE, UNTIL + timedelta(seconds=1)), (SINCE - timedelta(seconds=1), UNTIL)):
        with pytest.raises(RecipientRefusal, match=r"destinatario\.vigencia"):
            recipient.require_valid(since, until)


@pytest.mark.parametrize("curve", [True, False])
def test_our_own_certificates_can_be_used_and_their_keys_kept_under_a_phrase(
    curve: bool, tmp_path: Path
) -> None:
    made, cert = identity.new_x509(curve, "Instituto de prueba", SINCE, UNTIL)
    path = tmp_path / "llave.pem"
    path.write_bytes(identity.seal_x509(made, "seis palabras al azar"))
    message = sealed(X509Recipient(cert))
    assert opened(identity.load(path, "seis palabras al azar"), message) == CONTENT
    with pytest.raises(Refusal, match=r"llave\.abrir"):
        identity.load(path, "otra frase cualquiera")
    csr = x509.load_pem_x509_csr(identity.request(made, cert))
    assert csr.is_signature_valid and csr.public_key() == cert.public_key()


def test_an_identity_of_age_is_kept_under_a_phrase(tmp_path: Path) -> None:
    made, text = identity.new_age(SINCE)
    path = tmp_path / "llave.age"
    path.write_bytes(identity.seal_age(text, "seis palabras al azar"))
    assert identity.is_sealed(path)
    assert identity.load(path, "seis palabras al azar") == made
    assert made.secret not in repr(made)
