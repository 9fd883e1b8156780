"""The reading of signatures: false alarms, marks that are found, likeness of one hand, others and forgers.

All of it is drawn (`capture.specimens`): what it says of signatures of real people is not known.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from capture.imaging.picture import Grey
from capture.patterns.hashing import signature_print
from capture.patterns.settings import PatternLimits
from capture.reading.results import SignatureDefect
from capture.reading.suggestions_person import DEFAULT as ADVICE
from capture.signature.ink import Ink, ink_of
from capture.signature.rules import defects_of
from capture.signature.similarity import similarity
from capture.specimens.marks import KINDS, Sheet, mark
from capture.specimens.signatures import Stroke, ink, sign, sign_again
from tools.bench.tables import Row

SIZES = ((640, 320, 6), (330, 200, 4), (760, 260, 5), (360, 150, 3))
"""Width, height and pen: a screen, and what cards have."""
_SHEETS = (Sheet(), Sheet(400, 400, 4), Sheet(1200, 600, 14), Sheet(320, 120, 3))
_IMITATIONS = 4
"""How often a forger departs from the signature as its owner does once."""


def rows(people: int = 1_000, marks: int = 200, pairs: int = 200, seed: int = 5) -> Iterator[Row]:
    """What, figure, remark."""
    yield false_alarms(people, seed)
    yield from detection(marks, seed)
    yield from likeness(pairs, seed)
    yield repeated(pairs, seed)


def false_alarms(people: int, seed: int) -> Row:
    """Signatures that are said to be marks."""
    wrong: Counter[str] = Counter()
    begun = time.process_time()
    for person in range(people):
        numbers = np.random.default_rng((seed, 0, person))
        width, height, pen = SIZES[person % len(SIZES)]
        drawn = ink(sign_again(sign(numbers), numbers), width, height, pen)
        wrong.update(one.value for one in defects_of(ink_of(drawn)))
    each = (time.process_time() - begun) / people * 1000
    kinds = ", ".join(f"{kind} {count}" for kind, count in wrong.items()) or "none"
    return (
        "drawn signatures taken for a mark",
        f"{wrong.total() / people:.2%}",
        f"{kinds}; {each:.0f} ms each",
    )


def detection(marks: int, seed: int) -> Iterator[Row]:
    """Marks that are called by their name, and that are found at all; and empty boxes."""
    for at, kind in enumerate(KINDS):
        told = [
            defects_of(
                ink_of(mark(kind, np.random.default_rng((seed, 1 + at, one)), _SHEETS[one % len(_SHEETS)]))
            )
            for one in range(marks)
        ]
        named, found = told.count((SignatureDefect(kind),)), sum(map(bool, told))
        yield f"«{kind}» called by its name", f"{named / marks:.1%}", f"some mark {found / marks:.1%}"
    empty = [ink_of(_empty(np.random.default_rng((seed, 9, one)))) is None for one in range(marks)]
    yield "empty box found empty", f"{sum(empty) / marks:.1%}", "any paper, noise, with and without a frame"


def likeness(pairs: int, seed: int) -> Iterator[Row]:
    """Of a signature on a screen to one as cards have it."""
    cards, same, forged = zip(*(_person(seed, one) for one in range(pairs)), strict=True)
    others = [*same[1:], same[0]]
    for what, given in (("the same hand", same), ("another person", others), ("an imitation", forged)):
        yield _distribution(
            f"likeness of {what}", [similarity(*pair) for pair in zip(given, cards, strict=True)]
        )


def repeated(people: int, seed: int) -> Row:
    """Prints of the same picture sent again, moved and in another size, and of different signatures."""
    limit = PatternLimits().signature_bits
    first, again = [], []
    for person in range(people):
        strokes = sign(np.random.default_rng((seed, 12, person)))
        first.append(_bits(ink(strokes, 640, 320, 6)))
        again.append(_bits(np.pad(ink(strokes, 960, 480, 9), ((40, 90), (10, 120)), constant_values=255)))
    found = sum((one ^ other).bit_count() <= limit for one, other in zip(first, again, strict=True))
    nearest = min((one ^ other).bit_count() for at, one in enumerate(first) for other in first[:at])
    return (
        "repeated signature found",
        f"{found / people:.1%}",
        f"limit {limit} bits; others {nearest} at least",
    )


def _bits(drawn: Grey) -> int:
    made = signature_print(np.repeat(drawn[:, :, None], 3, axis=2))
    return int.from_bytes(made or b"", "big")


def _empty(numbers: np.random.Generator) -> Grey:
    paper = np.full((320, 640), numbers.uniform(90, 255)) * np.linspace(numbers.uniform(0.7, 1), 1, 640)
    if numbers.random() < 0.3:
        paper[[3, 4, -4, -5]] = 30
        paper[:, [3, 4, -4, -5]] = 30
    return np.clip(paper + numbers.normal(0, 3, paper.shape), 0, 255).astype(np.uint8)


def _person(seed: int, person: int) -> tuple[Ink, Ink, Ink]:
    """The card's, the same hand's, and an imitation."""
    numbers = np.random.default_rng((seed, 11, person))
    strokes = sign(numbers)
    width, height, pen = SIZES[1 + person % 3]
    imitated: Sequence[Stroke] = strokes
    for _ in range(_IMITATIONS):
        imitated = sign_again(imitated, numbers)
    drawn = (
        ink(strokes, width, height, pen),
        ink(sign_again(strokes, numbers), 640, 320, 6),
        ink(imitated, 640, 320, 6),
    )
    found = [ink_of(one) for one in drawn]
    card, same, forged = (one for one in found if one is not None)
    return card, same, forged


def _distribution(what: str, found: Sequence[float | None]) -> Row:
    known = np.array([one for one in found if one is not None])
    low, middle, high = np.percentile(known, (5, 50, 95))
    pointed = float((known < ADVICE.signature_alike).mean())
    return what, f"{middle:.2f}", f"5 % {low:.2f}, 95 % {high:.2f}; pointed out {pointed:.1%}"
