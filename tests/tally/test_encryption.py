"""Ballots for every choice of every kind of question enter, add up and open; others cannot be made."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.errors import FormatRefusal, Refusal
from keys.group import Group
from keys.randomness import SeededRandomness
from tally.ballot import Ballot
from tally.checking import BallotChecker
from tally.election import Election
from tally.encryption import BallotMaker
from tally.public_credentials import PublicCredentials, derive, listing
from tally.questions import Question
from tests.tally.making import hold_ceremony, make_election

PRIVATE = "AAAAA-BBBBBB-CCCCC-DDDDDD"
UUID = "CertezaTestVVV"


def election_over(group: Group, questions: tuple[Question, ...]) -> tuple[Election, PublicCredentials]:
    board = hold_ceremony(group, 3, 2)
    (key,) = group.encode([board.trustees.election_key(group)])
    election = Election("d", "n", group.name, key, questions, UUID)
    return election, listing(group, derive(group, UUID, [PRIVATE]))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    count = draw(st.integers(1, 4))
    least = draw(st.integers(0, count))
    most = draw(st.integers(least, count))
    answers = tuple(draw(st.lists(st.text(max_size=5), min_size=count, max_size=count)))
    return Question(answers, draw(st.booleans()), least, most, draw(st.text(max_size=5)))


def allowed(question: Question) -> list[list[int]]:
    """Every vote that the question allows."""
    size = len(question.answers)
    votes = [list(v) for v in itertools.product((0, 1), repeat=size) if sum(v) in question.values]
    if not question.blank:
        return votes
    return [[1] + [0] * size, *([0, *vote] for vote in votes)]


def forbidden(question: Question) -> list[list[int]]:
    every = [list(v) for v in itertools.product((0, 1), repeat=question.size)]
    others = [[0] * (question.size + 1), [], [2] + [0] * (question.size - 1)]
    return [v for v in every if v not in allowed(question)] + others


@pytest.mark.req("SEI-28")
@settings(max_examples=12)
@given(asked=st.lists(questions(), min_size=1, max_size=2), data=st.data())
def test_every_allowed_vote_is_accepted_by_the_checker(
    fast: Group, asked: list[Question], data: st.DataObject
) -> None:
    election, listed = election_over(fast, tuple(asked))
    maker = BallotMaker(fast, election, SeededRandomness("votos"))
    checker = BallotChecker(fast, election, listed)
    choices = [data.draw(st.sampled_from(allowed(q) or [[0] * q.size])) for q in asked]
    ballot = maker.make(PRIVATE, choices)
    read = checker.check(ballot.data, "boleta")
    assert read.ballot == ballot == Ballot.from_bytes(ballot.data, "x", fast.order)
    assert [len(row) for row in read.choices] == [q.size for q in asked]


@given(question=questions())
def test_votes_that_are_not_allowed_are_not_made(fast: Group, question: Question) -> None:
    for vote in allowed(question):
        question.require_vote(vote, "x")
    for vote in forbidden(question):
        with pytest.raises(FormatRefusal) as refused:
            question.require_vote(vote, "x")
        assert refused.value.rule == "boleta.opciones"
        assert str(vote) not in str(refused.value)


@settings(max_examples=5)
@given(data=st.data())
def test_what_is_voted_is_what_is_counted(fast: Group, data: st.DataObject) -> None:
    asked = [data.draw(questions()) for _ in range(data.draw(st.integers(1, 2)))]
    choices = data.draw(
        st.lists(st.tuples(*(st.sampled_from(allowed(q)) for q in asked)), max_size=4).map(
            lambda rows: [list(row) for row in rows]
        )
    )
    made = make_election(fast, choices, questions=asked, voters=5, uuid="CertezaTestWWW", seed="azar")
    sums = [[sum(row[i][j] for row in choices) for j in range(q.size)] for i, q in enumerate(asked)]
    assert made.votes == sums == made.audit().votes


@pytest.mark.parametrize("choice", [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
def test_ballots_of_all_arithmetics_are_checked_by_all(choice: list[int]) -> None:
    from tests.conftest import make_group

    question = Question(("A", "B"), blank=True, minimum=1, maximum=1, text="q")
    groups = [make_group("nativa"), make_group("libsodium")]
    for maker, judge in itertools.product(groups, repeat=2):
        election, listed = election_over(maker, (question,))
        ballot = BallotMaker(maker, election, SeededRandomness("x")).make(PRIVATE, [choice])
        BallotChecker(judge, election, listed).check(ballot.data, "boleta")


def test_every_choice_over_2048_bits() -> None:
    from tests.conftest import make_group

    group = make_group("enteros")
    question = Question(("A",), blank=True, minimum=1, maximum=1, text="q")
    election, listed = election_over(group, (question,))
    for choice in ([1, 0], [0, 1]):
        ballot = BallotMaker(group, election, SeededRandomness("x")).make(PRIVATE, [choice])
        BallotChecker(group, election, listed).check(ballot.data, "boleta")


def test_the_same_vote_twice_gives_other_ballots(fast: Group) -> None:
    election, _ = election_over(fast, (Question(("A", "B"), True, 1, 1, "q"),))
    maker = BallotMaker(fast, election, SeededRandomness("x"))
    first, second = (maker.make(PRIVATE, [[0, 1, 0]]) for _ in range(2))
    texts = [
        {text for a in ballot.answers for pair in a.choices for text in pair} for ballot in (first, second)
    ]
    assert not texts[0] & texts[1]
    assert first.tracker != second.tracker


def test_a_ballot_does_not_fit_another_question(fast: Group) -> None:
    """Point 5: with blank always a blank proof, without none."""
    shapes = [Question(("A", "B"), blank, 0, most, "q") for blank in (True, False) for most in (1, 2)]
    for asked, other in itertools.permutations(shapes, 2):
        election, _ = election_over(fast, (asked,))
        changed, listed = election_over(fast, (other,))
        ballot = BallotMaker(fast, election, SeededRandomness("x")).make(PRIVATE, [[0] * asked.size])
        renamed = ballot.data.replace(election.fingerprint.encode(), changed.fingerprint.encode())
        with pytest.raises(Refusal):
            BallotChecker(fast, changed, listed).check(renamed, "boleta")


def test_an_audit_reads_from_any_stream(fast: Group) -> None:
    made = make_election(fast, [[[0, 1, 0]]], uuid="CertezaTestXXX", seed="flujo")
    stream = io.BytesIO(made.archive)
    stream.seek(100)
    assert made.auditor.audit(stream, "x").ballots == 1
