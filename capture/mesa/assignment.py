"""Who reviews what: daily workloads, given out fairly between 09:00 and 18:00 (001 §11.4). Pure."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from capture.calendar import ZONE
from capture.mesa.errors import MesaRefusal


@dataclass(frozen=True, slots=True)
class Workday:
    """The hours in which records are assigned (hora centro), and how many an operator is given a day."""

    desde: time = time(9)
    hasta: time = time(18)
    daily: int = 400
    """Records. 001 §11.4 recommends at least 400."""


def require_hours(now: datetime, workday: Workday) -> None:
    """Refuse to assign outside of the hours. Raises MesaRefusal with the hour in central Mexico."""
    local = now.astimezone(ZONE).time()
    if not workday.desde <= local < workday.hasta:
        expected = f"de {workday.desde:%H:%M} a {workday.hasta:%H:%M} horas (hora centro)"
        raise MesaRefusal("mesa.horario", "asignación", expected, f"{local:%H:%M}")


def share(waiting: Sequence[str], loads: Mapping[str, int], daily: int) -> list[tuple[str, str]]:
    """(folio, operador) for the folios of `waiting`, first come first, while anybody has room.

    `loads`: of each operator present, what is open or was done today. The next record goes to whoever has
    least: no two who had room differ by more than one when they began alike, and nobody goes over `daily`.
    """
    heap = [(load, operador) for operador, load in loads.items() if load < daily]
    heapq.heapify(heap)
    given: list[tuple[str, str]] = []
    for folio in waiting:
        if not heap:
            break
        load, operador = heapq.heappop(heap)
        given.append((folio, operador))
        if load + 1 < daily:
            heapq.heappush(heap, (load + 1, operador))
    return given
