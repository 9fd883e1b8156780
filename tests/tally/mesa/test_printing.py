"""The printed acta de escrutinio y cómputo and the cartel say what the JSON says."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tally.mesa.escrutinio import separate, together
from tally.mesa.printing import MODES, MesaPrinter
from tests.tally.acta_making import IMPRINT, make_acta, make_reserve

from .test_escrutinio import COUNT, LATER, opened, sum_of

pytestmark = [
    pytest.mark.req("SEI-25"),
    pytest.mark.skipif(
        shutil.which("pdftotext") is None, reason="AVISO: falta pdftotext: NADIE leyó los PDF"
    ),
]


@pytest.fixture(scope="module")
def printer() -> MesaPrinter:
    return MesaPrinter(IMPRINT)


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def test_both_say_the_same_numbers(printer: MesaPrinter) -> None:
    acta = separate(make_acta([1, 20, 0, 7]), COUNT, LATER)
    first, second = text_of(printer.acta(acta)), text_of(printer.cartel(acta))
    assert "Acta de Escrutinio y Cómputo" in first and "Cartel de Resultados" in second
    assert "20 10 30 treinta" in first and "Votos nulos 1 3 4 cuatro" in first
    assert "28 30 58 cincuenta y ocho" in first
    assert "Incluye 28 opiniones por internet y 30 en la Mesa" in second and "Total 58" in second
    assert acta.sha256[:8] in first and acta.sha256[:8] in second
    assert printer.acta(acta) == printer.acta(acta)


@pytest.mark.req("SEI-28")
def test_a_small_urn_shows_only_the_sum_and_says_why(printer: MesaPrinter) -> None:
    total = sum_of(30)
    acta = together(make_reserve(3), total, (100, 70), opened(total, 4, 11, 5, 13), LATER)
    found = text_of(printer.acta(acta))
    assert MODES["conjunto"] in found and "Votos nulos 4 cuatro" in found
    assert MODES["conjunto"] in text_of(printer.cartel(acta))
    closed = text_of(printer.acta(together(make_reserve(3), sum_of(1), (100, 99), None, LATER)))
    assert MODES["reservado"] in closed and "Votos nulos — reservado" in closed
