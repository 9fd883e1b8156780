"""Dates as people type them, ages, and the hora centro of the institutes."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from capture.identity.errors import IdentityRefusal

CENTRO = ZoneInfo("America/Mexico_City")
"""The hora centro: every date that a person reads or types is in it."""
ADULT_YEARS = 18
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_OLDEST_YEAR = 1900


def calendar_date(text: str, field: str) -> date:
    """A date written `DD/MM/AAAA` or `AAAA-MM-DD`."""
    typed = text.strip()
    if found := _ISO.fullmatch(typed):
        year, month, day = map(int, found.groups())
    elif found := _DAY_FIRST.fullmatch(typed):
        day, month, year = map(int, found.groups())
    else:
        raise IdentityRefusal("fecha.forma", field, "una fecha DD/MM/AAAA", "otra forma" if typed else "nada")
    try:
        made = date(year, month, day)
    except ValueError:
        raise IdentityRefusal("fecha.calendario", field, "un día que exista", typed) from None
    if year < _OLDEST_YEAR:
        raise IdentityRefusal("fecha.calendario", field, f"un año desde {_OLDEST_YEAR}", f"{year}")
    return made


def centro_date(instant: datetime) -> date:
    """The day of an instant in the hora centro."""
    return instant.astimezone(CENTRO).date()


def age(birth: date, on: date) -> int:
    """Completed years. Someone born on 29 February completes a year on 1 March of common years."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def require_adult(birth: date, on: date, field: str = "Fecha de nacimiento") -> None:
    """Refuse whoever has not completed 18 years on the day."""
    if birth > on:
        raise IdentityRefusal("edad", field, "una fecha que ya pasó", f"{birth:%d/%m/%Y}")
    if age(birth, on) < ADULT_YEARS:
        raise IdentityRefusal("edad", field, f"{ADULT_YEARS} años cumplidos", f"{age(birth, on)} años")
