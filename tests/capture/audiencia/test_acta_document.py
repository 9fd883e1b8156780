"""The acta as an official document: everything that was said is in it, also when it is printed."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from capture.audiencia.acta import Acta, Line
from capture.audiencia.acta_document import Issuer, acta_document
from capture.audiencia.store_sql import Audiencia
from capture.audiencia.terms import Fase
from ledger.document_pdf import render
from tests.capture.records.making import PROCESO, START, folio

ISSUER = Issuer("Instituto Electoral", "Promovente", "Consulta")
HELD = Audiencia(
    "audiencia-1",
    PROCESO,
    "ieez",
    Fase.CONCLUIDA,
    START,
    "Sala de sesiones",
    START - timedelta(days=3),
    START - timedelta(days=2),
    START - timedelta(hours=9),
    START + timedelta(hours=1),
    None,
)
CHANGED = Line(
    1,
    folio(1),
    "con-inconsistencia",
    "para-envio-a-compulsa",
    "Se retira la inconsistencia",
    ("Información nueva para actualizar los datos",),
    "La firma sí está.\n#set text(red) *no* es código",
    "ana",
)
LEFT = Line(2, folio(2), "defuncion", "defuncion", "Sin modificación", (), "", "beto")


@pytest.mark.req("APO-22")
def test_the_printed_acta_has_every_record_with_what_was_said(tmp_path: Path) -> None:
    acta = Acta(HELD, ("ana", "beto"), (CHANGED, LEFT))
    document = acta_document(acta, ISSUER, START + timedelta(hours=2))
    path = tmp_path / "acta.pdf"
    path.write_bytes(render(document))
    text = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in (
        "La firma sí está.",
        "#set text(red)",
        "Sala de sesiones",
        "Sin modificación",
        "14/12/2022",
    ):
        assert words in text


def test_an_acta_without_records_says_so() -> None:
    told = acta_document(Acta(HELD, ("ana",), ()), ISSUER, START).encode().decode()
    assert "No hubo manifestaciones." in told
