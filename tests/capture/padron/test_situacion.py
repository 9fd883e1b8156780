"""How what the padrón holds becomes a situación registral, and what the table keeps of a person."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.padron.errors import PadronRefusal
from capture.padron.keyed import PadronKey
from capture.padron.line import outline
from capture.padron.situacion import IN_FILE, Found, Situacion, decide


@pytest.mark.req("APO-19")
def test_there_are_ten_and_only_lista_nominal_counts() -> None:
    assert len({one.label for one in Situacion}) == 10
    assert [one for one in Situacion if one.counts] == [Situacion.LISTA_NOMINAL]


@given(st.sampled_from(IN_FILE), st.sampled_from(["09", "32"]), st.booleans(), st.sampled_from([None, "32"]))
def test_every_answer_follows_one_rule(held: Situacion, lives: str, matches: bool, asked: str | None) -> None:
    answer = decide(Found(held, lives, matches), asked)
    if not matches:
        assert answer is Situacion.DATOS_NO_ENCONTRADOS
    elif held is Situacion.LISTA_NOMINAL and asked not in (None, lives):
        assert answer is Situacion.OTRA_ENTIDAD
    else:
        assert answer is held


def test_the_keyed_values_are_keyed_blake2b() -> None:
    secret = bytes(range(32))
    person = b"certeza/clave/1" + bytes(1)
    expected = hashlib.blake2b(b"ABC", digest_size=16, key=secret, person=person).digest()
    assert PadronKey(secret).clave("ABC") == expected


@given(st.binary(min_size=32, max_size=32), st.text(max_size=20), st.text(max_size=20))
def test_numbers_of_two_persons_or_kinds_never_look_alike(secret: bytes, clave: str, number: str) -> None:
    key = PadronKey(secret)
    assert key.number(clave, "cic", number) != key.number(clave, "ocr", number)
    assert key.number(clave, "cic", number) != key.number(clave + "A", "cic", number)
    assert key.number(clave, "cic", number) != key.clave(clave)[:8]


def test_a_key_of_another_length_is_refused_without_showing_it() -> None:
    with pytest.raises(PadronRefusal) as told:
        PadronKey(b"secreto")
    assert "secreto" not in str(told.value)
    assert "secreto" not in repr(PadronKey(b"secreto" * 4 + b"1234"))


@given(st.text(max_size=60))
def test_an_outline_shows_no_letter_or_digit_of_its_own(text: str) -> None:
    shown = outline(text)
    if text and len(text) <= 40:
        assert {one for one in shown if one.isalpha() or one.isdigit()} <= set("Aa9")
        assert len(shown) == len(text)
