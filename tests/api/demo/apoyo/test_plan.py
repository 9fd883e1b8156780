"""The plan of a rehearsal: parts that add up, and instants in the order of the documents."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.demo.apoyo.clock import CENTRO, MovedClock
from api.demo.apoyo.plan import AUXILIARES, CANDIDATES, SHARES, SITUATIONS, ApoyoPlan, shared

STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda t: t.replace(tzinfo=CENTRO))  # noqa: DTZ001


@given(st.integers(0, 5000))
def test_parts_of_a_total_add_up_to_it(total: int) -> None:
    parts = shared(total, SITUATIONS)
    assert sum(parts.values()) == total
    assert all(abs(parts[name] - total * weight / 100) < 1 for name, weight in SITUATIONS.items())


@given(STARTS)
def test_what_follows_is_later_and_on_working_days(start: datetime) -> None:
    plan = ApoyoPlan(Path(), 100, start)
    moments = [start, plan.opens, plan.cut, plan.closes, plan.preliminary, plan.audiencia, plan.definitive]
    assert moments == sorted(moments)
    assert all(moment.weekday() < 5 for moment in (plan.cut, *moments[4:]))
    assert plan.preliminary - plan.closes > timedelta(hours=24)
    assert sum(plan.records_of(number) for number in range(len(CANDIDATES))) == plan.records
    assert sum(SHARES) == AUXILIARES == 20


def test_clock_goes_on_from_where_it_is_moved_and_never_back() -> None:
    start = datetime(2026, 9, 1, 10, tzinfo=CENTRO)
    clock = MovedClock(start)
    clock.wait(3600)
    assert timedelta(hours=1) <= clock() - start < timedelta(hours=2)
    clock.move_to(start + timedelta(days=1))
    assert clock() >= start + timedelta(days=1)
    with pytest.raises(ValueError, match="no retrocede"):
        clock.move_to(start)
