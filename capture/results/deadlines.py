"""When what is due (001 §13.1 and §14.1; 002 §8). Terms are one object, units in their names. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from capture.calendar import WorkingDays, calendar_days_after, months_after
from capture.results.errors import ResultsRefusal
from keys.recipients.recipient import Recipient


@dataclass(frozen=True, slots=True)
class Terms:
    """What the Anexo Técnico and the Protocolo say; an institute may agree on others."""

    key_days_before: int = 10  # calendar days before the start of the periodo (001 §13.1)
    preliminary_working_days: int = 6  # after the end of the capture (002 §8.1)
    definitive_working_days: int = 2  # after the notification of the audiencias (002 §8.2)
    access_days: int = 30  # calendar days after the definitive results (002 §8.3)
    consult_months: int = 3  # after the definitive results (001 §14.1)
    retention_months: int = 6  # after the definitive results, at most (002 §8.4)
    request_hours: int = 72  # to answer a request of an authority (001 §14.2)
    working_days: WorkingDays = field(default_factory=WorkingDays)


TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Deadlines:
    """By which instants things are due, each excluded; None while what starts the term has not happened."""

    preliminary: datetime
    definitive: datetime | None
    access_closes: datetime | None
    consult_until: datetime | None
    purge_by: datetime | None


def deadlines(
    end: datetime, audiencias: datetime | None, delivered: datetime | None, terms: Terms = TERMS
) -> Deadlines:
    """From the end of the capture, the notification of the audiencias and the definitive delivery."""
    return Deadlines(
        terms.working_days.after(end, terms.preliminary_working_days),
        audiencias and terms.working_days.after(audiencias, terms.definitive_working_days),
        delivered and calendar_days_after(delivered, terms.access_days),
        delivered and months_after(delivered, terms.consult_months),
        delivered and months_after(delivered, terms.retention_months),
    )


def is_access_open(delivered: datetime | None, now: datetime, terms: Terms = TERMS) -> bool:
    """Whether promoventes may still enter the portal (002 §8.3)."""
    return delivered is None or now < calendar_days_after(delivered, terms.access_days)


def key_due(start: datetime, terms: Terms = TERMS) -> datetime:
    """Until when (excluded) a results key may be registered for a periodo that starts then."""
    return start - timedelta(days=terms.key_days_before)


def require_key_in_time(start: datetime, now: datetime, terms: Terms = TERMS) -> None:
    """Refuse a key that comes later than 001 §13.1 allows. Raises ResultsRefusal."""
    due = key_due(start, terms)
    if now > due:
        expected = f"a más tardar {terms.key_days_before} días antes del inicio, el {due:%d/%m/%Y %H:%M %z}"
        raise ResultsRefusal("resultados.llave_tarde", "llave pública del OPL", expected, now.isoformat())


def require_key_lasts(recipient: Recipient, now: datetime, end: datetime, terms: Terms = TERMS) -> None:
    """Refuse a certificate that is over before the results can have been delivered. Raises RecipientRefusal.

    The audiencias have no fixed length: three months after the end of the capture are left for them.
    """
    recipient.require_valid(now, months_after(end, terms.consult_months))
