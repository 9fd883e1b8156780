"""Cards of which a side lies out of the photograph: what can be seen says where the rest is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from capture.credential.quads import Corners, ordered

_BORDER = 0.012
"""Of the longer side of the photograph: nearer to its border a side is taken to be the border."""


def on_border(candidates: NDArray[np.float32], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """n × 4: which sides lie on the border of a photograph of (height, width) pixels."""
    near = _BORDER * max(shape)
    height, width = shape
    ends = np.stack([candidates, np.roll(candidates, -1, axis=1)], axis=2)
    away = [
        np.abs(ends[..., axis] - at).max(axis=2) for axis, at in ((0, 0), (0, width), (1, 0), (1, height))
    ]
    return np.asarray(np.min(away, axis=0) <= near)


def completed(candidates: Iterable[Corners], shape: tuple[int, int], ratio: float) -> Iterator[Corners]:
    """Each candidate one side of which is the photograph's border, made longer up to the ratio of a card.

    The seen side may be a long or a short one of the card: both.
    """
    for corners in candidates:
        sides = np.flatnonzero(on_border(corners[None], shape)[0])
        if len(sides) == 1:
            yield from _longer(np.roll(corners, -int(sides[0]), axis=0), ratio)


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
