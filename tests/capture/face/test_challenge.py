"""The challenge: a state over observations, with no image in it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.face.challenge import (
    ChallengeSettings,
    Observation,
    Reason,
    Turn,
    Verdict,
    advance,
    begin,
    draw_turns,
    is_complete,
    judge_frames,
    verdict,
)

pytestmark = pytest.mark.req("SEI-04")
LEFT, RIGHT = Turn.LEFT, Turn.RIGHT
ASKED = (LEFT, RIGHT, LEFT)
SIDE = {LEFT: 0.16, RIGHT: -0.16}
STEP = 0.125  # seconds


def frames(offsets: list[float], step: float = STEP) -> list[Observation]:
    return [Observation(i * step, 1, offset, (100.0, 100.0), 80.0) for i, offset in enumerate(offsets)]


def following(asked: tuple[Turn, ...], each: int = 3) -> list[float]:
    """From the front, each turn through what lies between, and back."""
    offsets = [0.01] * each
    for turn in asked:
        offsets += [SIDE[turn] * 0.55, *[SIDE[turn]] * each, SIDE[turn] * 0.5, *[-0.02] * each]
    return offsets


@given(st.lists(st.sampled_from([LEFT, RIGHT]), min_size=1, max_size=6), st.integers(2, 5))
def test_doing_what_is_asked_passes(asked: list[Turn], each: int) -> None:
    order = tuple(asked)
    settings = ChallengeSettings(frames=6)
    assert judge_frames(frames(following(order, each)), order, settings) == Verdict(True)


@given(st.lists(st.floats(-0.08, 0.08), max_size=60))
def test_who_stays_in_front_never_passes(offsets: list[float]) -> None:
    outcome = judge_frames(frames(offsets), ASKED)
    assert not outcome.passed
    assert outcome.reasons


@given(st.lists(st.floats(-0.4, 0.4), max_size=80), st.binary(min_size=3, max_size=3))
def test_passing_needs_every_turn_in_order(offsets: list[float], random: bytes) -> None:
    asked = draw_turns(random, 3)
    outcome = judge_frames(frames(offsets, 0.1), asked)
    held = [
        LEFT if a > 0 else RIGHT
        for a, b in pairwise(offsets)
        if min(abs(a), abs(b)) >= 0.11 and (a > 0) == (b > 0)
    ]
    if outcome.passed:
        remaining = iter(held)
        assert all(turn in remaining for turn in asked)
    assert outcome.passed != bool(outcome.reasons)


def test_other_order_fails() -> None:
    assert judge_frames(frames(following((RIGHT, LEFT, LEFT))), ASKED).reasons == (Reason.WRONG_TURN,)


def test_turns_without_coming_back_to_the_front_do_not_count() -> None:
    offsets = [0.0] * 3 + [0.16] * 3 + [-0.16] * 3 + [0.16] * 3 + [0.0] * 3
    assert judge_frames(frames(offsets), ASKED).reasons == (Reason.MISSING_TURNS,)


def test_one_frame_of_a_turn_is_not_held() -> None:
    offsets = [0.0, 0.0, 0.16, 0.0, 0.0, -0.16, 0.0, 0.0, 0.16, 0.0, 0.0, 0.0]
    assert judge_frames(frames(offsets), ASKED).reasons == (Reason.MISSING_TURNS,)


def test_never_in_front() -> None:
    assert judge_frames(frames([0.2] * 20), ASKED).reasons == (Reason.NOT_FRONTAL,)


@pytest.mark.parametrize(("count", "reason"), [(0, Reason.NO_FACE), (2, Reason.SEVERAL)])
def test_no_face_and_several_faces_end_the_attempt(count: int, reason: Reason) -> None:
    spoiled = frames(following(ASKED))
    for at in range(6, 12):
        spoiled[at] = Observation(spoiled[at].at, count)
    assert judge_frames(spoiled, ASKED).reasons == (reason,)


def test_a_face_lost_for_a_moment_is_forgiven() -> None:
    seen = frames(following(ASKED, 4))
    for at in (5, 6):
        seen[at] = Observation(seen[at].at, 0)
    assert judge_frames(seen, ASKED).passed


def test_a_face_that_jumps_is_another_video() -> None:
    seen = frames(following(ASKED))
    later = [Observation(o.at, 1, o.offset, (300.0, 100.0), o.width) for o in seen[8:]]
    assert judge_frames(seen[:8] + later, ASKED).reasons == (Reason.JUMP,)


def test_too_slow() -> None:
    assert judge_frames(frames(following(ASKED), step=1.5), ASKED).reasons == (Reason.TOO_LONG,)


def test_no_frames() -> None:
    assert judge_frames([], ASKED) == Verdict(False, (Reason.NO_FACE,))


def test_what_has_ended_stays() -> None:
    progress = begin(ASKED)
    for seen in frames(following(ASKED)):
        progress = advance(progress, seen)
    assert is_complete(progress)
    assert advance(progress, Observation(99.0, 3)) == progress
    assert verdict(progress).passed


@given(st.binary(min_size=2, max_size=12))
def test_drawn_orders_have_both_sides(random: bytes) -> None:
    drawn = draw_turns(random, len(random))
    assert len(drawn) == len(random)
    assert set(drawn) == {LEFT, RIGHT}
    assert drawn == draw_turns(random, len(random))


def test_every_order_with_both_sides_can_be_drawn() -> None:
    drawn = {draw_turns(bytes([a, b, c]), 3) for a in range(16) for b in (0, 1) for c in (0, 1)}
    assert len(drawn) == 6


@pytest.mark.parametrize(("random", "turns"), [(b"", 2), (b"12", 3), (b"123", 1)])
def test_too_few_bytes_or_turns(random: bytes, turns: int) -> None:
    with pytest.raises(ValueError, match="two turns"):
        draw_turns(random, turns)
