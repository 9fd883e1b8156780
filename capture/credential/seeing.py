"""One photograph of a side, through all engines: the card in it, its text and its codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from capture.credential.codes import read_codes
from capture.credential.finding import Rectified, rectify
from capture.credential.labels import Printed, rows, same_row, union
from capture.credential.models import Seen, side_of
from capture.credential.text import Line, Page, TextReader
from capture.identity.mrz import read_mrz
from capture.imaging.picture import Box, Pixels
from capture.reading.results import Quality, Side

Judge = Callable[[Pixels, Rectified | None], Quality]
"""The verdict over a photograph and the card that was found in it."""
_WITHOUT_CARD_PIXELS = 1600
"""A photograph in which no card is found is read at most this wide."""
_WIDE, _HIGH = 0.5, 0.3
"""Shares of the card that a machine-readable line, and the number of a model C, take at least."""
TURNED = "girada"
"""Among the figures of a side: its places are on the card turned by 180 degrees from `rectify`'s."""
_NUMBERS = 6
"""Digits of a machine-readable line that is not the one of names."""
_FLAT = 0.12  # of the height: what is higher is no line of text


@dataclass(frozen=True, slots=True)
class Shown:
    """What one photograph shows. `side`: None when neither side was recognised."""

    seen: Seen
    quality: Quality
    side: Side | None
    card: Pixels
    """Upright; the photograph itself, perhaps smaller, where no card was found."""
    mrz_line: Printed | None = None
    """The text of the machine-readable lines together, how sure those of numbers are, and where they are."""


def look(photograph: Pixels, supposed: Side, reader: TextReader, judge: Judge) -> Shown:
    """Read everything that a photograph of the side which it is supposed to be may show.

    Where the card that was found says nothing, the whole photograph is read: it may have been no card.
    """
    found = rectify(photograph)
    whole = _shrunk(photograph)
    shown, turned = _read(whole if found is None else found.card, photograph, supposed, reader)
    if shown.side is None and found is not None:
        again, turned_whole = _read(whole, photograph, supposed, reader)
        if again.side is not None:
            found, shown, turned = None, again, turned_whole
    quality = judge(photograph, found)
    if turned:
        quality = replace(quality, figures={**quality.figures, TURNED: 1.0})
    return replace(shown, quality=quality)


def _read(card: Pixels, photograph: Pixels, supposed: Side, reader: TextReader) -> tuple[Shown, bool]:
    """What it shows, not judged yet, and whether it stood on its head."""
    page = reader.read(card, _lines_of_a_back if supposed is Side.REVERSO else None)
    if page.turned:
        card = np.ascontiguousarray(card[::-1, ::-1])
    seen = _with_codes(Seen(page, mrz=read_mrz(_row_texts(page))), card, supposed, photograph)
    if side_of(seen) is not supposed:
        seen = _again(seen, card, supposed, photograph, reader)
    return Shown(seen, Quality(), side_of(seen), card, _mrz_line(seen)), page.turned


def _again(seen: Seen, card: Pixels, supposed: Side, photograph: Pixels, reader: TextReader) -> Seen:
    """It is not the side that it should be: what was left out may say which it is."""
    if supposed is Side.ANVERSO:
        return _with_codes(seen, card, Side.REVERSO, photograph)
    return replace(seen, page=replace(reader.read(card), turned=seen.page.turned))


def _with_codes(seen: Seen, card: Pixels, side: Side, photograph: Pixels) -> Seen:
    return replace(seen, codes=read_codes(card, side, photograph))


def _lines_of_a_back(boxes: Sequence[Box]) -> list[int]:
    """Rows that are wide in all, and what stands upright: the rest of a back is not worth the time."""
    chosen = []
    for at, box in enumerate(boxes):
        width = sum(other.width for other in boxes if same_row(other, box) and other.height < _FLAT)
        if (width >= _WIDE and box.height < _FLAT) or box.height >= _HIGH:
            chosen.append(at)
    return chosen


def _row_texts(page: Page) -> list[str]:
    """Each row as one text: long fillers break a line in two."""
    return ["".join(line.text for line in row) for row in rows(page.lines)]


def _mrz_line(seen: Seen) -> Printed | None:
    if seen.mrz is None:
        return None
    lines = [line for line in seen.page.lines if _is_mrz(line)]
    if not lines:
        return None
    text = "\n".join(line.text for line in lines)
    numbers = [line for line in lines if sum(c.isdigit() for c in line.text) >= _NUMBERS] or lines
    return Printed(text, min(line.sure for line in numbers), union(line.where for line in lines))


def _is_mrz(line: Line) -> bool:
    return "<" in line.text or line.text.upper().startswith("IDMEX")


def _shrunk(photograph: Pixels) -> Pixels:
    longest = max(photograph.shape[:2])
    if longest <= _WITHOUT_CARD_PIXELS:
        return photograph
    share = _WITHOUT_CARD_PIXELS / longest
    return np.asarray(
        cv2.resize(photograph, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8
    )
