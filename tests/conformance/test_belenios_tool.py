"""A program that nobody here wrote reaches the same verdict on what we produce, stage by stage."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from keys.group import Group, group_named
from keys.randomness import SeededRandomness
from tally.encryption import BallotMaker
from tests.conformance.judges import BeleniosTool, tool_for
from tests.tally.making import FOUR, ONE, OTHER, Made, four_voters, make_election, two_questions
from tests.tally.rewriting import Piece, take_apart

pytestmark = pytest.mark.req("VER-05")


@pytest.fixture(scope="session")
def modern() -> BeleniosTool:
    """A belenios-tool that knows Ed25519."""
    return tool_for("Ed25519")


@pytest.fixture(scope="session")
def old() -> BeleniosTool:
    """A belenios-tool that knows the 2048-bit group: Debian's is enough."""
    return tool_for("BELENIOS-2048")


@cache
def over_2048() -> Made:
    """One real vote, one voter without."""
    return make_election(
        group_named("BELENIOS-2048"), [[[0, 0, 1]]], voters=2, uuid="CertezaTest2248", seed="2048"
    )


def require_accepted(tool: BeleniosTool, archive: bytes, folder: Path) -> str:
    accepted, said = tool.accepts(archive, folder)
    assert accepted, said
    return said


def test_every_stage_over_2048_bits_is_accepted(old: BeleniosTool, tmp_path: Path) -> None:
    made = over_2048()
    assert made.votes == [[0, 0, 1]]
    stages = made.stages()
    assert len(stages) == 7
    for name, archive in stages.items():
        said = require_accepted(old, archive, tmp_path / name)
        assert ("no result" in said) == ("Result" not in name)


def test_an_urn_without_ballots_over_2048_bits_is_accepted(old: BeleniosTool, tmp_path: Path) -> None:
    made = make_election(group_named("BELENIOS-2048"), [], voters=1, uuid="CertezaTest2249", seed="2049")
    require_accepted(old, made.archive, tmp_path / "urna")


def test_a_false_result_over_2048_bits_is_refused(old: BeleniosTool, tmp_path: Path) -> None:
    plan = take_apart(over_2048().archive)
    plan.pieces[-1].data["result"] = b'{"result":[[0,1,0]]}'
    accepted, _ = old.accepts(plan.write(), tmp_path / "urna")
    assert not accepted


def test_every_stage_is_accepted(modern: BeleniosTool, fast: Group, tmp_path: Path) -> None:
    for made in (four_voters(fast), two_questions(fast)):
        for name, archive in made.stages().items():
            require_accepted(modern, archive, tmp_path / name)


@pytest.mark.parametrize("arithmetic", ["nativa", "libsodium"])
def test_both_arithmetics_make_what_it_accepts(modern: BeleniosTool, tmp_path: Path, arithmetic: str) -> None:
    from tests.conftest import make_group

    group = make_group(arithmetic)
    require_accepted(modern, four_voters(group).archive, tmp_path / "urna")


@pytest.mark.parametrize("count", [0, 1])
def test_urns_with_hardly_any_ballot_are_accepted(
    modern: BeleniosTool, fast: Group, tmp_path: Path, count: int
) -> None:
    made = make_election(fast, FOUR[:count], voters=3, uuid="CertezaTest111" + "AB"[count], seed="pocas")
    assert made.votes == [[0, count, 0]]
    for name, archive in made.stages().items():
        require_accepted(modern, archive, tmp_path / name)


@pytest.mark.req("SEI-22")
def test_five_of_seven_with_two_absent_are_accepted(
    modern: BeleniosTool, fast: Group, tmp_path: Path
) -> None:
    for present in ((1, 2, 3, 4, 5), (7, 6, 5, 3, 1), (1, 2, 3, 4, 5, 6, 7)):
        made = make_election(
            fast, FOUR, board=(7, 5), present=present, uuid="CertezaTest7777", seed=f"siete {present}"
        )
        require_accepted(modern, made.archive, tmp_path / "urna")


@pytest.mark.req("SEI-18")
def test_a_ballot_for_every_choice_is_accepted(modern: BeleniosTool, fast: Group, tmp_path: Path) -> None:
    one = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    other = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]]
    choices = [[one[i % 3], vote] for i, vote in enumerate(other)]
    made = make_election(fast, choices, questions=(ONE, OTHER), uuid="CertezaTest8888", seed="todas")
    assert made.votes == [[3, 2, 2], [3, 3, 3]]
    require_accepted(modern, made.archive, tmp_path / "urna")


def test_names_in_any_writing_are_accepted(modern: BeleniosTool, fast: Group, tmp_path: Path) -> None:
    from dataclasses import replace

    made = four_voters(fast)
    names = ('ñ "comillas" \\ / \t \x7f\u2028', "😀 𠀀", "<script>&'")
    for number, name in enumerate(names):
        question = replace(ONE, text=name, answers=(name, "x"))
        election = replace(made.election, name=name, description=name, questions=(question,))
        plan = take_apart(made.archive).until(0)
        plan.pieces[0].data["election"] = election.data
        ballot = BallotMaker(fast, election, SeededRandomness(name)).make(made.private[0], [[0, 1, 0]])
        plan.pieces.append(Piece("Ballot", {"ballot": ballot.data}))
        assert made.audit(plan.write()).ballots == 1
        require_accepted(modern, plan.write(), tmp_path / str(number))
