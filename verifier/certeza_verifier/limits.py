"""Sizes that no honest archive reaches, so that a hostile one cannot exhaust the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """All in bytes, except where said."""

    header: int = 256
    event: int = 1024
    data: int = 256 * 2**20
    election: int = 4 * 2**20
    trustees: int = 64 * 2**20
    ballot: int = 32 * 2**20
    tally: int = 32 * 2**20
    share: int = 64 * 2**20
    small: int = 2**20
    document: int = 64 * 2**20
    digits: int = 1000  # decimal digits of one number


LIMITS = Limits()
