"""The instants of an audiencia, and its states. Pure.

Sources: 001 §12.2 and 002 §7.2 (48 hours ahead), 001 §12.4 (confirmation 8 hours before; an hour between two
of a day is recommended), 002 §7.4 (results within 24 hours).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from capture.audiencia.errors import AudienciaRefusal
from capture.calendar import ZONE, local_day

AHEAD = timedelta(hours=48)
CONFIRMED_BEFORE = timedelta(hours=8)
APART = timedelta(hours=1)
NOTIFIED_WITHIN = timedelta(hours=24)


class Fase(StrEnum):
    """Where an audiencia is."""

    SOLICITADA = "solicitada"
    ASIGNADA = "asignada"
    CONFIRMADA = "confirmada"
    CONCLUIDA = "concluida"
    NOTIFICADA = "notificada"


NEXT: dict[Fase, Fase] = {
    Fase.SOLICITADA: Fase.ASIGNADA,
    Fase.ASIGNADA: Fase.CONFIRMADA,
    Fase.CONFIRMADA: Fase.CONCLUIDA,
    Fase.CONCLUIDA: Fase.NOTIFICADA,
}
"""Which one follows; the cut, the confirmation, the end and the notice each make one step."""


def require_next(present: Fase, wanted: Fase, place: str) -> None:
    """Refuse a step out of order. Raises AudienciaRefusal."""
    if NEXT.get(present) is not wanted:
        expected = NEXT[present].value if present in NEXT else "ningún paso más"
        raise AudienciaRefusal("audiencia.fase", place, expected, wanted.value)


def require_ahead(now: datetime, fecha: datetime) -> None:
    """Refuse a session that is not 48 hours ahead. Raises AudienciaRefusal with both instants."""
    if fecha < now + AHEAD:
        expected = f"48 horas de anticipación: {_shown(now + AHEAD)} o después"
        raise AudienciaRefusal("audiencia.anticipacion", "fecha de la audiencia", expected, _shown(fecha))


def require_confirmable(now: datetime, fecha: datetime) -> None:
    """Refuse a confirmation less than 8 hours before. Raises AudienciaRefusal with both instants."""
    if now > fecha - CONFIRMED_BEFORE:
        expected = f"al menos 8 horas antes: hasta {_shown(fecha - CONFIRMED_BEFORE)}"
        raise AudienciaRefusal("audiencia.confirmacion", "confirmación", expected, _shown(now))


def require_begun(now: datetime, fecha: datetime, place: str) -> None:
    """Refuse to review before the session. Raises AudienciaRefusal with both instants."""
    if now < fecha:
        raise AudienciaRefusal("audiencia.inicio", place, f"{_shown(fecha)} o después", _shown(now))


def too_close(fecha: datetime, others: Iterable[datetime]) -> list[datetime]:
    """Other audiencias of the same day (hora centro) less than an hour apart: a recommendation, no rule."""
    same_day = (other for other in others if local_day(other) == local_day(fecha))
    return sorted(other for other in same_day if abs(other - fecha) < APART)


def due(concluida: datetime) -> datetime:
    """Until when the results have to be notified."""
    return concluida + NOTIFIED_WITHIN


def _shown(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="minutes")
