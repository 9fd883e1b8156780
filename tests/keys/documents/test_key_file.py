"""Files of keys: OpenSSL reads ours, and ours reads OpenSSL's."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from keys.documents.errors import DocumentRefusal
from keys.documents.key_file import (
    MAX_FILE_BYTES,
    local_signer,
    new_ecdsa,
    new_rsa,
    read_key_file,
    write_pem,
    write_pkcs12,
)
from tests.document_authority import Authority, validity
from tests.document_judges import openssl

pytestmark = pytest.mark.req("APO-29")
PASSPHRASE = "seis palabras al azar de prueba"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def certified(authority: Authority, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> x509.Certificate:
    subject = authority.subject("Persona")
    return authority.issuer.signer(subject, key.public_key(), validity(authority.begins, authority.ends))


@pytest.mark.parametrize("new", [new_rsa, new_ecdsa])
def test_pkcs12_of_ours_is_read_by_openssl_and_by_us(authority: Authority, new: type, tmp_path: Path) -> None:
    key = new()
    made = certified(authority, key)
    data = write_pkcs12(key, made, (authority.issuer.certificate,), PASSPHRASE)
    signer = read_key_file(data, PASSPHRASE, "llave.p12")
    assert (signer.certificate, signer.chain) == (made.public_bytes(Encoding.DER), (authority.der,))
    (tmp_path / "k.p12").write_bytes(data)
    run = openssl("pkcs12", "-in", "k.p12", "-noenc", "-passin", f"pass:{PASSPHRASE}", where=tmp_path)
    assert run.code == 0
    assert "PRIVATE KEY" in run.text


@pytest.mark.parametrize("algorithm", ["rsa:2048", "ec"])
def test_files_of_openssl_are_read(algorithm: str, tmp_path: Path) -> None:
    curve = ("-pkeyopt", "ec_paramgen_curve:P-256") if algorithm == "ec" else ()
    ask = ("req", "-x509", "-newkey", algorithm, *curve, "-keyout", "k.pem", "-out", "c.pem", "-days", "9")
    assert openssl(*ask, "-subj", "/CN=Persona", "-passout", "pass:frase", where=tmp_path).code == 0
    key, certificate = (tmp_path / "k.pem").read_bytes(), (tmp_path / "c.pem").read_bytes()
    apart = read_key_file(key, "frase", "k.pem", certificate)
    assert read_key_file(key + certificate, "frase", "k.pem").certificate == apart.certificate
    made = ("pkcs12", "-export", "-in", "c.pem", "-inkey", "k.pem", "-out", "k.p12", "-passin", "pass:frase")
    assert openssl(*made, "-passout", "pass:otra frase", where=tmp_path).code == 0
    assert (
        read_key_file((tmp_path / "k.p12").read_bytes(), "otra frase", "k.p12").certificate
        == apart.certificate
    )


def test_openssl_verifies_what_a_key_signs(authority: Authority, tmp_path: Path) -> None:
    signer = authority.person("Persona")
    certificate = x509.load_der_x509_certificate(signer.certificate)
    (tmp_path / "c.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    openssl("x509", "-in", "c.pem", "-pubkey", "-noout", "-out", "p.pem", where=tmp_path)
    (tmp_path / "s").write_bytes(signer.sign(b"datos", "sha256"))
    run = openssl("dgst", "-sha256", "-verify", "p.pem", "-signature", "s", where=tmp_path, give=b"datos")
    assert "Verified OK" in run.text


def test_another_passphrase_or_another_file_is_refused(authority: Authority) -> None:
    key = new_ecdsa()
    made = certified(authority, key)
    pkcs12 = write_pkcs12(key, made, (), PASSPHRASE)
    pem = write_pem(key, PASSPHRASE) + made.public_bytes(Encoding.PEM)
    assert read_key_file(pem, PASSPHRASE, "k").certificate == made.public_bytes(Encoding.DER)
    for data, phrase in [
        (pkcs12, "otra"),
        (pem, "otra"),
        (pem, None),
        (b"nada", None),
        (pkcs12[:-9], PASSPHRASE),
    ]:
        with pytest.raises(DocumentRefusal, match=r"otro archivo u otra frase"):
            read_key_file(data, phrase, "k")
    with pytest.raises(DocumentRefusal, match=r"limite\.tamano"):
        read_key_file(bytes(MAX_FILE_BYTES + 1), None, "k")
    assert PASSPHRASE not in repr(read_key_file(pem, PASSPHRASE, "k"))


def test_keys_that_do_not_serve_are_refused(authority: Authority) -> None:
    key = new_ecdsa()
    made = certified(authority, key)
    with pytest.raises(DocumentRefusal, match="el de otra"):
        local_signer(new_ecdsa(), made, (), "k")
    with pytest.raises(DocumentRefusal, match="Ed25519"):
        local_signer(ed25519.Ed25519PrivateKey.generate(), made, (), "k")
    with pytest.raises(DocumentRefusal, match="1024 bits"):
        local_signer(rsa.generate_private_key(65537, 1024), made, (), "k")  # noqa: S505 - what is refused
    alone = write_pem(new_ecdsa(), None) + made.public_bytes(Encoding.PEM)
    with pytest.raises(DocumentRefusal, match="ninguno"):
        read_key_file(alone, None, "k")
