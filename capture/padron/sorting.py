"""Sorting more rows than fit in memory, on a temporary file that the system removes whatever happens.

An index that is filled in its own order grows at its end only: ten million random keys one after another
would touch every page of it thousands of times.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from capture.padron.line import Row

Numbered = tuple[int, bytes, bytes | None, bytes | None, int, int]
"""The number of the line, and the row."""


class Sorter:
    """Takes numbered rows, gives them back in the order of the keyed clave and then of the line."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)  # private, on disk, without a name
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute("CREATE TABLE r (n INTEGER PRIMARY KEY, clave, cic, ocr, situacion, entidad)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, rows: Sequence[Numbered]) -> None:
        """Rows in any order."""
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO r VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._file.execute("COMMIT")

    def sorted(self) -> Iterator[tuple[int, Row]]:
        """Each line's number with its row."""
        for number, *row in self._file.execute("SELECT * FROM r ORDER BY clave, n"):
            yield number, tuple(row)
