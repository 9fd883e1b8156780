"""How long a rehearsal waits for the service: a busy machine is slow, and slow is not dead.

What died is noticed at once: its process ended, or it closed the connection. What is only slow gets all the
time that it needs: waits are counted in looks, each of which asks the service or reads its files, so that
they grow with everything else on a machine that has much to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import httpx

from api.demo.errors import UnexpectedOutcome

LOOKS = 6_000
"""After so many without what was awaited, something hangs."""
LOOK_SECONDS = 0.1
"""Between two looks."""
PATIENCE_SECONDS = 1800.0
"""For an answer of somebody who is there, and whose process may be paused."""
PACE = 10
"""Seconds of this machine in one of a rehearsal's clock: a session of fifteen minutes, or the last half an
hour of a phase, must not be over before the people who are in it."""
ANSWER = httpx.Timeout(PATIENCE_SECONDS)


def database_in(data: Path) -> str:
    """The address of the SQLite file of a service, where who writes waits that long for the others."""
    return f"sqlite:///{(data / 'certeza.db').absolute()}?timeout={PATIENCE_SECONDS:.0f}"


def wait_until(done: Callable[[], bool], what: str, seconds: float = LOOK_SECONDS) -> None:
    """Look again and again. `done` raises when it cannot come any more. Raises UnexpectedOutcome at last."""
    for _ in range(LOOKS):
        if done():
            return
        time.sleep(seconds)
    raise UnexpectedOutcome(f"{what}: no terminó después de mirar {LOOKS:,} veces")


def unanswered(who: str, asked: str, error: httpx.HTTPError) -> UnexpectedOutcome:
    """What is told when the service that was asked is not there any more."""
    return UnexpectedOutcome(f"{who}: {asked}: el servicio no respondió ({type(error).__name__})")
