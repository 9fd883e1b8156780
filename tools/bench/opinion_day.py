"""When people come on an opening day.

The phase opens at 20:00 (source 000, 7.5): the first hours of that evening, a night in which nearly nobody
comes, a morning that grows until noon, an afternoon and the next evening. Shares by hour as services for
citizens have them: an assumption, nobody published them. Drawn from the seed, so that arrivals come together
and apart as chance has it.
"""

from __future__ import annotations

import random

VOTERS, SECONDS = 22_227, 600.0
"""Who opined by internet in 2022, and how long the compressed day is."""
SHARES = (
    *(95, 80, 55, 30),  # 20:00 to midnight
    *(12, 6, 4, 3, 3, 5),  # until 6:00
    *(12, 28, 45, 58, 66, 70),  # until noon
    *(66, 60, 56, 54, 52, 52),  # until 18:00
    *(48, 40),  # until 20:00
)
"""Of a thousand people, about, in each hour since the opening."""


def arrivals(voters: int, seconds: float, seed: str) -> list[float]:
    """The instants, in seconds since the opening and in order, of a day of so many seconds."""
    draw = random.Random(f"{seed}/llegadas")
    hours = draw.choices(range(len(SHARES)), SHARES, k=voters)
    return sorted((hour + draw.random()) * seconds / len(SHARES) for hour in hours)


def busiest(instants: list[float], seconds: float = 5.0) -> float:
    """The most arrivals a second, over so many seconds."""
    counts: dict[int, int] = {}
    for instant in instants:
        counts[int(instant // seconds)] = counts.get(int(instant // seconds), 0) + 1
    return max(counts.values()) / seconds
