"""Machine-readable lines: the digits of ICAO Doc 9303, what readers confuse, and lines that are missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.identity.mrz import Mrz, check_digit, read_mrz

LINES = (
    "IDMEX1234567897<<1234098765432",
    "8501020M3012316MEX<02<<12345<9",
    "MADRONO<PALOVERDE<<JULIETA<ELE",
)


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("520727", "3"),  # Doc 9303 part 3, appendix A: example 1
        ("AB2134<<<", "5"),  # example 2
        ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8"),  # example 3: the composite of a TD3
        ("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<", "2"),  # example 4: of a TD1
        ("D23145890", "7"),  # part 5, the specimen of a TD1
        ("740812", "2"),
        ("120415", "9"),
        ("D231458907<<<<<<<<<<<<<<<74081221204159<<<<<<<<<<<", "6"),
    ],
)
def test_digits_of_the_standard(text: str, digit: str) -> None:
    assert check_digit(text) == digit


def test_a_whole_card_is_read() -> None:
    composite = check_digit("1234567897<<1234098765432" + "85010203012316<02<<12345<")
    read = read_mrz((LINES[0], LINES[1][:-1] + composite, LINES[2]))
    assert read == Mrz(
        cic="123456789",
        cic_agrees=True,
        ocr="1234098765432",
        birth="850102",
        birth_agrees=True,
        sexo="M",
        expiry="301231",
        expiry_agrees=True,
        emission="02",
        surnames="MADRONO PALOVERDE",
        names="JULIETA ELE",
        truncated=True,
        composite_agrees=True,
    )


def test_what_readers_confuse_is_set_right_by_its_place() -> None:
    read = read_mrz(
        ("1DMEXI2345G7897<<I234O9876S432", "85O1O20M3O12316MEX<02<<1Z345<9", "R0BLE<5AUCE<<LUC1A<<<")
    )
    assert read is not None
    assert (read.cic, read.ocr, read.birth, read.expiry) == ("123456789", "1234098765432", "850102", "301231")
    assert (read.surnames, read.names, read.truncated) == ("ROBLE SAUCE", "LUCIA", False)


@pytest.mark.parametrize("filler", ["«", "‹", "<", "<<<", "K", " < < "])
def test_fillers_may_be_lost_or_doubled(filler: str) -> None:
    read = read_mrz((f"IDMEX1234567897{filler}1234098765432",))
    assert read is not None
    assert (read.cic, read.cic_agrees, read.ocr) == ("123456789", True, "1234098765432")


def test_a_wrong_composite_digit_is_told_and_nothing_is_refused() -> None:
    composite = check_digit("1234567897<<1234098765432" + "85010203012316<02<<12345<")
    wrong = str((int(composite) + 1) % 10)
    read = read_mrz((LINES[0], LINES[1][:-1] + wrong))
    assert read is not None
    assert read.composite_agrees is False
    assert read.cic == "123456789"


def test_a_missing_line_leaves_its_values_empty() -> None:
    read = read_mrz((LINES[1],))
    assert read is not None
    assert (read.cic, read.ocr, read.surnames, read.composite_agrees) == (None, None, None, None)


@pytest.mark.parametrize(
    "other",
    [
        "SECRETARIO EJECUTIVO DEL INSTITUTO NACIONAL ELECTORAL",
        "IDMEX12345678",
        "CLAVE DE ELECTOR MDPLJL85010232M100",
        "",
    ],
)
def test_other_lines_are_none(other: str) -> None:
    assert read_mrz((other,)) is None


@given(st.text(max_size=60), st.text(alphabet="IDMEX<0123456789HM", max_size=40))
def test_anything_is_read_without_failing(one: str, other: str) -> None:
    read = read_mrz((one, other))
    assert read is None or read.cic is None or len(read.cic) == 9


@given(st.from_regex(r"[0-9]{9}", fullmatch=True), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_the_cic_is_noticed(cic: str, at: int, step: int) -> None:
    wrong = cic[:at] + str((int(cic[at]) + step) % 10) + cic[at + 1 :]
    read = read_mrz((f"IDMEX{wrong}{check_digit(cic)}<<1234098765432",))
    assert read is not None
    assert read.cic_agrees is False
