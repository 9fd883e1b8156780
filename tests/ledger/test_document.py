"""An official document: one content, told to people and to programs."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.document import (
    LEGEND_INE,
    Chart,
    Document,
    Facts,
    Items,
    Paragraph,
    Section,
    Signatures,
    Table,
    Tone,
)
from ledger.document_pdf import ATTACHED, DocumentPrinter, Seal, qr_text, render

pytestmark = pytest.mark.req("APO-29")
FIGURES = Table(
    ("Estado", "Registros"),
    (("Enviados", "1,203"), ("Duplicados", "3")),
    (1,),
    ("Total", "1,206"),
    "Por estado",
)
DOCUMENT = Document(
    "prueba",
    "Cédula de confirmación",
    "Instituto Electoral del Estado de Zacatecas",
    datetime(2022, 12, 14, 17, 58, 3, tzinfo=UTC),
    (
        Facts((("Folio", "F220617000000021"),)),
        Paragraph("Se hace constar lo siguiente – sin más.", lead="Primero."),
        *(Paragraph(f"Un texto de tono {tone}.", tone=tone) for tone in Tone),
        Items(("uno", "dos"), numbered=False),
        Section(
            "Cifras", (FIGURES, Section("Por día", (Chart("Por día", (("1 de mayo", 1200), ("2", 0))),)))
        ),
        Signatures((("Titular", "Secretaría Ejecutiva"),)),
    ),
    subtitle="de la persona auxiliar",
    reference="Oficio 12/2022",
    legend=LEGEND_INE,
    page="https://certeza.ejemplo.mx/documentos",
)
SEAL = Seal("PERSONA DE PRUEBA", "000000000000000008006", "s+/6", "CN=Prueba,C=MX", "14/12/2022 11:58:04 AM")


def read(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("AVISO: falta pdftotext (poppler-utils): NO se leyó el texto de los documentos en PDF")
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", " ", run.stdout.decode())


def test_says_on_paper_what_the_data_say() -> None:
    text = read(render(DOCUMENT, (SEAL,)))
    for part in (
        *(
            "Cédula de confirmación",
            "F220617000000021",
            "14 de diciembre de 2022, 11:58 horas",
            "1,206",
            "1,200",
        ),
        *("Documento firmado por: PERSONA DE PRUEBA", "Certificado: 000000000000000008006", "Oficio 12/2022"),
        *("Sello digital del documento original: s+/6", "Secretaría Ejecutiva", f'"{LEGEND_INE}"'),
        "Sello digital de Tiempo: Autoridad: CN=Prueba,C=MX | Fecha: 14/12/2022 11:58:04 AM",
    ):
        assert part in text
    assert DOCUMENT.sha256 in text.replace(" ", "")


def test_the_legend_is_word_for_word_that_of_the_source() -> None:
    spec = DOCUMENT.as_json()["leyenda"]
    assert spec.startswith(
        "El presente documento está firmado electrónicamente, produciendo los mismos efectos"
    )
    assert (
        "artículos 10, 11, 12 y 22 del Reglamento para el Uso y Operación de la Firma Electrónica Avanzada"
        in spec
    )
    assert hashlib.sha256(spec.encode()).hexdigest() == LEGEND_SHA256


LEGEND_SHA256 = "50bc68c02fef11e77900f9aa268877cb794b8f52a5bef5c5663824288662df44"


def test_same_data_same_bytes_and_another_word_another_hash() -> None:
    assert DocumentPrinter().print(DOCUMENT, (SEAL,), b"0") == render(DOCUMENT, (SEAL,), b"0")
    other = replace(DOCUMENT, title="Cédula de Confirmación")
    assert other.sha256 != DOCUMENT.sha256
    assert render(other) != render(DOCUMENT)


def test_claims_to_be_an_archivable_and_accessible_pdf() -> None:
    pdf = render(DOCUMENT)
    for mark in (b"<pdfaid:part>3</pdfaid:part>", b"<pdfaid:conformance>A<", b"pdfuaid", b"/AFRelationship"):
        assert mark in pdf


def test_the_attached_file_is_the_canonical_json_that_the_page_names(tmp_path: Path) -> None:
    if shutil.which("pdfdetach") is None:
        pytest.skip("AVISO: falta pdfdetach (poppler-utils): NO se leyó el JSON adjunto de los documentos")
    (tmp_path / "d.pdf").write_bytes(render(DOCUMENT, (), b"token"))
    run = ["pdfdetach", "-saveall", "-o", str(tmp_path), str(tmp_path / "d.pdf")]
    subprocess.run(run, check=True, capture_output=True)
    data = (tmp_path / ATTACHED).read_bytes()
    assert data == DOCUMENT.encode()
    assert qr_text(DOCUMENT) == f"certeza:documento:{hashlib.sha256(data).hexdigest()}"
    assert (tmp_path / "documento.tst").read_bytes() == b"token"


def test_the_json_has_one_spelling() -> None:
    value = json.loads(DOCUMENT.encode())
    assert value == DOCUMENT.as_json()
    assert value["emitido"] == "2022-12-14T17:58:03.000+00:00"
    assert list(value) == sorted(value)


@settings(max_examples=15)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_what_comes_from_outside_is_shown_and_never_evaluated(text: str) -> None:
    document = replace(DOCUMENT, title="x" + text, parts=(Paragraph(text), Facts(((text, text),))))
    assert render(document).startswith(b"%PDF-")


def test_code_of_the_typesetter_is_only_text() -> None:
    text = read(render(replace(DOCUMENT, parts=(Paragraph('#panic("x") $x^2$ "] *a* \u202eb'),))))
    assert '#panic("x") $x^2$ "] *a* [U+202E]b' in text


def test_data_that_cannot_be_a_document_are_not_taken() -> None:
    with pytest.raises(ValueError, match="una fila de 1 celdas"):
        Table(("a", "b"), (("1",),))
    with pytest.raises(ValueError, match="menos que cero"):
        Chart("a", (("b", -1),))
    with pytest.raises(ValueError, match="zona horaria"):
        replace(DOCUMENT, issued=datetime(2022, 1, 1))  # noqa: DTZ001 - what is refused
