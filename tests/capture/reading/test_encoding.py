"""A reading has one spelling, and parsing takes nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.imaging.picture import Box
from capture.reading.encoding import MAX_BYTES, encode_reading
from capture.reading.errors import ReadingRefusal
from capture.reading.parsing import parse_reading
from capture.reading.record import unread
from capture.reading.results import CodeRead, FaceReading, Quality, Side
from keys.canonical import encode_sorted
from keys.errors import Refusal
from tests.capture.reading.making import FULL, card, reading


@pytest.mark.parametrize("made", [FULL, reading(), unread()], ids=["todo", "bien", "nada"])
def test_what_is_written_is_read_the_same(made: Any) -> None:
    assert parse_reading(encode_reading(made)) == made


def test_a_box_that_reaches_over_its_image_ends_at_its_edge() -> None:
    made = replace(FULL, face=FaceReading((), Box(-0.1, 0.5, 1.2, 0.5)))
    assert parse_reading(encode_reading(made)).face.where == Box(0.0, 0.5, 1.0, 0.5)


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), 1e300])
def test_a_measurement_that_is_no_number_is_not_written(figure: float) -> None:
    made = reading(card(sides={Side.ANVERSO: Quality((), {"nitidez": figure})}))
    with pytest.raises(ReadingRefusal) as refused:
        encode_reading(made)
    assert refused.value.rule == "lectura.numero"


def test_half_a_character_is_not_written() -> None:
    with pytest.raises(ReadingRefusal) as refused:
        encode_reading(reading(card(codes=(CodeRead("qr", "\ud800"),))))
    assert refused.value.rule == "lectura.texto"


def _with(path: list[Any], value: Any) -> bytes:
    whole = json.loads(encode_reading(FULL))
    at = whole
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return encode_sorted(whole)


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (["version"], 2, "version"),
        (["otro"], 1, "campos"),
        (["credencial", "modelo"], "Z", "modelo"),
        (["credencial", "misma"], 1, "campo"),
        (["credencial", "valores", "domicilio"], {}, "campos"),
        (["credencial", "valores", "nombre", "certeza"], 1_000_001, "numero"),
        (["credencial", "valores", "nombre", "certeza"], True, "numero"),
        (["credencial", "valores", "nombre", "valor"], None, "campo"),
        (["credencial", "valores", "nombre", "valor"], "A\nB", "texto"),
        (["credencial", "valores", "nombre", "valor"], "A" * 301, "texto"),
        (["credencial", "valores", "nombre", "fuente"], "adivinado", "campo"),
        (["credencial", "valores", "nombre", "caja"], [0, 0, 0], "campo"),
        (["credencial", "codigos", 0, "simbologia"], "ean13", "campo"),
        (["credencial", "codigos"], [{}] * 65, "campo"),
        (["credencial", "contradicciones", 0, "entre"], ["curp"], "campo"),
        (["credencial", "lados", "canto"], {}, "campos"),
        (["rostro", "vector"], "00" * 511, "campo"),
        (["rostro", "vector"], "zz", "campo"),
        (["rostro", "banda"], "quizas", "campo"),
        (["firma", "defectos"], ["borron"], "campo"),
        (["sin_abrir", "firma.png"], "imagen.fea", "campo"),
        (["sin_abrir", "otra.png"], "imagen.falta", "campos"),
        (["huellas", "anverso.jpg"], "", "campo"),
        (["motores"], [], "campos"),
    ],
)
def test_what_the_form_does_not_have_is_refused_without_showing_it(
    path: list[Any], value: Any, rule: str
) -> None:
    with pytest.raises(ReadingRefusal) as refused:
        parse_reading(_with(path, value))
    assert refused.value.rule == f"lectura.{rule}"
    assert "MADROÑO" not in str(refused.value) and "A\nB" not in str(refused.value)


def test_another_spelling_of_the_same_is_refused() -> None:
    with pytest.raises(ReadingRefusal) as refused:
        parse_reading(b" " + encode_reading(FULL))
    assert refused.value.rule == "lectura.canonica"


def test_more_bytes_than_a_reading_has_are_not_even_parsed() -> None:
    with pytest.raises(ReadingRefusal) as refused:
        parse_reading(b"[" * (MAX_BYTES + 1))
    assert refused.value.rule == "lectura.tamano"


@given(st.integers(0, len(encode_reading(FULL)) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_is_another_reading_in_its_one_spelling(at: int, by: int) -> None:
    data = bytearray(encode_reading(FULL))
    data[at] ^= by
    try:
        made = parse_reading(bytes(data))
    except Refusal:
        return
    assert encode_reading(made) == bytes(data)
