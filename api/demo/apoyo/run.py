"""The rehearsal of an apoyo process, in the order of the institutes' documents."""

from __future__ import annotations

from api.demo.apoyo.collecting import close, collect, finish_mesa, open_capture, show_cut
from api.demo.apoyo.finishing import DEFINITIVE, PRELIMINARY, check, deliver, hear
from api.demo.apoyo.looking import look
from api.demo.apoyo.plan import ApoyoPlan
from api.demo.apoyo.preparing import prepare
from api.demo.apoyo.readme import write_readme
from api.demo.apoyo.rehearsal import ApoyoSummary
from api.demo.apoyo.town import running_town
from api.demo.screen import Screen
from keys.randomness import Randomness


def rehearse_apoyo(plan: ApoyoPlan, screen: Screen, random: Randomness) -> ApoyoSummary:
    """Everything. Raises UnexpectedOutcome when anything goes another way."""
    plan.output.mkdir(parents=True, exist_ok=True)
    with running_town(plan) as town:
        rehearsal = prepare(town, screen, random)
        open_capture(rehearsal)
        look(rehearsal)
        collect(rehearsal)
        show_cut(rehearsal)
        finish_mesa(rehearsal)
        close(rehearsal)
        first = deliver(rehearsal, PRELIMINARY)
        told = hear(rehearsal)
        last = deliver(rehearsal, DEFINITIVE, told)
        summary = check(rehearsal, first, last)
    write_readme(plan.output)
    return summary
