"""How sure a value is: codes and check digits, places that agree, places that do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from capture.credential.witnesses import (
    AGREED,
    CHECKED,
    DISPUTED,
    MOST_ALONE,
    Witness,
    confirmed,
    contradicted,
    doubted,
    settle,
)
from capture.processing.datos import Fuente
from capture.reading.results import SURE, Found, Missing, Side


def said(value: str, source: Fuente = Fuente.OCR, sure: float = 0.99, *, checked: bool = False) -> Witness:
    side = Side.ANVERSO if source is Fuente.OCR else Side.REVERSO
    return Witness(value, source, side, sure, None, checked)


witnesses = st.lists(
    st.builds(
        Witness,
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from([Fuente.OCR, Fuente.QR, Fuente.MRZ, Fuente.BARRAS]),
        st.sampled_from(list(Side)),
        st.floats(0, 1),
        st.none(),
        st.booleans(),
    ),
    max_size=6,
)


def test_nothing_read_is_empty_with_its_reason() -> None:
    assert settle([]) == Found(None, missing=Missing.NOT_FOUND)


def test_printed_text_alone_is_never_sure() -> None:
    found = settle([said("0123", sure=1.0)])
    assert (found.value, found.sure) == ("0123", MOST_ALONE)
    assert MOST_ALONE < SURE


def test_a_code_alone_is_sure_and_two_places_surer() -> None:
    alone = settle([said("0123", Fuente.QR, checked=True)])
    both = settle([said("0123", Fuente.QR, checked=True), said("0123", sure=0.3)])
    assert (alone.sure, both.sure) == (CHECKED, AGREED)
    assert alone.source is both.source is Fuente.QR


def test_two_codes_that_differ_give_nothing() -> None:
    differ = [said("1", Fuente.QR, checked=True), said("2", Fuente.MRZ, checked=True)]
    assert settle(differ) == Found(None, missing=Missing.CONTRADICTED)
    assert contradicted(differ)


def test_two_clear_texts_that_differ_give_nothing_and_an_unclear_one_yields() -> None:
    clear, other, unclear = said("1"), said("2", Fuente.MRZ), said("2", Fuente.MRZ, sure=0.5)
    assert settle([clear, other]).missing is Missing.CONTRADICTED
    found = settle([clear, unclear])
    assert (found.value, found.sure) == ("1", DISPUTED)
    assert contradicted([clear, other])
    assert not contradicted([clear, unclear])


def test_a_code_against_two_clear_places_gives_nothing() -> None:
    code, front, back = said("1", Fuente.QR, checked=True), said("2"), said("2", Fuente.MRZ)
    assert settle([code, front, back]).missing is Missing.CONTRADICTED
    assert settle([code, front]).value == "1"


def test_one_place_twice_is_one_witness() -> None:
    assert settle([said("1", sure=0.8), said("1", sure=0.7)]).sure == 0.8


@given(witnesses)
def test_only_what_was_said_and_sure_only_with_a_reason(every: list[Witness]) -> None:
    found = settle(every)
    if found.value is None:
        assert found.missing is not None
        return
    of_value = [one for one in every if one.value == found.value]
    assert of_value
    assert found.missing is None
    assert (found.source, found.side) in {one.place for one in of_value}
    if found.sure >= SURE:
        assert len({one.place for one in of_value}) > 1 or any(one.checked for one in of_value)
        assert not any(one.checked for one in every if one.value != found.value)


@given(witnesses)
def test_the_order_of_the_places_does_not_matter(every: list[Witness]) -> None:
    assert (settle(every).value is None) == (settle(every[::-1]).value is None)
    assert contradicted(every) == contradicted(every[::-1])


def test_confirmed_and_doubted_keep_the_value() -> None:
    found = settle([said("1", sure=0.7)])
    assert confirmed(found) == Found("1", found.source, SURE, found.side, found.where)
    assert doubted(found, 0.5).sure == 0.5
    assert doubted(found, 0.9).sure == 0.7
    empty = Found(None, missing=Missing.NOT_FOUND)
    assert doubted(empty, 0.5).missing is Missing.NOT_FOUND
