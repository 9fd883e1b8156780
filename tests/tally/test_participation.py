"""Who has taken part: one opinion per person, derived from what was issued and what the urns say."""

from __future__ import annotations

import pytest

from keys.errors import FormatRefusal
from tally.participation import Participants

ISSUED = [("UT1", "a", "Ana"), ("UT2", "b", "Ana"), ("UT1", "c", "Beto"), ("UT2", "d", "Cora")]

pytestmark = pytest.mark.req("SEI-20")


def test_a_person_of_two_units_has_a_credential_in_each() -> None:
    people = Participants(ISSUED)
    assert people.person_of("UT1", "a") == people.person_of("UT2", "b") == "Ana"
    assert people.person_of("UT2", "a") is None
    assert people.opinion_of("Ana") is None


def test_the_listado_of_an_urn_names_who_used_it_and_nobody_else() -> None:
    people = Participants(ISSUED)
    people.record("Beto", "UT1", "t1")
    people.record("Ana", "UT1", "t2")
    people.record("Cora", "UT2", "t3")
    assert people.who_opined("UT1") == ["Ana", "Beto"]
    assert people.who_opined("UT2") == ["Cora"]
    assert people.who_opined("UT3") == []
    assert people.opinion_of("Ana") == ("UT1", "t2")


def test_a_credential_belongs_to_one_person() -> None:
    Participants([*ISSUED, ISSUED[0]])
    with pytest.raises(FormatRefusal) as refused:
        Participants([*ISSUED, ("UT1", "a", "Dora")])
    assert refused.value.rule == "credenciales.persona"
    assert "Dora" not in str(refused.value)
