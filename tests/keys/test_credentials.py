"""Private credentials: their form, and that Belenios derives the same public ones from them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import credentials
from keys.errors import FormatRefusal
from keys.group import group_named
from keys.randomness import SeededRandomness
from tally.public_credentials import derive, listing
from tests.tally.rewriting import take_apart

ELECTIONS = ("ed25519-blank", "ed25519-two-questions", "belenios2048-blank")


@pytest.mark.parametrize("name", ELECTIONS)
def test_public_credentials_are_those_that_belenios_derived(belenios: Path, name: str) -> None:
    (archive,) = (belenios / name).glob("*.bel")
    setup = take_apart(archive.read_bytes()).pieces[0].data
    election = json.loads(setup["election"])
    private = json.loads((belenios / name / "secrets" / "private_creds.json").read_text())
    group = group_named(election["group"])
    made = listing(group, derive(group, election["uuid"], list(private.values())))
    assert made.data == setup["credentials"]


@given(st.integers(0, 2**64))
def test_generated_credentials_have_the_form(seed: int) -> None:
    text = credentials.generate(SeededRandomness(str(seed)))
    credentials.require_form(text)
    assert [len(part) for part in text.split("-")] == [5, 6, 5, 6]


def test_credentials_differ() -> None:
    random = SeededRandomness("x")
    assert len({credentials.generate(random) for _ in range(2000)}) == 2000


SECRET = "AAAAA-BBBBBB-CCCCC-DDDDDD"


@pytest.mark.parametrize(
    "text",
    [
        *("", SECRET[:-1], SECRET + "1", SECRET + "\n", SECRET.replace("-", ""), " " + SECRET),
        *(
            SECRET.replace("A", "0"),
            SECRET.replace("B", "l"),
            SECRET.replace("C", "I"),
            SECRET.replace("D", "O"),
        ),
    ],
)
def test_other_forms_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(FormatRefusal) as refused:
        credentials.exponent(2**252, "uuid", text)
    assert refused.value.rule == "credencial.forma"
    assert not text or text not in str(refused.value)


def test_exponents_depend_on_election_and_credential() -> None:
    order = 2**252
    exponents = {
        credentials.exponent(order, u, c) for u in ("a", "b") for c in (SECRET, SECRET.replace("A", "Z"))
    }
    assert len(exponents) == 4
