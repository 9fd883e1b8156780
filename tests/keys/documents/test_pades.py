"""PAdES signatures, judged by OpenSSL and pdfsig; what was there before stays byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from keys.documents.errors import DocumentRefusal
from keys.documents.key_file import new_rsa
from keys.documents.pades import archive, sign
from ledger.document_pdf import render
from tests.document_authority import DOCUMENT, Authority
from tests.document_judges import openssl, pdfsig, signatures

pytestmark = pytest.mark.req("APO-29")
UNSIGNED = render(DOCUMENT)


@pytest.fixture(scope="module", params=["ECDSA", "RSA"])
def authority(request: pytest.FixtureRequest) -> Authority:
    return Authority(new=new_rsa) if request.param == "RSA" else Authority()


@pytest.fixture(scope="module")
def signed(authority: Authority) -> list[bytes]:
    """The PDF before, with one signature, and with two."""
    stamps = authority.stamps()
    once = sign(UNSIGNED, authority.person("PERSONA UNO"), stamps, expected=2)
    return [UNSIGNED, once, sign(once, authority.person("PERSONA DOS"), stamps)]


def test_each_signature_is_an_increment(signed: list[bytes]) -> None:
    assert signed[1].startswith(signed[0])
    assert signed[2].startswith(signed[1])
    assert [len(signatures(pdf)) for pdf in signed] == [0, 1, 2]
    assert signed[2].count(b"/ETSI.CAdES.detached") >= 2


def test_openssl_accepts_each_signature_against_the_root(
    authority: Authority, signed: list[bytes], tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    for cms, data in signatures(signed[2]):
        (tmp_path / "s.der").write_bytes(cms)
        (tmp_path / "d").write_bytes(data)
        ask = (
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            "s.der",
            "-content",
            "d",
            "-out",
            "/dev/null",
        )
        assert "Verification successful" in openssl(*ask, "-CAfile", "ca.pem", where=tmp_path).text
        (tmp_path / "d").write_bytes(data.replace(b"F220617000000021", b"F220617000000022", 1) + b" ")
        assert openssl(*ask, "-CAfile", "ca.pem", where=tmp_path).code != 0
        printed = openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", "s.der", where=tmp_path).text
        assert "id-smime-aa-signingCertificateV2" in printed
        assert "id-smime-aa-timeStampToken" in printed
        assert "signingTime" not in printed.partition("signedAttrs")[2].partition("unsignedAttrs")[0]


def test_pdfsig_reads_both_signatures_as_valid(signed: list[bytes], tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(signed[2])
    text = pdfsig("d.pdf", tmp_path)
    assert text.count("Signature is Valid") == 2
    assert text.count("ETSI.CAdES.detached") == 2
    assert re.findall("Common Name: (.*)", text) == ["PERSONA UNO", "PERSONA DOS"]
    assert text.count("Total document signed") == 1


def test_pdfsig_notices_a_changed_byte(signed: list[bytes], tmp_path: Path) -> None:
    at = signed[2].index(b"/Title")
    changed = bytearray(signed[2])
    changed[at + 9] ^= 1
    (tmp_path / "d.pdf").write_bytes(changed)
    assert "Digest Mismatch" in pdfsig("d.pdf", tmp_path)


def test_what_makes_it_archivable_and_accessible_is_still_there(signed: list[bytes]) -> None:
    """No validator of PDF/A is at hand: the marks, the outside place and the print flag are looked at."""
    last = signed[1][len(signed[0]) :]
    assert re.search(rb"/Rect \[ ?-9999", last)
    assert re.search(rb"/F 132\b", last)
    assert b"/TU" in last
    metadata = last[last.index(b"<?xpacket begin") :] if b"<?xpacket begin" in last else signed[0]
    assert b"pdfaid" in metadata
    assert b"pdfuaid" in metadata


def test_an_archived_document_holds_what_its_signatures_need(
    authority: Authority, signed: list[bytes], tmp_path: Path
) -> None:
    revocations = authority.revocations().public_bytes(Encoding.DER)
    archived = archive(signed[2], [authority.der], [revocations], authority.stamps())
    assert archived.startswith(signed[2])
    assert b"/DSS" in archived
    token, data = signatures(archived)[2]
    (tmp_path / "t.der").write_bytes(token)
    (tmp_path / "d").write_bytes(data)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    ask = ("ts", "-verify", "-token_in", "-in", "t.der", "-data", "d", "-CAfile", "ca.pem")
    assert "Verification: OK" in openssl(*ask, where=tmp_path).text
    (tmp_path / "d.pdf").write_bytes(archived)
    assert pdfsig("d.pdf", tmp_path).count("Signature is Valid") == 2


def test_a_document_with_a_revoked_signer_is_not_archived(authority: Authority) -> None:
    person, stamps = authority.person("Se fue"), authority.stamps()
    pdf = sign(UNSIGNED, person, stamps)
    revocations = authority.revocations(person).public_bytes(Encoding.DER)
    with pytest.raises(DocumentRefusal, match="un certificado revocado"):
        archive(pdf, [authority.der], [revocations], stamps)


def test_what_is_no_pdf_is_refused(authority: Authority) -> None:
    for data in (b"", b"nada", UNSIGNED[:2000]):
        with pytest.raises(DocumentRefusal, match=r"documento\.pdf"):
            sign(data, authority.person("Persona"), authority.stamps())
