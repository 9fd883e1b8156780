"""Tesseract's table of words as lines of a page."""

from __future__ import annotations

import numpy as np
import pytest

from tools.bench.tesseract import TesseractTextReader, lines_of

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    "1\t1\t0\t0\t0\t0\t0\t0\t200\t100\t-1\t\n"
    "4\t1\t1\t1\t1\t0\t20\t10\t100\t10\t-1\t\n"
)


def test_words_of_one_line_go_together_and_the_least_sure_counts() -> None:
    rows = (
        "5\t1\t1\t1\t1\t1\t20\t10\t40\t10\t96.5\tCLAVE\n"
        '5\t1\t1\t1\t1\t2\t70\t12\t50\t10\t80\t"DE\n'
        "5\t1\t2\t1\t1\t1\t20\t50\t10\t10\t90\t \n"
        "5\t1\t3\t1\t1\t1\t20\t50\t10\t10\t90\tSEXO\n"
    )
    first, second = lines_of(HEAD + rows, 200, 100)
    assert (first.text, first.sure) == ('CLAVE "DE', 0.8)
    assert (first.where.left, first.where.top) == (0.1, 0.1)
    assert (first.where.width, first.where.height) == (0.5, 0.12)
    assert second.text == "SEXO"


def test_a_picture_without_words_has_no_lines() -> None:
    assert list(lines_of(HEAD, 200, 100)) == []


def test_the_program_itself_reads_a_blank_picture() -> None:
    try:
        reader = TesseractTextReader()
    except FileNotFoundError:
        pytest.skip("AVISO: falta tesseract con español: el lector con el que se compara NO se probó")
    assert reader.read(np.full((100, 300, 3), 255, np.uint8)).lines == ()
    assert reader.engine.endswith("spa, psm 11")
