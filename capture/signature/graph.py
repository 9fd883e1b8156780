"""A skeleton as lines between nodes: what a drawing is made of. Pure.

A node is where three or more lines meet. Crossings that thinning pulls apart are brought together again, and
the short spurs that it leaves at thick strokes are taken away.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.signature.skeleton import Drawn

Points = NDArray[np.float64]
"""Points × (x, y) in pixels, along a line."""
_REACH = 0.75
"""Radius of a node in widths of the stroke."""
_SPUR = 1.5
"""Length of what is no line of its own, in widths of the stroke, from the middle of the node."""
_LOOP = 2.0
"""The same for a loop, in lengths of other lines."""
_NEIGHBOURS = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A way between two ends. `ends`: the nodes; None for a free end. A closed ring has no nodes."""

    points: Points
    ends: tuple[int | None, int | None]
    ring: bool = False

    @property
    def length(self) -> float:
        """Of the way, in pixels."""
        return length_of(self.points)

    @property
    def free(self) -> int:
        """How many ends are free."""
        return 0 if self.ring else self.ends.count(None)


@dataclass(frozen=True, slots=True)
class Piece:
    """What hangs together: its lines, none for a spot. `box`: left, top, width and height of its ink."""

    lines: tuple[Line, ...]
    box: tuple[int, int, int, int]

    @property
    def length(self) -> float:
        """Of all its lines, in pixels."""
        return sum(line.length for line in self.lines)

    @property
    def nodes(self) -> dict[int, list[tuple[Line, int]]]:
        """What meets at each node: the line, and which of its ends."""
        met: dict[int, list[tuple[Line, int]]] = defaultdict(list)
        for line in self.lines:
            for which, node in enumerate(line.ends):
                if node is not None:
                    met[node].append((line, which))
        return met

    @property
    def points(self) -> Points:
        """Of all its lines."""
        return np.concatenate([line.points for line in self.lines]) if self.lines else np.zeros((0, 2))


def length_of(points: Points) -> float:
    """Of the way through the points."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum()) if len(points) > 1 else 0.0


def pieces_of(drawing: Drawn) -> tuple[Piece, ...]:
    """From left to right."""
    _, labels, figures, _ = cv2.connectedComponentsWithStats(drawing.mask, connectivity=8)
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in _cleared(_lines(drawing), drawing.width):
        x, y = line.points[len(line.points) // 2].astype(int)
        lines[int(labels[y, x])].append(line)
    made = []
    for label in range(1, len(figures)):
        left, top, width, height = (int(one) for one in figures[label][:4])
        made.append(Piece(tuple(lines[label]), (left, top, width, height)))
    return tuple(sorted(made, key=lambda piece: piece.box))


def _lines(drawing: Drawn) -> list[Line]:
    bone = (drawing.skeleton > 0).astype(np.uint8)
    around = cv2.filter2D(bone, -1, _NEIGHBOURS, borderType=cv2.BORDER_CONSTANT)
    meeting = ((around >= 3) & (bone > 0)).astype(np.uint8)
    reach = max(1, round(_REACH * drawing.width))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    zones = cv2.dilate(meeting, disc)
    _, nodes, _, middles = cv2.connectedComponentsWithStats(zones, connectivity=8)
    count, labels = cv2.connectedComponents(bone * (1 - zones), connectivity=8)
    by_label: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for y, x in np.argwhere(labels > 0):
        by_label[labels[y, x]].append((int(x), int(y)))
    return [_line(_walk(pixels), np.asarray(nodes), np.asarray(middles)) for pixels in by_label[1:]]


def _walk(pixels: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pixels of one line, from end to end; of a ring, all around."""
    left = set(pixels)
    start = next((one for one in pixels if len(_beside(one, left)) == 1), pixels[0])
    way = [start]
    left.discard(start)
    while following := _beside(way[-1], left):
        way.append(following[0])
        left.discard(following[0])
    return way


def _beside(at: tuple[int, int], left: set[tuple[int, int]]) -> list[tuple[int, int]]:
    x, y = at
    return [(x + i, y + j) for i, j in _STEPS if (x + i, y + j) in left]


_STEPS = ((0, -1), (1, 0), (0, 1), (-1, 0), (1, -1), (1, 1), (-1, 1), (-1, -1))


def _line(way: list[tuple[int, int]], nodes: NDArray[Any], middles: NDArray[Any]) -> Line:
    """The way, led on to the middles of the nodes that it touches."""
    points = np.array(way, dtype=np.float64)
    first, last = _node_at(way[0], nodes), _node_at(way[-1], nodes)
    if len(way) > 8 and first is None and last is None and np.abs(points[0] - points[-1]).max() <= 1:
        return Line(np.concatenate([points, points[:1]]), (None, None), ring=True)
    before = [] if first is None else [middles[first][None]]
    after = [] if last is None or (len(way) == 1 and first == last) else [middles[last][None]]
    ends = (first, last if after or last is None else None)
    return Line(np.concatenate([*before, points, *after]), ends)


def _node_at(pixel: tuple[int, int], nodes: NDArray[Any]) -> int | None:
    x, y = pixel
    found = nodes[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2].ravel()
    touched = found[found > 0]
    return int(touched[0]) if touched.size else None


def _cleared(lines: list[Line], width: float) -> list[Line]:
    """Without spurs; crossings brought together; lines that no longer meet others led on."""
    shortest, lines = _SPUR * width, _joined(lines)
    while spurs := [one for one in lines if one.free == 1 and one.length < shortest]:
        spur = min(spurs, key=lambda one: one.length)
        lines = _joined([one for one in lines if one is not spur])
    return _joined(_contracted(lines, shortest))


def _contracted(lines: list[Line], shortest: float) -> list[Line]:
    """Two nodes with a short line between them are one; a short line back to its node is none."""
    while True:
        short = next(
            (one for one in lines if None not in one.ends and one.length < _shortest(one, shortest)),
            None,
        )
        if short is None:
            return lines
        kept, gone = short.ends
        lines = [_renamed(one, gone, kept) for one in lines if one is not short]


def _shortest(line: Line, shortest: float) -> float:
    """Two strokes that nearly meet in one point enclose a small loop."""
    return _LOOP * shortest if line.ends[0] == line.ends[1] else shortest


def _renamed(line: Line, gone: int | None, kept: int | None) -> Line:
    if gone not in line.ends:
        return line
    first, last = (kept if end == gone else end for end in line.ends)
    return Line(line.points, (first, last), line.ring)


def _joined(lines: list[Line]) -> list[Line]:
    """Where only two lines meet they are one; where one ends alone its end is free."""
    while True:
        met: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            for node in line.ends:
                if node is not None:
                    met[node].append(line)
        node = next((one for one, ways in met.items() if len(ways) < 3), None)
        if node is None:
            return lines
        ways = met[node]
        lines = [line for line in lines if all(line is not way for way in ways)]
        lines.append(_as_one(ways, node))


def _as_one(ways: list[Line], node: int) -> Line:
    if len(ways) == 1:
        first, last = (None if end == node else end for end in ways[0].ends)
        return Line(ways[0].points, (first, last))
    if ways[0] is ways[1]:
        return Line(ways[0].points, (None, None), ring=True)
    before, after = _ending_at(ways[0], node), _ending_at(ways[1], node)
    return Line(np.concatenate([before.points, after.points[::-1]]), (before.ends[0], after.ends[0]))


def _ending_at(line: Line, node: int) -> Line:
    if line.ends[1] == node:
        return line
    return Line(line.points[::-1], (line.ends[1], line.ends[0]))
