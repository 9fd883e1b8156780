"""The rehearsal: working keys open it, and nobody can use it to open anything else."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from keys.ceremony import CeremonyRefusal, rehearsal
from keys.errors import ProofRefusal, Refusal
from keys.proofs import Proof
from keys.randomness import SeededRandomness

from . import alter
from .hold import Table, hold

pytestmark = [pytest.mark.req("SEI-22"), pytest.mark.req("SEI-28")]
RANDOM = SeededRandomness("ensayo")


@pytest.fixture(scope="module")
def table() -> Table:
    return hold(3, 2)


@pytest.fixture(scope="module")
def challenge(table: Table) -> tuple[rehearsal.Challenge, rehearsal.Opening]:
    return rehearsal.make_challenge(table.group, table.trustees, RANDOM)


def answer(table: Table, challenge: rehearsal.Challenge, index: int) -> rehearsal.Answer:
    secret = table.secret(index)
    return rehearsal.make_answer(table.group, table.trustees, challenge, index, secret, RANDOM)


def test_any_two_recover_the_number(
    table: Table, challenge: tuple[rehearsal.Challenge, rehearsal.Opening]
) -> None:
    made, opening = challenge
    group, trustees = table.group, table.trustees
    read = rehearsal.read_challenge(group, trustees, made.encode(), "reto")
    assert read == made
    answers = {
        i: rehearsal.read_answer(group, trustees, read, i, answer(table, read, i).encode(), "r")
        for i in (1, 2, 3)
    }
    for absent in (1, 2, 3):
        present = {i: a for i, a in answers.items() if i != absent}
        assert rehearsal.recover(group, trustees, read, present) == opening.value
    with pytest.raises(CeremonyRefusal, match=r"descifrado\.umbral"):
        rehearsal.recover(group, trustees, read, {1: answers[1]})


def test_an_altered_challenge(table: Table, challenge: tuple[rehearsal.Challenge, rehearsal.Opening]) -> None:
    value = json.loads(challenge[0].encode())
    for other in alter.alterations(value):
        with pytest.raises(Refusal):
            rehearsal.read_challenge(table.group, table.trustees, alter.encode(other), "reto")


def test_somebody_elses_ciphertext_is_not_answered(
    table: Table, challenge: tuple[rehearsal.Challenge, rehearsal.Opening]
) -> None:
    """A ballot's ciphertext, or one made over again: whoever hands it in does not know its randomness."""
    group, trustees, made = table.group, table.trustees, challenge[0]
    s = RANDOM.below(group.order)
    powers = group.powers(group.tables([group.generator, trustees.election_key(group)]), [[s, 0], [0, s]])
    alpha, beta = (group.product([a, b]) for a, b in zip(made.elements, powers, strict=True))
    texts = group.encode([alpha, beta])
    forged = replace(made, alpha=texts[0], beta=texts[1], elements=(alpha, beta))
    for proof in (made.knowledge, Proof(0, 0), Proof(1, s)):
        data = replace(forged, knowledge=proof).encode()
        with pytest.raises(ProofRefusal, match=r"ensayo\.reto\.conocimiento"):
            rehearsal.read_challenge(group, trustees, data, "reto")


def test_a_challenge_of_another_ceremony(table: Table) -> None:
    other = hold(3, 2, seed="otra")
    made, _ = rehearsal.make_challenge(other.group, other.trustees, RANDOM)
    with pytest.raises(CeremonyRefusal, match=r"ensayo\.reto\.trustees"):
        rehearsal.read_challenge(table.group, table.trustees, made.encode(), "reto")


def test_altered_answers_name_who_sent_them(
    table: Table, challenge: tuple[rehearsal.Challenge, rehearsal.Opening]
) -> None:
    value = json.loads(answer(table, challenge[0], 2).encode())
    for other in alter.alterations(value):
        with pytest.raises(Refusal) as caught:
            rehearsal.read_answer(
                table.group, table.trustees, challenge[0], 2, alter.encode(other), "respuesta"
            )
        assert caught.value.culprit == 2


def test_an_answer_with_somebody_elses_key(
    table: Table, challenge: tuple[rehearsal.Challenge, rehearsal.Opening]
) -> None:
    secret = table.secret(1)
    wrong = rehearsal.make_answer(table.group, table.trustees, challenge[0], 2, secret, RANDOM)
    with pytest.raises(ProofRefusal, match=r"descifrado\.prueba"):
        rehearsal.read_answer(table.group, table.trustees, challenge[0], 2, wrong.encode(), "r")
