"""Each flaw is in one thing, and the checks of real credentials notice it."""

from __future__ import annotations

import pytest

from capture.identity.clave_elector import clave_elector
from capture.identity.credential_numbers import back_code
from capture.identity.crosscheck import require_same_person
from capture.identity.curp import curp
from capture.specimens.flaws import Flaw, flawed
from capture.specimens.mrz_lines import icao_digit
from capture.specimens.people import Person, invent_person
from keys.errors import Refusal
from keys.randomness import SeededRandomness


def differences(one: Person, other: Person) -> set[str]:
    """What the two print otherwise."""
    texts = {name for name in one.printed if one.printed[name] != other.printed[name]}
    codes = {name for name in one.codes if one.codes[name] != other.codes[name]}
    lines = {f"mrz {n}" for n, (a, b) in enumerate(zip(one.mrz, other.mrz, strict=True)) if a != b}
    return texts | codes | lines


@pytest.mark.parametrize(
    ("flaw", "changed"),
    [
        (Flaw.CURP_DIGIT, {"curp"}),
        (Flaw.CURP_BIRTH, {"curp"}),
        (Flaw.SECTION, {"seccion"}),
        (Flaw.MRZ_CIC, {"mrz 0"}),
        (Flaw.MRZ_BIRTH, {"mrz 1"}),
        (Flaw.MRZ_COMPOSITE, {"mrz 1"}),
        (Flaw.QR_CIC, {"qr"}),
        (Flaw.BACK, set()),
    ],
)
def test_a_flaw_is_in_one_thing(flaw: Flaw, changed: set[str]) -> None:
    for model in flaw.models:
        right = invent_person(SeededRandomness("falla"), model)
        assert differences(right, flawed(right, flaw)) == changed


def made(flaw: Flaw) -> Person:
    return flawed(invent_person(SeededRandomness("falla"), "E"), flaw)


def test_checks_notice() -> None:
    with pytest.raises(Refusal, match=r"curp\.digito"):
        curp(made(Flaw.CURP_DIGIT).values["curp"])
    values = made(Flaw.CURP_BIRTH).values
    with pytest.raises(Refusal, match=r"cruce\.fecha"):
        require_same_person(None, clave_elector(values["clave_elector"]), curp(values["curp"]))
    values = made(Flaw.SECTION).values
    assert values["seccion"] != values["ocr"][:4]
    person = made(Flaw.QR_CIC)
    assert back_code(person.codes["qr"]).cic != person.values["cic"]


def test_digits_of_the_lines_do_not_agree() -> None:
    first = made(Flaw.MRZ_CIC).mrz[0]
    assert icao_digit(first[5:14]) != first[14]
    second = made(Flaw.MRZ_BIRTH).mrz[1]
    assert icao_digit(second[:6]) != second[6]


def test_a_model_that_does_not_show_it_is_refused() -> None:
    with pytest.raises(KeyError):
        flawed(invent_person(SeededRandomness("falla"), "C"), Flaw.CURP_DIGIT)
