"""Workloads: within the hours, fair, each record once, never over the daily number."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.mesa.assignment import Workday, require_hours, share
from capture.mesa.errors import MesaRefusal

LOADS = st.dictionaries(st.sampled_from(["ana", "beto", "carla", "dani"]), st.integers(0, 12))


@pytest.mark.req("APO-18")
@given(st.integers(0, 60), LOADS, st.integers(1, 10))
def test_each_record_goes_to_one_operator_and_nobody_over_the_daily_number(
    waiting: int, loads: dict[str, int], daily: int
) -> None:
    folios = [str(number) for number in range(waiting)]
    given_out = share(folios, loads, daily)
    assert [folio for folio, _ in given_out] == folios[: len(given_out)]
    counts = Counter(operador for _, operador in given_out)
    assert all(loads[operador] + count <= daily for operador, count in counts.items())
    room = sum(max(0, daily - load) for load in loads.values())
    assert len(given_out) == min(waiting, room)


@given(st.integers(0, 60), LOADS.filter(bool), st.integers(1, 10))
def test_who_was_given_a_record_never_ends_above_who_could_have_had_it(
    waiting: int, loads: dict[str, int], daily: int
) -> None:
    counts = Counter(operador for _, operador in share([str(n) for n in range(waiting)], loads, daily))
    after = {operador: load + counts[operador] for operador, load in loads.items()}
    low = min(after.values())
    assert all(after[operador] <= low + 1 for operador in counts)


@pytest.mark.parametrize(
    ("utc", "inside"),
    [
        (datetime(2022, 12, 14, 14, 59, tzinfo=UTC), False),
        (datetime(2022, 12, 14, 15, 0, tzinfo=UTC), True),
        (datetime(2022, 12, 14, 23, 59, tzinfo=UTC), True),
        (datetime(2022, 12, 15, 0, 0, tzinfo=UTC), False),
    ],
)
@pytest.mark.req("APO-18")
def test_records_are_assigned_from_nine_to_six_in_central_mexico(utc: datetime, inside: bool) -> None:
    if inside:
        require_hours(utc, Workday())
        return
    with pytest.raises(MesaRefusal, match=r"mesa\.horario"):
        require_hours(utc, Workday())
