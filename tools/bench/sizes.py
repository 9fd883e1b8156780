"""How much each section measures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sizes:
    """Ballots, entries, people, records, and seconds of reception; of capture, what is drawn and read."""

    ballots: int
    largest: int
    appended: int
    verified: int
    people: int
    records: int
    seconds: int
    steady: int
    """Seconds of each steady load of the voting hour."""
    voters: int
    """Of the opening day."""
    cards: int
    """Drawn cards, each photographed in three ways."""
    texts: int
    """Drawn cards whose text each engine reads."""
    images: int
    """Drawn cards, each photographed in every way, for the verdict and for codes."""
    faces: int
    signatures: int
    readings: int
    """Records read one after the other by one process."""
    patterns: int
    kept: Path | None = None
    """Where readings of cards are kept, and those of a run that was stopped are taken from."""


QUICK = Sizes(
    ballots=300,
    largest=1_000,
    appended=5_000,
    verified=10_000,
    people=20_000,
    records=20_000,
    seconds=5,
    steady=5,
    voters=200,
    cards=9,
    texts=3,
    images=2,
    faces=8,
    signatures=50,
    readings=8,
    patterns=20_000,
)
"""A minute or two for each section."""
