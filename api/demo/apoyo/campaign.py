"""Who is captured by whom, and when: duplicates, people who support two aspirantes, a removed auxiliar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.demo.apoyo.plan import CUT, DUPLICATES, RECEIVED, ApoyoPlan
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import Candidate, Helper

CROSSED = 4
"""People who support the first two aspirantes: the crossing between aspirantes finds them."""
AFTER_REMOVAL = 3
"""Records that an auxiliar sends after the promovente removed him: they do not count."""
OWN = 2
"""People who support the last aspirante by «Mi Apoyo»."""
LATE = 2
"""Records captured after the periodo: received, and not counted (002 §4.11)."""
LOST = 1
"""Records sent from a device after its auxiliar removed it: received, and not counted (002 §3.8)."""
SPENT = LATE + LOST + 1
"""People that the trials of what must be refused need."""


@dataclass(frozen=True)
class Round:
    """What one auxiliar captures in one stretch."""

    helper: Helper
    citizens: tuple[Citizen, ...]


@dataclass(frozen=True)
class Campaign:
    """`early` is processed before the cut, `late` is sent before it and waits; `removed` comes too late."""

    early: tuple[Round, ...]
    late: tuple[Round, ...]
    removed: Round
    own: tuple[Citizen, ...]
    spent: tuple[Citizen, ...]
    """People whose records are tried to be altered, or come too late."""


def plan_campaign(
    plan: ApoyoPlan, candidates: Sequence[Candidate], helpers: Sequence[Helper], people: Sequence[Citizen]
) -> Campaign:
    """Deal people out to the auxiliares of each aspirante, as the plan's proportions say."""
    pool = list(people)
    own = tuple(_take_with_qr(pool, OWN))
    spent = [pool.pop() for _ in range(SPENT)]
    gone = [pool.pop() for _ in range(AFTER_REMOVAL)]
    early: list[Round] = []
    late: list[Round] = []
    crossed: list[Citizen] = []
    for number, candidate in enumerate(candidates):
        mine = [helper for helper in helpers if helper.proceso == candidate.proceso]
        total = plan.records_of(number)
        twice = round(total * DUPLICATES / RECEIVED)
        again = crossed[:CROSSED] if number == 1 else []
        fresh = [pool.pop() for _ in range(total - twice - len(again))]
        crossed = crossed or fresh
        waiting = round(total * CUT["procesamiento"] / RECEIVED)
        first = [*fresh[: total - twice - waiting], *again]
        early += _dealt(mine, first)
        early += _dealt([*mine[1:], mine[0]], first[:twice])  # the same people again, by the next auxiliar
        late += _dealt(mine, fresh[total - twice - waiting :])
    removed = Round(helpers[0], tuple(gone))
    return Campaign(tuple(early), tuple(late), removed, own, tuple(spent))


def _take_with_qr(pool: list[Citizen], many: int) -> list[Citizen]:
    """People whose credential has a QR on its back (models D to H)."""
    found = [citizen for citizen in pool if citizen.person.credencial == "cic"][:many]
    for citizen in found:
        pool.remove(citizen)
    return found


def _dealt(helpers: Sequence[Helper], citizens: Sequence[Citizen]) -> list[Round]:
    """In turn, so that each has as many as the others, give or take one."""
    return [
        Round(helper, tuple(citizens[at :: len(helpers)]))
        for at, helper in enumerate(helpers)
        if citizens[at :: len(helpers)]
    ]
