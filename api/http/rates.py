"""How often somebody may ask, and what happens when the limiter itself fails.

The policy for that: what only reads, what a registered device has signed and what somebody with a session
does goes on without a limit, because to stop an institute's work is what an attacker of the limiter would
want. What can be guessed (passwords, codes, tokens) is refused until the limiter works again.
Both are counted.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from api.http.metrics import Metrics
from api.http.moving_window import MovingWindow
from api.http.problems import Problem
from api.http.settings import RateSettings


class Rate(Enum):
    """A class of requests; the value is its field in `RateSettings`."""

    READING = "reading"
    WRITING = "writing"
    PACKETS = "packets"
    DEVICES = "devices"
    SECRETS = "secrets"
    ENTRIES = "entries"


WHEN_THE_LIMITER_FAILS = {
    Rate.READING: "deja pasar",
    Rate.WRITING: "deja pasar",
    Rate.PACKETS: "deja pasar",
    Rate.DEVICES: "deja pasar",
    Rate.SECRETS: "rechaza",
    Rate.ENTRIES: "rechaza",
}
"""The policy above, as a table: what is not here cannot be used."""


IN_MEMORY = "memory://"


class _Limiter(Protocol):
    def hit(self, item: RateLimitItem, *names: str) -> bool: ...


class Rates:
    """Counts of one service. Safe from any thread."""

    def __init__(self, settings: RateSettings, metrics: Metrics) -> None:
        self._items: dict[Rate, RateLimitItem] = {rate: parse(getattr(settings, rate.value)) for rate in Rate}
        self._limiter = _limiter(settings.storage)
        self._metrics = metrics

    def require(self, rate: Rate, who: str) -> None:
        """Count one request of `who` (an account or an address). Raises Problem (429 or 503)."""
        item = self._items[rate]
        try:
            if self._limiter.hit(item, rate.value, who):
                return
        except (StorageError, OSError) as error:
            self._failed(rate, error)
            return
        self._metrics.limited(rate.value)
        seconds = str(item.get_expiry())
        detail = f"Se admiten {item.amount} en {seconds} segundos. Espere e intente de nuevo."
        raise Problem("demasiadas-solicitudes", detail, headers={"Retry-After": seconds})

    def _failed(self, rate: Rate, error: Exception) -> None:
        self._metrics.limiter_failed(rate.value)
        if WHEN_THE_LIMITER_FAILS[rate] == "rechaza":
            detail = "No se puede comprobar cuántas veces se intentó. Intente de nuevo en unos minutos."
            raise Problem("no-disponible", detail, headers={"Retry-After": "60"}) from error


def _limiter(storage: str) -> _Limiter:
    if storage == IN_MEMORY:
        return MovingWindow()
    return MovingWindowRateLimiter(storage_from_string(storage, wrap_exceptions=True))
