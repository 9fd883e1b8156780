"""A document is issued: what the page says of its seals is what its certificates and its stamp say."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keys.documents.errors import DocumentRefusal
from ledger.issuing import Issued, issue
from tests.document_authority import DOCUMENT, Authority, number_of
from tests.document_judges import openssl, pdfsig
from tests.ledger.test_document import read

pytestmark = pytest.mark.req("APO-29")
MOMENT = datetime(2024, 7, 5, 19, 9, 27, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority(begins=datetime(2024, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def issued(authority: Authority) -> Issued:
    people = [authority.person("PERSONA UNO"), authority.person("PERSONA DOS")]
    return issue(DOCUMENT, people, authority.stamps(MOMENT))


def test_the_page_shows_a_seal_for_each_person_as_the_documents_of_the_ine_do(authority: Authority) -> None:
    people = [authority.person("PERSONA UNO"), authority.person("PERSONA DOS")]
    text = read(issue(DOCUMENT, people, authority.stamps(MOMENT)).pdf)
    digest = base64.b64encode(hashlib.sha256(DOCUMENT.encode()).digest()).decode()
    assert text.count(f"Sello digital del documento original: {digest}") == 2
    for person, name in zip(people, ("PERSONA UNO", "PERSONA DOS"), strict=True):
        assert f"Documento firmado por: {name} Certificado: {number_of(person):021d}" in text
    assert re.search(
        r"Sello digital de Tiempo: Autoridad: .*Sellos de prueba.*\| Fecha: 05/07/2024 01:09:27 PM", text
    )


def test_both_signatures_are_real(issued: Issued, tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(issued.pdf)
    assert pdfsig("d.pdf", tmp_path).count("Signature is Valid") == 2


def test_json_and_stamp_travel_inside_the_pdf_and_openssl_accepts_the_stamp(
    authority: Authority, issued: Issued, tmp_path: Path
) -> None:
    (tmp_path / "d.pdf").write_bytes(issued.pdf)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    subprocess.run(["pdfdetach", "-saveall", "d.pdf"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "documento.json").read_bytes() == issued.json == DOCUMENT.encode()
    assert issued.json_sha256 == DOCUMENT.sha256
    ask = ("ts", "-verify", "-token_in", "-in", "documento.tst", "-CAfile", "ca.pem")
    assert "Verification: OK" in openssl(*ask, "-data", "documento.json", where=tmp_path).text


def test_somebody_signs_and_not_a_crowd(authority: Authority) -> None:
    for count in (0, 17):
        with pytest.raises(DocumentRefusal, match=r"limite\.firmas"):
            issue(DOCUMENT, [authority.person("Persona")] * count, authority.stamps())
