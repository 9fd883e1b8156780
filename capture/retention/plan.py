"""In which phase the records of a process are, and what may be done in it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from capture.calendar import months_after
from capture.results.deadlines import TERMS, Terms
from capture.retention.errors import RetentionRefusal


class Phase(StrEnum):
    """The value is what the service shows."""

    ABIERTA = "abierta"
    """The definitive results are not delivered yet: no term runs."""
    CONSULTABLE = "consultable"
    """Three months in the system (001 §14.1)."""
    EN_RESPALDO = "en-respaldo"
    """Only out of the backup, «actividades y tiempos diferentes»."""
    VENCIDA = "vencida"
    """The six months are over and the records are still there: it must not be."""
    EN_DESTRUCCION = "en-destruccion"
    DESTRUIDA = "destruida"


@dataclass(frozen=True, slots=True)
class Dates:
    """What has happened to the records of a process."""

    delivered: datetime | None
    """The definitive results."""
    ordered: datetime | None = None
    """Their destruction was ordered."""
    destroyed: datetime | None = None


def phase(dates: Dates, now: datetime, terms: Terms = TERMS) -> Phase:
    """Where they are at `now`."""
    if dates.destroyed is not None:
        return Phase.DESTRUIDA
    if dates.ordered is not None:
        return Phase.EN_DESTRUCCION
    if dates.delivered is None:
        return Phase.ABIERTA
    if now < months_after(dates.delivered, terms.consult_months):
        return Phase.CONSULTABLE
    if now < months_after(dates.delivered, terms.retention_months):
        return Phase.EN_RESPALDO
    return Phase.VENCIDA


def require_purgeable(dates: Dates, held: int, now: datetime, place: str, terms: Terms = TERMS) -> None:
    """Refuse to order the destruction too early, twice, or while `held` requests wait for an answer."""
    present = phase(dates, now, terms)
    if present not in (Phase.EN_RESPALDO, Phase.VENCIDA):
        raise RetentionRefusal(
            "retencion.fase", place, f"{Phase.EN_RESPALDO.value} o {Phase.VENCIDA.value}", present.value
        )
    if held:
        raise RetentionRefusal("retencion.requerimientos", place, "ningún requerimiento sin atender", held)


def require_backup(dates: Dates, now: datetime, place: str, terms: Terms = TERMS) -> None:
    """Refuse to move records to the backup while they have to be consultable."""
    present = phase(dates, now, terms)
    if present not in (Phase.EN_RESPALDO, Phase.VENCIDA):
        raise RetentionRefusal("retencion.fase", place, Phase.EN_RESPALDO.value, present.value)
