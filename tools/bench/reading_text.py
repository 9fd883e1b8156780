"""Engines for printed text side by side: drawn cards through the same search, the same rules of fields."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from capture.credential.card import CardReader
from capture.credential.quality import judge
from capture.credential.rapid_text import RapidTextReader
from capture.credential.text import Choice, Page, TextReader
from capture.imaging.picture import Pixels
from capture.specimens.records import CAREFUL
from tools.bench.keeping import Outcome
from tools.bench.reading_accuracy import drawn, read_one
from tools.bench.reading_report import EXACT, ON_BACK, UNREAD
from tools.bench.tables import Row
from tools.bench.tesseract import PROGRAM, TesseractTextReader

ENGINES: dict[str, Callable[[], TextReader]] = {"rapidocr": RapidTextReader, PROGRAM: TesseractTextReader}


@dataclass
class Timed:
    """A reader that remembers how long each picture took, in seconds of the clock."""

    reader: TextReader
    seconds: list[float] = field(default_factory=list)

    @property
    def engine(self) -> str:
        """Name and version."""
        return self.reader.engine

    def read(self, pixels: Pixels, choose: Choice | None = None) -> Page:
        """See TextReader."""
        begun = time.perf_counter()
        page = self.reader.read(pixels, choose)
        self.seconds.append(time.perf_counter() - begun)
        return page


def rows(cards: int, seed: str) -> Iterator[Row]:
    """What, figure, remark: for each engine, cards of all models as a careful person photographs them."""
    for name, load in ENGINES.items():
        try:
            reader = Timed(load())
        except (ImportError, FileNotFoundError) as missing:
            yield name, "not installed", str(missing)
            continue
        cards_read = CardReader(reader, judge)
        every = [
            read_one(cards_read, drawn(seed, card), seed, card, CAREFUL[card % len(CAREFUL)])
            for card in range(cards)
        ]
        yield from _told(reader, every)


def _told(reader: Timed, every: Sequence[Outcome]) -> Iterator[Row]:
    front, back = _fields(every, back=False), _fields(every, back=True)
    for side, fields in (("front", front), ("back", back)):
        exact, unread = (sum(one["kind"] == kind for one in fields) for kind in (EXACT, UNREAD))
        remark = f"{exact:,} of {len(fields):,}; {unread} not read, {len(fields) - exact - unread} wrong"
        yield f"{reader.engine}: fields of the {side} exact", f"{exact / len(fields):.1%}", remark
    middle, most = median(reader.seconds), max(reader.seconds)
    yield f"{reader.engine}: text of a side", f"{middle * 1000:.0f} ms", f"worst {most * 1000:.0f} ms"


def _fields(every: Sequence[Outcome], *, back: bool) -> list[Outcome]:
    """Those that the card has, whatever the verdict: they are the same photographs for each engine."""
    named = [item for outcome in every for item in outcome["fields"].items()]
    return [judged for name, judged in named if judged["kind"] and (name in ON_BACK) == back]
