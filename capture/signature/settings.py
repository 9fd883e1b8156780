"""What may be set of the reading of signatures. Pure.

Where the figures come from: drawn signatures and drawn marks (`tools/bench/reading_signatures.py`), not from
signatures of real people, of which none was to be had.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InkSettings:
    """What is ink and what is paper."""

    contrast: int = 40
    """Grey levels of 255 between ink and the paper beside it, at least; a card's ground has less."""
    share: float = 0.45
    """Of the strongest ink, from where on a pixel is ink."""
    side: int = 1600
    """Pixels of the longer side; a larger picture is made smaller first."""
    speck: float = 0.2
    """A spot of less than this share of a square as wide as the stroke is dirt."""


@dataclass(frozen=True, slots=True)
class MarkSettings:
    """From where on a drawing is a mark and no signature. Shares and ratios, no pixels."""

    tiny: float = 0.035
    """Longer side of the ink, in shares of that of the picture, below which it is a dot whatever it is."""
    dot: float = 2.2
    """Longer side of a spot in widths of its stroke."""
    point: float = 0.18
    """Longer side of a point beside letters, in that of the largest piece."""
    flat: tuple[tuple[float, float], ...] = ((0.16, 1.5), (0.11, 2.3))
    """Height of a line and length of the way of the pen, in its lengths; the second goes there and back."""
    arc: float = 165.0
    """Degrees that a line may turn in all."""
    straight: float = 0.17
    """How far a straight arm may leave the line between its ends, in lengths of it."""
    straight_detour: float = 1.2
    """Length of the way of the pen in a straight arm, in lengths of the line between its ends."""
    tick_sharp: float = 0.5
    """Share of the turn of a tick that is near its corner; of an arc a third is."""
    opposite: float = 135.0
    """Degrees between the arms of a cross that go on in each other."""
    tick: tuple[float, float] = (8.0, 140.0)
    """Degrees between both arms of a tick."""
    pieces: int = 6
    """Of which a drawing of lines, crosses and ticks is made at most."""
    letters: int = 4
    """Letters that are still initials."""
    letter_low: float = 0.24
    """By how much one may begin under another, in heights of the tallest: small letters make a name."""
    letter_width: float = 1.35
    """Of one letter, in heights of the tallest one."""
    letter_way: float = 6.8
    """Length of the way of the pen in one letter, in heights of the tallest one."""


@dataclass(frozen=True, slots=True)
class LikenessSettings:
    """What the comparison of two drawings, 0 to 1, says of them."""

    strangers: float = 0.86
    """Up to here two drawings are as unlike as those of two people: about half of drawn strangers."""
    same: float = 0.98
    """From here on they could not be more alike by the same hand."""
    same_mark: float = 0.5
    """From here on a mark is the one of the card, and so it counts (002 §6.1 j)."""
    aspect: float = 0.6
    """Ratio of width to height of one in that of the other, below which they are less alike."""


@dataclass(frozen=True, slots=True)
class SignatureSettings:
    """All of it."""

    ink: InkSettings = InkSettings()
    card_ink: InkSettings = InkSettings(contrast=70)
    """Of the signature that is cut out of a card: its ground has lines of its own."""
    marks: MarkSettings = MarkSettings()
    likeness: LikenessSettings = LikenessSettings()


DEFAULT = SignatureSettings()
