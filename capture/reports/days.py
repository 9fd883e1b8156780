"""Days of central Mexico as the tables of figures keep them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Mexico_City")
_FIRST = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_of_hour(hour: int) -> date:
    """The day in which an hour since 1970 (UTC) lies: offsets are whole hours, so no hour has two days."""
    return (_EPOCH + timedelta(hours=hour)).astimezone(ZONE).date()


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - _FIRST).days


def day_of_number(number: int) -> date:
    """The day that `day_number` gives this number."""
    return _FIRST + timedelta(days=number)
