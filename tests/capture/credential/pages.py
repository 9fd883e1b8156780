"""What a perfect engine would read on a drawn credential, without drawing or reading it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from capture.credential.labels import Printed, union
from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH, Kind, Region, layout
from capture.credential.models import Seen
from capture.credential.seeing import Shown
from capture.credential.text import Line, Page
from capture.identity.mrz import read_mrz
from capture.imaging.picture import Box
from capture.reading.results import CodeRead, Quality, Side
from capture.specimens.people import Person, invent_person
from keys.randomness import SeededRandomness

LETTER = 0.014
"""Share of the card's width that a character takes."""
_NO_PICTURE = np.zeros((CARD_HEIGHT // 100, CARD_WIDTH // 100, 3), np.uint8)


def person_of(model: str, seed: str = "páginas") -> Person:
    """The same for the same seed."""
    return invent_person(SeededRandomness(f"{seed}/{model}"), model)


def line(text: str, left: float = 0.1, top: float = 0.1, sure: float = 0.99, height: float = 0.04) -> Line:
    """A line as wide as its text."""
    return Line(text, sure, Box(left, top, len(text) * LETTER, height))


def page_of(person: Person, side: Side, jitter: float = 0.0, sure: float = 0.99) -> Page:
    """All lines of a side. `jitter`: how far at most each is from its place, in shares of the card."""
    numbers = np.random.default_rng(7)
    made = []
    for printed in _lines(person, side):
        right, down = numbers.uniform(-jitter, jitter, 2)
        where = replace(printed.where, left=printed.where.left + right, top=printed.where.top + down)
        made.append(replace(printed, where=where, sure=sure))
    return Page(tuple(made))


def _lines(person: Person, side: Side) -> Iterator[Line]:
    for region in layout(person.model, side).regions:
        if region.kind in (Kind.HEADER, Kind.LABEL):
            yield _line(region, region.text)
        elif region.kind in (Kind.TEXT, Kind.MRZ):
            whole = person.printed[region.name] if region.kind is Kind.TEXT else "\n".join(person.mrz)
            for at, text in enumerate(whole.split("\n")):
                yield _line(region, text, at)


def _line(region: Region, text: str, at: int = 0) -> Line:
    box, height = region.box, region.box.height / region.lines
    width = box.width if region.turned or region.kind is Kind.MRZ else min(box.width, len(text) * LETTER)
    return Line(text, 0.99, Box(box.left, box.top + at * height, width, height), region.turned)


def codes_of(person: Person) -> tuple[CodeRead, ...]:
    """All codes of the back, the dense ones too, where they are printed."""
    regions = layout(person.model, Side.REVERSO).of_kind(Kind.CODE)
    return tuple(_code(region, person.codes.get(region.name)) for region in regions)


def _code(region: Region, text: str | None) -> CodeRead:
    kind = region.name.split("_", maxsplit=1)[0]
    return CodeRead(kind, text or region.name, Side.REVERSO, region.box, encrypted=text is None)


def seen_of(person: Person, side: Side, jitter: float = 0.0) -> Seen:
    """Everything that one side says."""
    page = page_of(person, side, jitter)
    if side is Side.ANVERSO:
        return Seen(page)
    return Seen(page, codes_of(person), read_mrz(person.mrz))


def shown_of(person: Person, side: Side, seen: Seen | None = None) -> Shown:
    """The same as a photograph showed it."""
    seen = seen or seen_of(person, side)
    lines = None
    if seen.mrz is not None:
        places = [one.where for one in seen.page.lines if "<" in one.text]
        lines = Printed("\n".join(person.mrz), 0.99, union(places)) if places else None
    return Shown(seen, Quality(), side, _NO_PICTURE, lines)
