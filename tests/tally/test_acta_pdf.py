"""The printed acta: it says what the JSON says, always with the same bytes, and shows data as it is."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from tally.acta import Acta
from tally.acta_pdf import SIGNING, ActaPrinter, Imprint, contents, print_acta, qr_text
from tally.acta_text import SHOWN
from tally.archive import sha256
from tally.setup import Unidad
from tally.small_urns import RESERVA

from .acta_making import IMPRINT, OPENING, UNIDAD, make_acta, make_reserve

pytestmark = pytest.mark.req("SEI-23")

VOTES = [1203, 77, 30456, 819]
NASTY = (
    "#sys.inputs.acta",
    '#panic("x") $ x^2 $',
    '"]) #eval("1+1") ))]]}}',
    "*negrita* _cursiva_ `código` <etiqueta> @cita // nota /* otra",
    "= Título - lista + lista",
    "\\u{41} \\",
    "x" * 300,
    "שלום \u202eal revés",
    "😀 con emoji\x00\ue000\n\t\uffff",
    "Z\u0335\u0335a\u0335lgo",
    " ",
    "",
)


@pytest.fixture(scope="module")
def printer() -> ActaPrinter:
    return ActaPrinter(IMPRINT)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, cell by cell, white space as one blank, breaks inside words undone."""
    if shutil.which("pdftotext") is None:
        pytest.skip("AVISO: falta pdftotext (poppler-utils): NO se leyó el texto de las actas en PDF")
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    found = run.stdout.decode().replace("\u200b", "").split("\f")[:-1]
    return [re.sub(r"\s+", " ", page) for page in found]


def text_of(pdf: bytes) -> str:
    """All text."""
    return " ".join(pages(pdf))


def packed(text: str) -> str:
    """Without white space: where a line breaks does not matter."""
    return re.sub(r"\s+", "", text.replace("\u200b", ""))


def footer(acta: Acta) -> str:
    return " ".join(contents(acta, IMPRINT)["huella"])


def test_says_every_number_in_figures_and_in_words(printer: ActaPrinter) -> None:
    found = text_of(printer.print(make_acta(VOTES)))
    for number in ("1,203", "77", "30,456", "819", "32,555"):
        assert number in found
    for words in ("mil doscientos tres", "setenta y siete", "ochocientos diecinueve"):
        assert words in found
    for project in UNIDAD.proyectos:
        assert project in found


def test_says_what_identifies_the_acta(printer: ActaPrinter) -> None:
    acta = make_acta(VOTES, listado=sha256(b"l"))
    found = text_of(printer.print(acta))
    said = (
        "Acta del Cómputo",
        "emitido por el Sistema Electrónico por Internet para la Consulta de Presupuesto",
    )
    for part in (*said, "02-001", "Aguilera", "Azcapotzalco", acta.uuid, "29 de abril de 2022", "10:04:31"):
        assert part in found
    for digest in (acta.urn.closing, acta.urn.last, sha256(b"l")):
        assert digest in found
    assert "Participaron 3 de 5 custodios" in found
    assert "certeza-verify consulta publico/pp-2022" in found
    assert "Página 1 de 1" in found


def test_the_footer_of_every_page_has_the_hash_of_the_acta(printer: ActaPrinter) -> None:
    many = replace(UNIDAD, proyectos=tuple(f"{i} " + "obra pública " * 22 for i in range(60)))
    acta = make_acta([3, *range(60)], many)
    found = pages(printer.print(acta))
    assert len(found) > 3
    for number, page in enumerate(found, 1):
        assert footer(acta) in page
        assert f"Página {number} de {len(found)}" in page
    assert sum("CON LETRA" in page for page in found) >= len(found) - 1


def test_is_a_tagged_pdf_with_title_and_language(printer: ActaPrinter) -> None:
    pdf = printer.print(make_acta(VOTES))
    assert pdf.startswith(b"%PDF-")
    assert b"/Lang" in pdf
    assert b"/MarkInfo" in pdf
    assert b"pdfaid" in pdf
    assert b"pdfuaid" in pdf


def test_the_same_acta_gives_the_same_bytes(printer: ActaPrinter) -> None:
    acta = make_acta(VOTES)
    first = printer.print(acta)
    printer.print(make_acta([1, 0, 0, 0]))
    assert printer.print(acta) == first
    assert print_acta(ActaPrinter(IMPRINT), acta) == first


def test_the_document_is_dated_with_the_opening(printer: ActaPrinter) -> None:
    assert b"D:20220429150431" in printer.print(make_acta(VOTES))


@pytest.mark.parametrize("text", NASTY)
def test_data_is_shown_and_never_evaluated(printer: ActaPrinter, text: str) -> None:
    acta = make_acta([0, 5], Unidad("02-001", text, text, (text,)))
    shown = contents(acta, IMPRINT)["resultados"][0]["proyecto"]
    found = text_of(printer.print(acta))
    assert packed(f"1 {shown} 5 cinco") in packed(found)


def test_names_of_offices_are_data_too() -> None:
    imprint = Imprint('#panic("a")', ('"]#x',) * 5, "#institute", ("#uno", "$dos$"))
    found = text_of(ActaPrinter(imprint).print(make_acta(VOTES)))
    for text in ('para la consulta «#panic("a")»', '"]#x', "#uno", "$dos$"):
        assert text in found


def test_every_character_that_is_not_escaped_is_in_the_fonts(printer: ActaPrinter) -> None:
    every = [chr(code) for first, last in SHOWN for code in range(first, last + 1)]
    rows = tuple(" ".join(every[i : i + 100]) for i in range(0, len(every), 100))
    unidad = replace(UNIDAD, proyectos=rows)
    assert printer.print(make_acta([0] * (len(rows) + 1), unidad)).startswith(b"%PDF-")


def test_an_urn_that_stays_closed_says_why_and_shows_no_number(printer: ActaPrinter) -> None:
    found = text_of(printer.print(make_reserve(3)))
    assert RESERVA in found and "está cerrada y no se abrió" in found
    assert found.count("reservado") == 5 and "cero" not in found
    assert "reservado" not in text_of(printer.print(make_acta(VOTES)))


def test_an_empty_urn_says_so(printer: ActaPrinter) -> None:
    assert "No se recibieron opiniones" in text_of(printer.print(make_acta([0, 0, 0, 0])))


def test_offices_sign() -> None:
    assert contents(make_acta(VOTES), IMPRINT)["firmas"] == list(SIGNING)


def test_the_code_says_which_acta_and_which_hash() -> None:
    acta = make_acta(VOTES)
    assert qr_text(acta) == f"certeza:acta:{OPENING.consultation}:02-001:{sha256(acta.data)}"


OFFICES = ("Presidencia del Consejo General", *(f"Consejería Electoral {i}" for i in range(1, 7)))


def test_eight_projects_and_the_signatures_share_one_page() -> None:
    """Who signs sees what is signed: the ordinary acta of the rehearsals has eight projects."""
    imprint = Imprint("Consulta de Presupuesto Participativo 2023 (ensayo)", OFFICES)
    eight = replace(UNIDAD, proyectos=tuple(f"Rehabilitación del parque de la colonia {i}" for i in range(8)))
    votes = [1, 11, 8, 10, 9, 7, 5, 0, 2]
    made = make_acta(votes, eight, replace(OPENING, trustees=7), sha256(b"l"))
    acta = replace(made, trustees=(1, 2, 4, 5, 7), threshold=5)
    found = pages(ActaPrinter(imprint).print(acta))
    assert len(found) == 1
    assert "Consejería Electoral 3 (4)" in found[0]
