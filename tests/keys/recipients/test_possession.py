"""The proof of possession: other programs can answer it; late, guessed and foreign answers are refused."""

from __future__ import annotations

import hashlib
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.recipients import identity
from keys.recipients.errors import PossessionRefusal
from keys.recipients.possession import (
    HOURS,
    Challenge,
    kept,
    new_challenge,
    parse_challenge,
    verify_answer,
)
from tests.keys.recipients.making import SINCE

MADE, TEXT = identity.new_age(SINCE)
CHALLENGE = new_challenge("0190a0b0-0000-7000-8000-000000000001", MADE.recipient, SINCE, b"\7" * 32)


@pytest.mark.req("APO-23")
def test_age_and_sha256sum_answer_a_challenge(tmp_path: Path) -> None:
    key, sealed = tmp_path / "llave.txt", tmp_path / "reto.age"
    key.write_bytes(TEXT)
    sealed.write_bytes(CHALLENGE.seal(MADE.recipient))
    opened = subprocess.run(
        ["age", "-d", "-i", str(key), str(sealed)], check=True, capture_output=True
    ).stdout
    answer = subprocess.run(["sha256sum"], input=opened, check=True, capture_output=True).stdout[:64].decode()
    verify_answer(
        answer, kept(CHALLENGE.answer), CHALLENGE.expires, SINCE + timedelta(hours=HOURS, seconds=-1)
    )
    assert parse_challenge(opened) == CHALLENGE


@pytest.mark.parametrize("answer", ["", "0" * 64, "ñ" * 64, hashlib.sha256(b"otro").hexdigest()])
def test_another_answer_is_refused(answer: str) -> None:
    with pytest.raises(PossessionRefusal, match=r"posesion\.respuesta"):
        verify_answer(answer, kept(CHALLENGE.answer), CHALLENGE.expires, SINCE)


def test_a_right_answer_that_is_late_is_refused() -> None:
    with pytest.raises(PossessionRefusal, match=r"posesion\.vencida"):
        verify_answer(CHALLENGE.answer, kept(CHALLENGE.answer), CHALLENGE.expires, CHALLENGE.expires)


def test_the_answer_depends_on_the_periodo_the_key_and_the_instant() -> None:
    other = identity.new_age(SINCE)[0].recipient
    moved = new_challenge(CHALLENGE.periodo, MADE.recipient, SINCE + timedelta(seconds=1), CHALLENGE.nonce)
    changed = [
        new_challenge("otro", MADE.recipient, SINCE, CHALLENGE.nonce),
        new_challenge(CHALLENGE.periodo, other, SINCE, CHALLENGE.nonce),
        moved,
    ]
    assert len({c.answer for c in [CHALLENGE, *changed]}) == 4


@given(st.binary(max_size=300))
def test_what_is_no_challenge_is_refused(data: bytes) -> None:
    with pytest.raises(PossessionRefusal, match=r"posesion\.forma"):
        parse_challenge(data)


def test_reading_a_challenge_gives_the_same_bytes() -> None:
    assert isinstance(parse_challenge(CHALLENGE.encode()), Challenge)
    for altered in (CHALLENGE.encode() + b"\n", CHALLENGE.encode().replace(b"vence", b"Vence")):
        with pytest.raises(PossessionRefusal):
            parse_challenge(altered)
