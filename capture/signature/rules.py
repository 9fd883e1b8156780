"""What is no signature though something was drawn: dot, line, cross, tick, initials (002 §6.1 j). Pure.

A rule speaks only when the whole drawing is such a mark. «Cualquier signo o símbolo» of the rule is more than
a program can see: whoever looks at the record decides.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from capture.reading.results import SignatureDefect
from capture.signature import lines as ways
from capture.signature.graph import Line, Piece, Points, pieces_of
from capture.signature.ink import Ink
from capture.signature.settings import DEFAULT, MarkSettings
from capture.signature.skeleton import drawn

_POINTS, _SOFT = 48, 0.03
"""Of a line in which a corner is looked for: points, and the share that is smoothed."""
_CORNER, _NEAR = 4, 7
"""Points: of an arm at least; that are near the corner."""


def defects_of(ink: Ink | None, settings: MarkSettings = DEFAULT.marks) -> tuple[SignatureDefect, ...]:
    """At most one: which mark the drawing is. `ink`: None for an empty box."""
    if ink is None:
        return (SignatureDefect.EMPTY,)
    if max(ink.box.width * ink.mask.shape[1], ink.box.height * ink.mask.shape[0]) < settings.tiny * max(
        ink.mask.shape
    ):
        return (SignatureDefect.DOT,)
    drawing = drawn(ink)
    found = _Marks(pieces_of(drawing), drawing.width, settings).found()
    return () if found is None else (found,)


class _Marks:
    """The drawing, asked for each mark in turn."""

    def __init__(self, pieces: tuple[Piece, ...], width: float, settings: MarkSettings) -> None:
        self._width, self._settings = width, settings
        largest = max((max(piece.box[2:]) for piece in pieces), default=0)
        self._least = max(settings.dot * width, settings.point * largest)
        self._drawn = tuple(piece for piece in pieces if not self._is_spot(piece))

    def found(self) -> SignatureDefect | None:
        if not self._drawn:
            return SignatureDefect.DOT
        if len(self._drawn) <= self._settings.pieces:
            marks = {
                self._mark(piece): piece.length for piece in sorted(self._drawn, key=lambda one: one.length)
            }
            if None not in marks:
                return max(marks, key=lambda one: marks[one])
        return SignatureDefect.INITIALS if self._are_initials() else None

    def _mark(self, piece: Piece) -> SignatureDefect | None:
        rules: tuple[tuple[SignatureDefect, Callable[[Piece], bool]], ...] = (
            (SignatureDefect.TICK, self._is_tick),
            (SignatureDefect.LINE, self._is_line),
            (SignatureDefect.CROSS, self._is_cross),
        )
        return next((defect for defect, rule in rules if rule(piece)), None)

    def _is_spot(self, piece: Piece) -> bool:
        return piece.length <= self._width or max(piece.box[2:]) < self._least

    def _is_line(self, piece: Piece) -> bool:
        along, across = ways.spread(piece.points)
        height, way = across / max(along, 1e-6), piece.length / max(along, 1e-6)
        if any(height < flat and way < detour for flat, detour in self._settings.flat):
            return True
        if len(piece.lines) > 1 or piece.lines[0].ring:
            return False
        points = piece.lines[0].points
        return ways.bend(points) < 0.5 and ways.turning(points) < self._settings.arc

    def _is_cross(self, piece: Piece) -> bool:
        """Arms around one node, each going on in another; a pen that was not lifted joins two of them."""
        nodes = piece.nodes
        if len(nodes) != 1:
            return False
        meeting = next(iter(nodes.values()))
        loops = [line for line in piece.lines if line.ends[0] == line.ends[1]]
        if (
            len(meeting) < 4
            or len(loops) > 1
            or not all(self._is_arm(line) for line in piece.lines if line not in loops)
        ):
            return False
        headings = sorted(self._heading(line, which) for line, which in meeting)
        return len(meeting) > 4 or all(
            self._settings.opposite < abs(headings[at + 2] - headings[at]) < 360 - self._settings.opposite
            for at in (0, 1)
        )

    def _is_arm(self, line: Line) -> bool:
        return line.free == 1 and self._is_straight(ways.even(line.points))

    def _is_straight(self, points: Points) -> bool:
        bend, detour = ways.bend(points), ways.detour(points)
        return bend < self._settings.straight and detour < self._settings.straight_detour

    def _heading(self, line: Line, which: int) -> float:
        """Of a line as it leaves the node at that end of it."""
        points = line.points if which == 0 else line.points[::-1]
        away = points[min(len(points) - 1, max(round(3 * self._width), len(points) // 4))] - points[0]
        return float(np.degrees(np.arctan2(away[1], away[0])))

    def _is_tick(self, piece: Piece) -> bool:
        """Two straight arms, and between them a corner in which most of the turning is, as in no arc."""
        if len(piece.lines) != 1 or piece.lines[0].ring:
            return False
        points = ways.even(piece.lines[0].points, _POINTS, _SOFT)
        at = ways.corner(points, _CORNER)
        arms = points[at::-1], points[at:]
        if not all(map(self._is_straight, arms)):
            return False
        narrow, wide = self._settings.tick
        between = ways.angle(*(arm[-1] - arm[0] for arm in arms))
        sharp = 180 - ways.angle(*(arm[min(_NEAR, len(arm) - 1)] - arm[0] for arm in arms))
        return narrow < between < wide and sharp > self._settings.tick_sharp * (180 - between)

    def _are_initials(self) -> bool:
        """Few letters beside each other, none lower than a capital; each narrow and simple."""
        letters = self._letters()
        tops = [min(piece.box[1] for piece in letter) for letter in letters]
        bottoms = [max(piece.box[1] + piece.box[3] for piece in letter) for letter in letters]
        tallest = max(bottom - top for top, bottom in zip(tops, bottoms, strict=True))
        if (
            len(letters) > self._settings.letters
            or max(tops) - min(tops) > self._settings.letter_low * tallest
        ):
            return False
        return all(self._is_letter(letter, tallest) for letter in letters)

    def _is_letter(self, letter: list[Piece], tallest: int) -> bool:
        left = min(piece.box[0] for piece in letter)
        right = max(piece.box[0] + piece.box[2] for piece in letter)
        way = sum(piece.length for piece in letter)
        settings = self._settings
        return right - left < settings.letter_width * tallest and way < settings.letter_way * tallest

    def _letters(self) -> list[list[Piece]]:
        """The pieces that stand over each other are one letter."""
        letters = [[self._drawn[0]]]
        for before, piece in pairwise(self._drawn):
            reached = max(one.box[0] + one.box[2] for one in letters[-1])
            overlap = reached - piece.box[0]
            if overlap > 0.3 * min(piece.box[2], before.box[2]):
                letters[-1].append(piece)
            else:
                letters.append([piece])
        return letters
