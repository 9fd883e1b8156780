"""Working days: the law's days of rest as published, and terms that end with a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.calendar import (
    ZONE,
    WorkingDays,
    calendar_days_after,
    closing,
    end_of,
    is_rest_day,
    months_after,
)

# As the Secretaría del Trabajo lists them.
PUBLISHED = {
    2018: ["01-01", "02-05", "03-19", "05-01", "09-16", "11-19", "12-01", "12-25"],
    2021: ["01-01", "02-01", "03-15", "05-01", "09-16", "11-15", "12-25"],
    2024: ["01-01", "02-05", "03-18", "05-01", "09-16", "10-01", "11-18", "12-25"],
    2026: ["01-01", "02-02", "03-16", "05-01", "09-16", "11-16", "12-25"],
    2030: ["01-01", "02-04", "03-18", "05-01", "09-16", "10-01", "11-18", "12-25"],
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_days_of_rest_are_those_of_the_law(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    assert [f"{d:%m-%d}" for d in days if d.year == year and is_rest_day(d)] == PUBLISHED[year]


@pytest.mark.req("APO-23")
def test_six_working_days_skip_the_weekend_and_a_day_of_rest() -> None:
    end = datetime(2026, 3, 12, 23, 59, tzinfo=ZONE)  # a Thursday; Monday 16 is a day of rest
    assert WorkingDays().after(end, 6) == end_of(date(2026, 3, 23))
    assert closing([date(2026, 3, 23)]).after(end, 6) == end_of(date(2026, 3, 24))


def test_a_term_begins_on_the_day_after_in_central_mexico() -> None:
    late = datetime(2026, 3, 3, 5, 30, tzinfo=UTC)  # still 2 March in Mexico City
    assert WorkingDays().after(late, 1) == end_of(date(2026, 3, 3))
    assert calendar_days_after(late, 30) == end_of(date(2026, 4, 1))


def test_months_end_on_the_last_day_of_shorter_ones() -> None:
    assert months_after(datetime(2026, 8, 31, 12, tzinfo=ZONE), 6) == end_of(date(2027, 2, 28))
    assert months_after(datetime(2026, 11, 30, 12, tzinfo=ZONE), 3) == end_of(date(2027, 2, 28))
    assert months_after(datetime(2026, 12, 1, 12, tzinfo=ZONE), 6) == end_of(date(2027, 6, 1))


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(1, 30))
def test_a_term_ends_after_exactly_so_many_working_days(day: date, days: int) -> None:
    start = datetime(day.year, day.month, day.day, 13, tzinfo=ZONE)
    end = WorkingDays().after(start, days)
    between = [start.date() + timedelta(days=n) for n in range(1, (end.date() - start.date()).days)]
    assert sum(map(WorkingDays().is_working, between)) == days
    assert WorkingDays().is_working(between[-1])
