"""The Nota informativa of source 003: its twelve tables at a cut-off, and the files in which it is given."""

from __future__ import annotations

import io
import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from capture.records.states import Columna
from capture.reports.errors import FiguresDisagree, ReportRefusal
from capture.reports.nota import CHANGED_LATER, AuxiliarDay, Nota, by_month
from capture.reports.nota_document import document
from capture.reports.nota_sql import gather
from capture.reports.nota_tables import RESERVED, tables
from capture.reports.nota_words import KINDS, captions
from capture.reports.nota_xlsx import workbook
from ledger.database import Database
from ledger.document_pdf import render
from tests.capture.processes_made import PROCESO
from tests.capture.reports.made import CUT, DAY, START, fill


@pytest.fixture
def nota(database: Database) -> Nota:
    with database.writing() as connection:
        fill(connection)
        return gather(connection, PROCESO, CUT)


@pytest.mark.req("APO-28")
def test_every_table_is_as_things_stood_at_the_cut_off(nota: Nota) -> None:
    first = date(2022, 12, 14)
    assert dict(nota.procesos) == {first: 1, date(2023, 1, 3): 1}
    assert dict(nota.meses) == {date(2022, 11, 1): 0, date(2022, 12, 1): 7, date(2023, 1, 1): 1}
    assert nota.auxiliares == (AuxiliarDay(first, 2, 1, 0), AuxiliarDay(date(2022, 12, 15), 0, 1, 1))
    assert dict(nota.bajas) == {"Cambio de correo": 1}
    assert nota.enviados == 7
    assert nota.avance[Columna.PARA_COMPULSA] == 1
    assert nota.avance[Columna.CON_INCONSISTENCIA] == 2
    assert nota.avance[Columna.EN_MESA] == 1
    assert nota.avance[Columna.EN_PROCESAMIENTO] == 3
    assert dict(nota.inconsistencias) == {"Fotocopia de la credencial": 1, CHANGED_LATER: 1}
    assert dict(nota.modalidades) == {"auxiliar": 6, "mi-apoyo": 1}
    assert nota.auxiliares_que_enviaron == 2
    assert nota.mayor_dia == (first, 2)
    assert (len(nota.inetel), len(nota.mato)) == (0, 3)


@pytest.mark.req("APO-28")
def test_a_cut_off_before_anything_gives_a_nota_without_anything(database: Database) -> None:
    with database.writing() as connection:
        fill(connection)
        empty = gather(connection, PROCESO, START - DAY)
    assert (empty.enviados, empty.auxiliares, empty.mayor_dia) == (0, (), None)
    assert len(tables(empty, with_people=True)) == 12
    assert load_workbook(io.BytesIO(workbook(empty, with_people=True)))
    assert document(empty, with_people=True).encode()


def test_an_unknown_process_is_refused(database: Database) -> None:
    with database.reading() as connection, pytest.raises(ReportRefusal):
        gather(connection, "F000000000000000", CUT)


@pytest.mark.req("APO-28")
def test_captions_are_the_twelve_of_the_source_with_their_cut_off(nota: Nota) -> None:
    told = captions(nota)
    assert [one.split(".")[0] for one in told] == [str(number) for number in range(1, 13)]
    assert told[0] == "1. Iniciativas ciudadanas registradas por día (corte 20/01/2023 12:00 hrs.)."
    assert told[5] == "6. Reporte de avance preliminar (corte 20/01/2023 12:00 hrs.)."
    assert len(KINDS) == 5


@pytest.mark.req("APO-28")
def test_the_pdf_shows_the_twelve_and_says_that_it_is_preliminary(nota: Nota, tmp_path: Path) -> None:
    path = tmp_path / "nota.pdf"
    path.write_bytes(render(document(nota, with_people=True)))
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    text = " ".join(done.stdout.split())
    for number in range(1, 13):
        assert f" {number}. " in text
    assert "informativo y preliminar" in text
    assert "Persona de Prueba" in text


def test_who_reported_is_reserved_for_the_promovente(nota: Nota) -> None:
    shown = json.dumps(document(nota, with_people=False).as_json())
    assert RESERVED in shown
    for personal in ("Persona de Prueba", "No pude entrar", "1+1", "intermitencia"):
        assert personal not in shown


@pytest.mark.req("APO-28")
def test_the_workbook_has_a_sheet_for_each_with_types_charts_and_no_formulas(nota: Nota) -> None:
    book = load_workbook(io.BytesIO(workbook(nota, with_people=True)))
    assert len(book.sheetnames) == 13
    assert [len(book[name]._charts) for name in ("Gráfica 3", "Gráfica 9")] == [1, 1]
    days = book["Tabla 8"]
    assert days["B4"].is_date
    assert days["C4"].value == 2
    assert book["Tabla 6"]["A4"].value == 7
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert any(str(cell.value).startswith("=1+1") and cell.quotePrefix for cell in cells)


def test_months_without_records_are_told() -> None:
    found = by_month({date(2022, 12, 31): 2}, date(2022, 11, 20), date(2023, 2, 1))
    assert list(found.values()) == [0, 2, 0, 0]


def test_tables_that_contradict_each_other_are_refused(nota: Nota) -> None:
    nota.dias[START.date()] += 1  # type: ignore[index]
    with pytest.raises(FiguresDisagree, match=r"nota\.suma"):
        nota.require_consistent()
