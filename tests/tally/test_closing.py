"""Closing an urn while people are still casting: what got a receipt is counted, and nothing else is there."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keys import credentials
from keys.errors import Refusal
from keys.group import Group
from keys.randomness import SeededRandomness
from tally.audit import UrnaAuditor
from tally.casting import OpenUrna, Receipt
from tally.closing import close
from tally.consultation import trustees_part
from tally.encryption import BallotMaker
from tally.participation import Participants
from tally.public_credentials import derive
from tally.setup import Unidad, election_of, open_archive
from tally.store_files import FileArchive
from tests.tally.making import CALENDAR, DURING, TIMESTAMP, hold_ceremony

PEOPLE = 12


@pytest.mark.req("SEI-20")
@pytest.mark.parametrize("wait", [0.0, 0.02, 0.06])
def test_every_receipt_is_in_the_sum_and_nothing_follows_it(fast: Group, tmp_path: Path, wait: float) -> None:
    random, board = SeededRandomness("cierre"), hold_ceremony(fast, 3, 2)
    unidad = Unidad("01-001", "Norte", "UNO", ("Parque", "Luz"))
    key = trustees_part(fast, board.trustees, ["P", "C1", "C2"])["llave_publica"]
    election = election_of("prueba", "Consulta", unidad, fast, key)
    private = [credentials.generate(random) for _ in range(PEOPLE)]
    public = derive(fast, election.uuid, private)
    maker = BallotMaker(fast, election, random)
    ballots = [maker.make(secret, [[0, 1, 0]]).data for secret in private]
    people = Participants([(election.uuid, c, f"persona {i}") for i, c in enumerate(public)])
    first = open_archive(fast, election, board.data, public, TIMESTAMP)
    with FileArchive.create(tmp_path / "urna.bel", first.blocks) as store:
        urn = OpenUrna(fast, store, CALENDAR, people)

        def vote(data: bytes) -> Receipt | str:
            try:
                return urn.cast(data, DURING)
            except Refusal as refusal:
                return refusal.rule

        with ThreadPoolExecutor(6) as pool:
            answers = pool.map(vote, ballots)
            time.sleep(wait)
            close(fast, store, "urna")
        outcomes = list(answers)
    receipts = [o for o in outcomes if isinstance(o, Receipt)]
    assert {o for o in outcomes if isinstance(o, str)} <= {"urna.cerrada"}
    with (tmp_path / "urna.bel").open("rb") as stream:
        found = UrnaAuditor(fast, board.trustees, board.data).audit(stream, "urna")
    assert found.ballots == len(receipts) == len(people.who_opined(election.uuid))
    assert found.tally is not None
