"""The clock that the service's orders go by: the system's.

A rehearsal has to see weeks pass in minutes. Its own program (`api.demo.sei.program`) runs these same orders
with another clock, which it hands over as an object of its process. There is no option, setting or variable
for it, so nothing that is written on a server makes `certeza` go by another hour (docs/adr/0024-clock.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import click


@dataclass(frozen=True, slots=True)
class GivenClock:
    """What the program of a rehearsal gives: aware instants."""

    now: Callable[[], datetime]


def given() -> GivenClock | None:
    """The clock that the program gave to the order that is running, if it gave one."""
    context = click.get_current_context(silent=True)
    return None if context is None else context.find_object(GivenClock)


def clock() -> Callable[[], datetime]:
    """What tells the hour to the order that is running."""
    from api.wiring import system_clock

    found = given()
    return system_clock if found is None else found.now
