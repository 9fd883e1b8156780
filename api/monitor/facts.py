"""What the monitor counts, and of what it tells only so much that nobody is seen in it. Pure.

Nothing that it counts says what anybody opined: no ballot's content exists outside of ciphertexts. What could
be seen is *that* somebody opined and *when*, which who follows a person or a small place could put
together. Of tokens and opinions, therefore:

* only whole hours that are over since some minutes, so that looking twice never shows one act between both;
* never fewer than k acts together (the consultation's own k, below which an urn is not opened alone): hours
  of a demarcación are joined, in order, until they have so many; what is left waits for the next hour;
* totals are the sum of what is told, so that no subtraction gives what is not.

After the closing instant the opinions that are left join the last span: how many ballots each urn has is
public (all the time, without hours of the clock: the urns' archives are). The other facts (requests, their
outcomes, Claves) are exact: the areas that see the monitor see them one by one in the bitácora.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MICROSECONDS_AN_HOUR = 3_600_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR, GRACE = timedelta(hours=1), timedelta(minutes=5)
"""An hour is over when it ended `GRACE` ago: whatever began in it is committed by then."""


class Hecho(StrEnum):
    """What is counted. The values are stored."""

    REGISTRO = "registro"
    EN_VALIDACION = "en-validacion"
    APROBADA = "aprobada"
    RECHAZADA = "rechazada"
    NO_ELEGIBLE = "no-elegible"
    CLAVE = "clave"
    REPOSICION = "reposicion"
    DESHABILITADA = "deshabilitada"
    TOKEN = "token"  # noqa: S105 - the name of a fact
    OPINION = "opinion"


NAMES = {
    Hecho.REGISTRO: "Solicitudes de pre-registro concluidas",
    Hecho.EN_VALIDACION: "Solicitudes remitidas al módulo de validación",
    Hecho.APROBADA: "Solicitudes aprobadas",
    Hecho.RECHAZADA: "Solicitudes rechazadas en la validación",
    Hecho.NO_ELEGIBLE: "Solicitudes de personas que no pueden opinar por internet",
    Hecho.CLAVE: "Claves de Opinión generadas",
    Hecho.REPOSICION: "Claves repuestas",
    Hecho.DESHABILITADA: "Claves deshabilitadas",
    Hecho.TOKEN: "Tokens enviados por SMS",
    Hecho.OPINION: "Opiniones recibidas",
}
"""How each is spoken of."""
GUARDED = frozenset({Hecho.TOKEN, Hecho.OPINION})
"""What is told only by whole hours and never of fewer than k together."""


@dataclass(frozen=True, slots=True)
class Span:
    """From an hour (included) to another (excluded), since 1970 in UTC, and how many acts."""

    since: int
    until: int
    total: int


def hour_of(moment: datetime) -> int:
    """The hour of an instant."""
    return (moment.astimezone(UTC) - _EPOCH) // HOUR


def start_of(hour: int) -> datetime:
    """The instant at which an hour begins."""
    return _EPOCH + hour * HOUR


def exact(hours: Mapping[int, int]) -> list[Span]:
    """Each hour with acts, in order."""
    return [Span(hour, hour + 1, total) for hour, total in sorted(hours.items()) if total]


def guarded(hours: Mapping[int, int], k: int, now: int, *, over: bool) -> list[Span]:
    """Spans of at least k acts among the hours before `now`. `over`: nothing is added any more, and what is
    left at the end joins the last span."""
    told: list[Span] = []
    since, left, last = None, 0, 0
    for hour, total in sorted(hours.items()):
        if not total or hour >= now:
            continue
        since = hour if since is None else since
        left, last = left + total, hour + 1
        if left >= k:
            told.append(Span(since, last, left))
            since, left = None, 0
    if over and left:
        before = told.pop() if told else None
        first = before.since if before else since
        told.append(Span(first or 0, last, left + (before.total if before else 0)))
    return told
