"""Reception goes first: how long processing rests between two pages of records while packets arrive. Pure.

Each record that goes on costs the process that receives too: it places the leaf of its new state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Courtesy:
    """With `arrivals` packets or more in the last `window` processing only takes `share` of the time, 0 to 1.

    It never stops: what arrives for hours on end would otherwise wait for as long. `most` ends one rest.
    """

    window: timedelta = timedelta(seconds=5)
    arrivals: int = 100
    share: float = 0.2
    most: timedelta = timedelta(seconds=10)

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share: se esperaba más de 0 y a lo más 1; se encontró {self.share}")

    def rest(self, arrived: int, worked: timedelta) -> timedelta:
        """How long to rest after having `worked`, when so many packets arrived in the last window."""
        if arrived < self.arrivals or worked <= timedelta(0):
            return timedelta(0)
        return min(worked * ((1 - self.share) / self.share), self.most)
