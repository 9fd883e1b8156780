"""A pool that answers with readings made beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from capture.reading.errors import NoReader, Unread
from capture.reading.record import unread
from capture.reading.results import RecordReading
from capture.reading.sandbox.reading import Answer


@dataclass
class Made:
    """`answer`: a reading, why there is none, or None where no reader can be started."""

    answer: RecordReading | Unread | None
    asked: list[tuple[set[str], str | None]] = field(default_factory=list)

    def read(self, files: Mapping[str, bytes], model: str | None) -> Answer:
        """See `capture.reading.reading.Answers`."""
        self.asked.append((set(files), model))
        if self.answer is None:
            raise NoReader("lector-ImportError")
        if isinstance(self.answer, Unread):
            return Answer(unread(), self.answer)
        return Answer(self.answer)
