"""`TextReader` over Debian's tesseract, for comparison: Spanish, sparse text (psm 11), one thread.

It does not read lines that stand upright, nor pictures on their heads: cards are turned before.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import groupby

import cv2

from capture.credential.text import Choice, Line, Page
from capture.imaging.picture import Box, Pixels

PROGRAM = "tesseract"
_COMMAND = (PROGRAM, "stdin", "stdout", "-l", "spa", "--psm", "11", "tsv")
_WORD = "5"
_SECONDS = 120


class TesseractTextReader:
    """A process for each picture. Raises FileNotFoundError where the program or Spanish is not installed."""

    def __init__(self) -> None:
        if shutil.which(PROGRAM) is None or "spa" not in _said(PROGRAM, "--list-langs").split():
            raise FileNotFoundError(f"{PROGRAM}, spa")
        self._version = _said(PROGRAM, "--version").split()[1]

    @property
    def engine(self) -> str:
        """Name and version."""
        return f"{PROGRAM} {self._version}, spa, psm 11"

    def read(self, pixels: Pixels, choose: Choice | None = None) -> Page:
        """See TextReader; it reads everything, `choose` only leaves lines out."""
        done, data = cv2.imencode(".bmp", pixels)
        if not done:
            raise ValueError("OpenCV cannot write BMP")
        height, width = pixels.shape[:2]
        lines = list(lines_of(_said(*_COMMAND, given=data.tobytes()), width, height))
        chosen = range(len(lines)) if choose is None else choose([line.where for line in lines])
        return Page(tuple(lines[at] for at in sorted(chosen)))


def lines_of(table: str, width: int, height: int) -> Iterator[Line]:
    """The lines of tesseract's table of words; `width` and `height` of the picture, in pixels."""
    every = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in every if row["level"] == _WORD and row["text"].strip()]
    for _, row in groupby(words, key=lambda word: (word["block_num"], word["par_num"], word["line_num"])):
        yield _line(list(row), width, height)


def _line(words: list[dict[str, str]], width: int, height: int) -> Line:
    left, top = (min(int(word[edge]) for word in words) for edge in ("left", "top"))
    right = max(int(word["left"]) + int(word["width"]) for word in words)
    bottom = max(int(word["top"]) + int(word["height"]) for word in words)
    where = Box(left / width, top / height, (right - left) / width, (bottom - top) / height)
    return Line(
        " ".join(word["text"] for word in words), min(float(word["conf"]) for word in words) / 100, where
    )


def _said(*command: str, given: bytes = b"") -> str:
    """What a program writes. Raises CalledProcessError when it fails."""
    one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(
        command, input=given, capture_output=True, check=True, env=one_thread, timeout=_SECONDS
    )
    return done.stdout.decode("utf-8", "replace")
