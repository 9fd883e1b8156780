"""Questions and answers about records: the files go in, a reading in its one spelling comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capture.packet.record import MODELS, READ
from capture.reading.encoding import encode_reading
from capture.reading.errors import Unread
from capture.reading.parsing import parse_reading
from capture.reading.ports import Readers
from capture.reading.record import unread
from capture.reading.results import RecordReading
from capture.reading.sandbox.child import Answering
from capture.reading.sandbox.pool import Pool
from keys.errors import Refusal


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read, or that nothing was and why."""

    reading: RecordReading
    unread: Unread | None = None


class ReaderPool:
    """Reads records in confined processes. Safe from any thread."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def read(self, files: Mapping[str, bytes], model: str | None) -> Answer:
        """Waits for a free reader. Raises NoReader (an OSError) where none can be started."""
        answer = self._pool.ask(question(files, model))
        if isinstance(answer, Unread):
            return Answer(unread(), answer)
        try:
            return Answer(parse_reading(answer))
        except Refusal:  # whoever wrote it had just read a stranger's images
            return Answer(unread(), Unread.GARBAGE)


def answering(reader: Readers) -> Answering:
    """The confined side."""

    def answer(parts: Sequence[bytes]) -> bytes:
        model = parts[0].decode("ascii")
        files = {name: data[1:] for name, data in zip(READ, parts[1:], strict=True) if data}
        return encode_reading(reader.read(files, model or None))

    return answer


def question(files: Mapping[str, bytes], model: str | None) -> list[bytes]:
    """The parts of a question: the model, then each file of READ."""
    # A byte before each file: an empty file is not a missing one.
    known = model if model in tuple(MODELS) else ""
    return [known.encode(), *(b"+" + files[name] if name in files else b"" for name in READ)]
