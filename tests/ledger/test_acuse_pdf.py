"""The printed acuse: it says what the file says, on one page, always with the same bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import segno

from ledger.acuse import QR_BYTES, AcuseFile, grouped, qr_payload
from ledger.acuse_pdf import AcusePrinter, Imprint, contents, printable, qr_svg
from ledger.checkpoint import parse_signed

from .test_acuse import ACUSE, FILE, ORIGIN, file_of

pytestmark = pytest.mark.req("APO-12")
IMPRINT = Imprint("Instituto Electoral de la Ciudad de México", "https://certeza.ejemplo.mx/acuse")
LARGE = replace(FILE, proof=replace(FILE.proof, extra=bytes(3000)))


@pytest.fixture(scope="module")
def printer() -> AcusePrinter:
    return AcusePrinter(IMPRINT)


def pages(pdf: bytes) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("AVISO: falta pdftotext (poppler-utils): NO se leyó el texto de los acuses en PDF")
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return [re.sub(r"\s+", " ", page) for page in run.stdout.decode().split("\f")[:-1]]


@pytest.mark.parametrize("file", [FILE, LARGE], ids=["QR entero", "QR del código"])
def test_says_what_the_acuse_says_on_one_page(printer: AcusePrinter, file: AcuseFile) -> None:
    (page,) = pages(printer.print(file))
    for part in (ACUSE.folio, ACUSE.proceso, ACUSE.number, "14/12/2022 a las 11:58:03", "UTC−06:00"):
        assert part in page
    assert " ".join(grouped(ACUSE.code)) in page
    assert f"certeza-verify acuse {contents(file, IMPRINT)['archivo']} --politica politica.txt" in page
    assert "https://certeza.ejemplo.mx/acuse" in page.replace(" ", "")
    assert ORIGIN in page
    assert ("contiene el acuse completo" in page) is (file is FILE)


def test_is_a_tagged_pdf_that_is_always_the_same(printer: AcusePrinter) -> None:
    pdf = printer.print(FILE)
    for mark in (b"%PDF-", b"/Lang", b"/MarkInfo", b"pdfaid", b"pdfuaid", b"D:20221214175803"):
        assert mark in pdf
    assert printer.print(LARGE) != pdf
    assert AcusePrinter(IMPRINT).print(FILE) == pdf


def test_without_a_public_page(printer: AcusePrinter) -> None:
    assert "página pública de comprobación" in pages(AcusePrinter(Imprint("IEEM")).print(FILE))[0]


@pytest.mark.parametrize("origin", ['#panic("x") $x^2$ "]', "\u202eal revés 😀", "x" * 255])
def test_what_comes_from_the_log_is_shown_and_never_evaluated(printer: AcusePrinter, origin: str) -> None:
    note = FILE.proof.checkpoint.encode().decode().replace(f"{ORIGIN}\n", f"{origin}\n", 1)
    file = replace(FILE, proof=replace(FILE.proof, checkpoint=parse_signed(note.encode())))
    (page,) = pages(printer.print(file))
    assert re.sub(r"\s", "", printable(origin))[:40].replace("\u200b", "") in re.sub(r"[\s\u200b]", "", page)


def test_the_code_holds_the_very_bytes_of_the_file() -> None:
    whole, code = qr_payload(FILE), qr_payload(LARGE)
    assert "viewBox" in qr_svg(whole) or "width" in qr_svg(whole)
    made = segno.make_qr(whole.data, error="l", mode="byte", boost_error=False)
    assert (made.mode, made.error) == ("byte", "L")
    assert contents(LARGE, IMPRINT)["qr_texto"].endswith(f"certeza:acuse:{ACUSE.code}:{ORIGIN}")
    assert len(code.data) < 200
    largest = replace(whole, data=b"\xff" * QR_BYTES)
    assert qr_svg(largest)
    with pytest.raises(segno.DataOverflowError):
        qr_svg(replace(whole, data=b"\xff" * (QR_BYTES + 1)))


@pytest.mark.parametrize("witnesses", [0, 3])
@pytest.mark.parametrize("extra", [None, 900, 3000])
def test_another_program_reads_the_very_bytes_from_the_page(
    printer: AcusePrinter, witnesses: int, extra: int | None, tmp_path: Path
) -> None:
    """From the page as a cheap printer leaves it, 150 points per inch; up to the largest QR there is."""
    if shutil.which("zbarimg") is None or shutil.which("pdftoppm") is None:
        pytest.skip("AVISO: faltan zbarimg (zbar-tools) o pdftoppm: NO se leyó el QR de los acuses en PDF")
    file = file_of(ACUSE, witnesses, before=30, after=40)
    if extra is not None:
        file = replace(file, proof=replace(file.proof, extra=bytes(extra)))
    (tmp_path / "acuse.pdf").write_bytes(printer.print(file))
    draw = ["pdftoppm", "-r", "150", "-png", "-singlefile", "acuse.pdf", "acuse"]
    subprocess.run(draw, cwd=tmp_path, check=True)
    read = ["zbarimg", "--quiet", "--raw", "--set", "binary", "acuse.png"]
    found = subprocess.run(read, cwd=tmp_path, check=True, capture_output=True).stdout
    assert found == qr_payload(file).data
