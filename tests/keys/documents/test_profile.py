"""Certificates of an authority of trial, as OpenSSL sees them."""

from __future__ import annotations

from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from keys.documents.certificate import holder, name_text, number
from keys.documents.key_file import LocalSigner, new_rsa
from tests.document_authority import DAY, Authority, now, number_of
from tests.document_judges import Outcome, openssl

pytestmark = pytest.mark.req("APO-29")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def verify(authority: Authority, signer: LocalSigner, where: Path, *options: object) -> Outcome:
    (where / "ca.pem").write_bytes(authority.pem)
    loaded = x509.load_der_x509_certificate(signer.certificate)
    (where / "one.pem").write_bytes(loaded.public_bytes(Encoding.PEM))
    return openssl("verify", "-x509_strict", *options, "-CAfile", "ca.pem", "one.pem", where=where)


@pytest.mark.parametrize("kind", ["ECDSA", "RSA"])
def test_openssl_accepts_who_signs_and_who_stamps_each_for_its_purpose(kind: str, tmp_path: Path) -> None:
    authority = Authority(new=new_rsa) if kind == "RSA" else Authority()
    person, stamper = authority.person("Persona"), authority.stamper()
    assert verify(authority, person, tmp_path, "-purpose", "smimesign").code == 0
    assert verify(authority, stamper, tmp_path, "-purpose", "timestampsign").code == 0
    assert verify(authority, person, tmp_path, "-purpose", "timestampsign").code != 0
    assert verify(authority, stamper, tmp_path, "-purpose", "smimesign").code != 0


def test_openssl_refuses_another_authority_and_what_expired(authority: Authority, tmp_path: Path) -> None:
    other = Authority().person("Persona")
    assert "unable to get local issuer" in verify(authority, other, tmp_path).text
    old = authority.person("Persona", now() - 90 * DAY, now() - 60 * DAY)
    assert "certificate has expired" in verify(authority, old, tmp_path).text


def test_openssl_refuses_what_the_list_revokes(authority: Authority, tmp_path: Path) -> None:
    gone, stays = authority.person("Se fue"), authority.person("Sigue")
    revoked = authority.revocations(gone).public_bytes(Encoding.PEM)
    (tmp_path / "crl.pem").write_bytes(revoked)
    asking = ("-crl_check", "-CRLfile", "crl.pem")
    assert "certificate revoked" in verify(authority, gone, tmp_path, *asking).text
    assert verify(authority, stays, tmp_path, *asking).code == 0


def test_uses_are_those_of_the_standards(authority: Authority) -> None:
    person = x509.load_der_x509_certificate(authority.person("Persona").certificate)
    usage = person.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.content_commitment
    stamper = x509.load_der_x509_certificate(authority.stamper().certificate)
    extended = stamper.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert extended.critical
    assert [one.dotted_string for one in extended.value] == ["1.3.6.1.5.5.7.3.8"]


def test_what_is_printed_of_a_certificate(authority: Authority) -> None:
    person = authority.person("PERSONA DE PRUEBA")
    assert holder(person.certificate) == "PERSONA DE PRUEBA"
    assert number(person.certificate) == f"{number_of(person):021d}"
    name = asn1.Certificate.load(person.certificate).subject
    expected = "C=MX,L=Ciudad de México,O=Instituto de Prueba,OU=Área de prueba,CN=PERSONA DE PRUEBA"
    assert name_text(name) == expected
