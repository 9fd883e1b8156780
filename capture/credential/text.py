"""The port through which printed text is read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from capture.imaging.picture import Box, Pixels


@dataclass(frozen=True, slots=True)
class Line:
    """Printed characters in a row. `sure`: what the engine says of its least sure character, 0 to 1."""

    text: str = field(repr=False)
    sure: float
    where: Box
    """On the upright picture."""
    vertical: bool = False
    """Printed from the bottom up or from the top down."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is printed on a picture, from top to bottom and left to right.

    `turned`: the picture stood on its head; every place is on the picture turned by 180 degrees.
    """

    lines: tuple[Line, ...]
    turned: bool = False


Choice = Callable[[Sequence[Box]], Sequence[int]]
"""From the places of all lines to the positions of those that are worth reading."""


class TextReader(Protocol):
    """An engine that reads printed text."""

    @property
    def engine(self) -> str:
        """Name and version, for the bitácora."""
        ...

    def read(self, pixels: Pixels, choose: Choice | None = None) -> Page:
        """What is printed; lines in which nothing is read are left out.

        `choose` limits the reading, which takes most of the time, to some of the lines that were found; these
        are large, so that small ones need not be found.
        """
        ...
