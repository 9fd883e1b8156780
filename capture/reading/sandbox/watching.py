"""Questions and answers about the video of pre-registro: answered by the same confined readers (SEI-04).

Whoever answers has just decoded a stranger's video: only names of reasons and bands come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from capture.face.challenge import Reason, Turn
from capture.reading import strict
from capture.reading.errors import Unread
from capture.reading.results import Band
from capture.reading.sandbox.child import Answering
from capture.reading.sandbox.pool import Pool
from keys import canonical
from keys.errors import Refusal

VIDEO = b"video"
"""The first part of a question; questions about records begin with a letter, or nothing."""
NO_VIDEO = "video-no-apto"
"""A video that cannot be decoded within its limits, or none."""
_FILES = ("video.webm", "foto.jpg", "anverso.jpg")


@dataclass(frozen=True, slots=True)
class Watched:
    """One attempt. `reasons`: why it fails, of `capture.face.challenge.Reason`, or NO_VIDEO; `bands`: of the
    frontal face with the live photograph and with the credential's, None without two faces."""

    reasons: tuple[str, ...]
    bands: tuple[Band | None, Band | None] = (None, None)

    def encode(self) -> bytes:
        """As it comes out of the confined process."""
        value = {"bandas": [b and b.value for b in self.bands], "motivos": list(self.reasons)}
        return canonical.encode_sorted(value)


def parse_watched(data: bytes, place: str = "video") -> Watched:
    """Raises FormatRefusal, ReadingRefusal."""
    found = strict.record(canonical.parse(data, place), place, ("bandas", "motivos"))
    bands = strict.items(found["bandas"], place, lambda v, p: strict.optional_one(Band, v, p))
    known = {*(one.value for one in Reason), NO_VIDEO}
    reasons = strict.items(found["motivos"], place, strict.name)
    if len(bands) != 2 or not set(reasons) <= known:
        strict.refuse("campo", place, "dos bandas y motivos conocidos")
    return Watched(reasons, (bands[0], bands[1]))


class Watcher(Protocol):
    """The confined side."""

    def __call__(self, files: Mapping[str, bytes], turns: tuple[Turn, ...]) -> Watched:
        """What one attempt shows. Raises nothing for a bad video."""


def watching(watcher: Watcher, records: Answering) -> Answering:
    """Answers questions about videos itself, and hands those about records on."""

    def answer(parts: Sequence[bytes]) -> bytes:
        if parts[0] != VIDEO:
            return records(parts)
        turns = tuple(Turn(name) for name in parts[1].decode("ascii").split(","))
        files = {name: data[1:] for name, data in zip(_FILES, parts[2:], strict=True) if data}
        return watcher(files, turns).encode()

    return answer


class VideoPool:
    """Watches videos in confined processes. Safe from any thread."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def watch(self, files: Mapping[str, bytes], turns: tuple[Turn, ...]) -> Watched | Unread:
        """Waits for a free reader. Raises NoReader (an OSError) where none can be started."""
        named = ",".join(turn.value for turn in turns).encode()
        answer = self._pool.ask([VIDEO, named, *(b"+" + files[n] if n in files else b"" for n in _FILES)])
        if isinstance(answer, Unread):
            return answer
        try:
            return parse_watched(answer)
        except Refusal:
            return Unread.GARBAGE
