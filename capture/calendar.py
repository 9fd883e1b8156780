"""Working days, and terms in days and months, as the institutes' documents count them. Pure.

A working day is Monday to Friday but for the days of obligatory rest of article 74 of the Ley Federal del
Trabajo, kept here as data, and for those that an institute adds (its own holidays, the day of an election).
Terms begin on the day after, and end with the last day in the hour of central Mexico.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Mexico_City")
_MONDAY, _SATURDAY = 0, 5
FIXED = ((1, 1), (5, 1), (9, 16), (12, 25))
"""(month, day): LFT 74, fractions I, IV, V and VIII."""
MONDAYS = ((2, 1), (3, 3), (11, 3))
"""(month, n): the nth Monday of it, for 5 February, 21 March and 20 November (fractions II, III and VI)."""
HANDOVERS = (2024, 10, 1, 6)
"""(first year, month, day, every how many years): the President takes office (fraction VII, since 2024)."""
OLD_HANDOVERS = (2018, 12, 1, 6)
"""The same before: 1 December 2018, and each sixth year back from it."""


def is_rest_day(day: date) -> bool:
    """Whether article 74 names it."""
    if (day.month, day.day) in FIXED or _is_handover(day):
        return True
    return day.weekday() == _MONDAY and (day.month, (day.day + 6) // 7) in MONDAYS


def _is_handover(day: date) -> bool:
    year, month, in_month, every = HANDOVERS if day.year >= HANDOVERS[0] else OLD_HANDOVERS
    return (day.month, day.day) == (month, in_month) and (day.year - year) % every == 0


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar of an institute; `closed`: days that it does not work beside those of the law."""

    closed: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        """Whether it counts as «día hábil»."""
        return day.weekday() < _SATURDAY and not is_rest_day(day) and day not in self.closed

    def after(self, moment: datetime, days: int) -> datetime:
        """The end (midnight that follows, excluded) of the nth working day after the day of `moment`."""
        day = local_day(moment)
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return end_of(day)


def local_day(moment: datetime) -> date:
    """The date of an instant in central Mexico."""
    return moment.astimezone(ZONE).date()


def end_of(day: date) -> datetime:
    """The first instant that is no longer that day."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


def calendar_days_after(moment: datetime, days: int) -> datetime:
    """The end of the nth «día natural» after."""
    return end_of(local_day(moment) + timedelta(days=days))


def months_after(moment: datetime, months: int) -> datetime:
    """The end of the same day so many months later, or of the last one of a shorter month."""
    day = local_day(moment)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return end_of(date(year, month + 1, min(day.day, last)))


def closing(days: Iterable[date]) -> WorkingDays:
    """The calendar of an institute that is also closed on `days`."""
    return WorkingDays(frozenset(days))
