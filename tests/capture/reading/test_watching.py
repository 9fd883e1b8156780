"""Questions about videos go to the same confined readers as those about records (SEI-04)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import cv2
import pytest

from capture.face.challenge import Turn
from capture.imaging.picture import Pixels
from capture.reading.results import Band
from capture.reading.sandbox.limits import SandboxLimits
from capture.reading.sandbox.pool import Pool, Program
from capture.reading.sandbox.watching import NO_VIDEO, VIDEO, VideoPool, Watched, watching
from capture.reading.thresholds import Thresholds
from tests.capture.face.scenes import card_front, photograph, turning, webm

LIMITS = SandboxLimits(seconds=300, cpu_seconds=60, start_seconds=300)
LEFT_RIGHT = (Turn.LEFT, Turn.RIGHT)


def test_a_question_about_a_record_is_handed_on() -> None:
    asked: list[Mapping[str, bytes]] = []

    def watch(files: Mapping[str, bytes], turns: tuple[Turn, ...]) -> Watched:
        asked.append(files)
        return Watched((), (Band.SAME, Band.SAME))

    answer = watching(watch, lambda parts: b"registro")
    assert answer([b"E", b"", b"", b"", b""]) == b"registro"
    assert answer([VIDEO, b"izquierda,derecha", b"+v", b"+f", b""]) == Watched((), (Band.SAME,) * 2).encode()
    assert asked == [{"video.webm": b"v", "foto.jpg": b"f"}]


@pytest.fixture(scope="module")
def pool() -> Iterator[VideoPool]:
    """The engines of the house, confined."""
    made = Pool(Program("capture.reading.sandbox", (Thresholds().encode(),), LIMITS), 1, lambda *_: None)
    yield VideoPool(made)
    made.close()


def jpeg(picture: Pixels) -> bytes:
    return bytes(cv2.imencode(".jpg", picture)[1])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="AVISO: sin Linux no se probó el encierro")
@pytest.mark.req("SEI-04")
def test_confined_readers_watch_the_challenge(pool: VideoPool) -> None:
    video = webm(turning(0, (0, 34, 0, -34, 0)))
    files = {"video.webm": video, "foto.jpg": jpeg(photograph(0)), "anverso.jpg": jpeg(card_front(0))}
    seen = pool.watch(files, LEFT_RIGHT)
    assert isinstance(seen, Watched)
    assert seen.reasons == ()
    assert seen.bands[0] is Band.SAME
    assert pool.watch(files, (Turn.RIGHT, Turn.LEFT)) == Watched(("giro-distinto",), seen.bands)
    assert pool.watch({**files, "video.webm": b"nada"}, LEFT_RIGHT) == Watched((NO_VIDEO,))
    assert pool.watch({}, LEFT_RIGHT) == Watched((NO_VIDEO,))
