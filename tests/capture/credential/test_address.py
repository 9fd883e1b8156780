"""The domicilio in its parts: as credentials print it, and nothing that is not of its form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.credential.address import PARTS, address_parts, state_of
from capture.credential.labels import Printed
from capture.imaging.picture import Box
from capture.reading.results import SURE

PLACE = Box(0.3, 0.4, 0.4, 0.1)


def parts(text: str, sure: float = 1.0) -> dict[str, str]:
    made = address_parts(Printed(text, sure, PLACE))
    return {name: str(found.value) for name, found in made.items()}


@pytest.mark.req("SEI-03")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "C ORQUÍDEAS 12\nCOL LAS FLORES 98000\nNUBARRÓN, ZAC.",
            ("C ORQUÍDEAS", "12", None, "COL LAS FLORES", "98000", "NUBARRÓN", "ZAC"),
        ),
        (
            "C 16 DE JUNIO 40 INT 3\nCOL CENTRO 06000\nCUAUHTÉMOC, D.F.",
            ("C 16 DE JUNIO", "40", "3", "COL CENTRO", "06000", "CUAUHTÉMOC", "D.F"),
        ),
        (
            "AV DEL RÍO S/N\nLOC AGUA CLARA 99100\nVILLA, JAL.",
            ("AV DEL RÍO", "S/N", None, "LOC AGUA CLARA", "99100", "VILLA", "JAL"),
        ),
        (
            "PRIV LUNA NO. 7B DEPTO. 402\nFRACC SOL\n98050\nVILLA, GTO",
            ("PRIV LUNA", "7B", "402", "FRACC SOL", "98050", "VILLA", "GTO"),
        ),
        (
            "BLVD DE LOS,CARDENALES 288\nCOL SOL 98000\nVILLA, ZAC.",
            ("BLVD DE LOS CARDENALES", "288", None, "COL SOL", "98000", "VILLA", "ZAC"),
        ),
        (
            "AND GIRASOL 448\nFRACCVALLE DEL RÍO 64615\nVILLA, ZAC.\nFOLI 6619032177042",
            ("AND GIRASOL", "448", None, "FRACC VALLE DEL RÍO", "64615", "VILLA", "ZAC"),
        ),
        (
            "C ROSAS 1\nFRACCIÓN ALTA 64615\nVILLA, ZAC.",
            ("C ROSAS", "1", None, "FRACCIÓN ALTA", "64615", "VILLA", "ZAC"),
        ),
        ("C SIN NÚMERO\nBARR ALTO\nVILLA", ("C SIN NÚMERO", None, None, "BARR ALTO", None, "VILLA", None)),
    ],
)
def test_addresses_as_they_are_printed(text: str, expected: tuple[str | None, ...]) -> None:
    assert parts(text) == {name: part for name, part in zip(PARTS, expected, strict=True) if part}


@pytest.mark.parametrize("text", ["", "\n", "C ORQUÍDEAS 12", "  \n C ROSAS 1 \n"])
def test_less_than_two_rows_are_no_address(text: str) -> None:
    assert parts(text) == {}


@given(st.text(alphabet="ABC 0123,.\nÑ/#", max_size=80), st.floats(0, 1))
def test_nothing_is_invented_and_nothing_is_sure(text: str, sure: float) -> None:
    made = address_parts(Printed(text, sure, PLACE))
    assert set(made) <= set(PARTS)
    flat = " ".join(text.split())
    street = " ".join(flat.replace(",", " ").split())
    for found in made.values():
        assert found.value
        assert found.value in flat or found.value in street
        assert found.sure < SURE
        assert found.where == PLACE


@pytest.mark.parametrize(
    ("written", "digits"),
    [("ZAC.", "32"), ("D.F.", "09"), ("Q. ROO", "23"), ("B.C.S.", "03"), ("MÉX.", "15"), ("OTRO", None)],
)
def test_abbreviated_states(written: str, digits: str | None) -> None:
    made = address_parts(Printed(f"C ROSAS 1\nCOL SOL 98000\nVILLA, {written}", 1.0, PLACE))
    assert state_of(made) == digits


def test_without_an_address_there_is_no_state() -> None:
    assert state_of({}) is None
