"""The instants of an audiencia, at their edges."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from capture.audiencia.errors import AudienciaRefusal
from capture.audiencia.terms import (
    NEXT,
    Fase,
    due,
    require_ahead,
    require_confirmable,
    require_next,
    too_close,
)
from tests.capture.records.making import START

TICK = timedelta(microseconds=1)


@pytest.mark.req("APO-22")
def test_a_request_comes_48_hours_ahead() -> None:
    require_ahead(START, START + timedelta(hours=48))
    with pytest.raises(AudienciaRefusal, match=r"2022-12-16T12:00.*2022-12-16T11:59"):
        require_ahead(START, START + timedelta(hours=48) - TICK)


@pytest.mark.req("APO-22")
def test_a_confirmation_comes_8_hours_before() -> None:
    require_confirmable(START - timedelta(hours=8), START)
    with pytest.raises(AudienciaRefusal, match=r"audiencia\.confirmacion"):
        require_confirmable(START - timedelta(hours=8) + TICK, START)


def test_less_than_an_hour_apart_on_a_day_is_pointed_out_and_not_refused() -> None:
    others = [START + timedelta(minutes=minutes) for minutes in (-59, -60, 59, 60, 60 * 24)]
    assert too_close(START, others) == [others[0], others[2]]
    midnight = START.replace(hour=6, minute=10)  # 00:10 in central Mexico
    assert too_close(midnight, [midnight - timedelta(minutes=30)]) == []


def test_results_are_due_within_24_hours() -> None:
    assert due(START) == START + timedelta(hours=24)


def test_steps_come_in_their_order_only() -> None:
    for present, wanted in product(Fase, Fase):
        if NEXT.get(present) is wanted:
            require_next(present, wanted, "audiencia 1")
        else:
            with pytest.raises(AudienciaRefusal, match=r"audiencia\.fase"):
                require_next(present, wanted, "audiencia 1")
