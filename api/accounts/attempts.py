"""How long must be waited after failed attempts: nothing at first, then longer each time, never for ever.

Attempts are counted before they are looked at, so that many at the same time are not more than many in a row.
They are counted for the account that is named, whether it exists or not, and for the address they come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FORGOTTEN_AFTER = timedelta(hours=24)
"""Without attempts for this long, the count begins anew."""


@dataclass(frozen=True, slots=True)
class Patience:
    """`free` attempts, then a wait of `first` that doubles up to `longest`."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, attempts: int) -> timedelta:
        """How long to wait after that many attempts."""
        over = attempts - self.free
        if over < 0:
            return timedelta(0)
        longer: timedelta = self.first * (1 << min(over, 30))
        return min(longer, self.longest)


OF_AN_ACCOUNT = Patience(free=5, first=timedelta(seconds=15), longest=timedelta(minutes=15))
"""The longest wait is short: whoever attacks an account cannot keep its owner out of a day's work."""
OF_AN_ADDRESS = Patience(free=30, first=timedelta(seconds=15), longest=timedelta(minutes=15))
"""An institute's staff shares one address."""


@dataclass(frozen=True, slots=True)
class Count:
    """Attempts since the last success, and when the last one was."""

    attempts: int
    last: datetime

    def next_allowed(self, patience: Patience) -> datetime:
        """The instant from which another attempt is looked at."""
        return self.last + patience.wait(self.attempts)

    def one_more(self, now: datetime) -> Count:
        """Counted again."""
        attempts = 0 if now - self.last > FORGOTTEN_AFTER else self.attempts
        return Count(attempts + 1, now)
