"""A challenged ballot is made again from what its device shows, and a lie about it is seen (Benaloh)."""

from __future__ import annotations

import pytest

from api.demo.errors import UnexpectedOutcome
from api.demo.sei.auditing import Draws, audited, check
from keys import credentials
from keys.group import Group
from keys.randomness import SeededRandomness, SystemRandomness
from tally.casting import read_ballot
from tally.election import Election
from tally.encryption import BallotMaker
from tally.setup import Unidad, election_of

UNIDAD = Unidad("09-001", "San Pedro", "MILPA ALTA", ("Parque", "Luminarias"))


def election_in(group: Group) -> Election:
    (key,) = group.encoded_powers(group.tables([group.generator]), [(7,)])
    return election_of("ensayo", "Ensayo", UNIDAD, group, key)


@pytest.mark.req("SEI-28")
def test_what_is_shown_makes_the_same_ciphertexts_and_another_choice_does_not(ed25519: Group) -> None:
    election, draws = election_in(ed25519), Draws(SystemRandomness())
    secret = credentials.generate(SeededRandomness("credencial"))
    data = BallotMaker(ed25519, election, draws).make(secret, [[0, 1, 0]]).data
    slip = {"clave": UNIDAD.clave, "eleccion": election.data.decode()}
    shown = audited(ed25519, data, slip, draws, 1)
    assert shown["opciones"] == [0, 1, 0] and len(shown["aleatoriedad"]) == 3
    ballot = read_ballot(data, ed25519.order)
    for lie in ({"opciones": [0, 0, 1]}, {"aleatoriedad": ["1", "2", "3"]}):
        with pytest.raises(UnexpectedOutcome):
            check(ed25519, election, ballot, shown | lie)
