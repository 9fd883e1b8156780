"""Cards of which a side lies out of the photograph: what can be seen says where the rest is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from capture.credential.quads import Corners, ordered

_BORDER = 0.012
"""Of the longer side of the photograph: nearer to its border a side is taken to be the border."""


def completed(candidates: Iterable[Corners], shape: tuple[int, int], ratio: float) -> Iterator[Corners]:
    """Each candidate one side of which is the photograph's border, made longer up to the ratio of a card.

    `shape`: height and width in pixels. The seen side may be a long or a short one of the card: both.
    """
    for corners in candidates:
        sides = [side for side in range(4) if _on_border(corners[side], corners[(side + 1) % 4], shape)]
        if len(sides) == 1:
            yield from _longer(np.roll(corners, -sides[0], axis=0), ratio)


def _on_border(one: Corners, other: Corners, shape: tuple[int, int]) -> bool:
    near = _BORDER * max(shape)
    height, width = shape
    return any(
        max(abs(one[axis] - border), abs(other[axis] - border)) <= near
        for axis, border in ((0, 0), (0, width), (1, 0), (1, height))
    )


def _longer(corners: Corners, ratio: float) -> Iterator[Corners]:
    """`corners` begin with the cut side: 0-1 is cut, 2-3 is whole."""
    whole = float(np.linalg.norm(corners[2] - corners[3]))
    ways = corners[1] - corners[2], corners[0] - corners[3]
    seen = float(np.mean([np.linalg.norm(way) for way in ways]))
    for length in (whole * ratio, whole / ratio):
        if seen < length < 3 * seen:
            grown = length / max(seen, 1e-6)
            yield ordered(
                [corners[3] + ways[1] * grown, corners[2] + ways[0] * grown, corners[2], corners[3]]
            )
