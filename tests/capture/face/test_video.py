"""Frames of a WebM, within limits; what is none or too much is refused by a stable rule."""

from __future__ import annotations

import tempfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.face.errors import VideoRefusal
from capture.face.video import Frame, VideoLimits, frames_of
from capture.imaging.picture import Pixels
from tests.capture.face.scenes import webm

LIMITS = VideoLimits()


def grey(tone: int, size: tuple[int, int] = (96, 128)) -> Pixels:
    return np.full((*size, 3), tone, np.uint8)


SHORT = webm([grey(10 + 8 * i) for i in range(24)], a_second=24)


def read(data: bytes, limits: VideoLimits = LIMITS) -> list[Frame]:
    return list(frames_of(data, limits, "video.webm"))


def test_eight_frames_a_second_in_order() -> None:
    found = read(SHORT)
    assert len(found) == 8
    assert [f.at for f in found] == pytest.approx([i / 8 for i in range(8)], abs=0.05)
    tones = [float(f.pixels.mean()) for f in found]
    assert tones == sorted(tones)
    assert found[0].pixels.shape == (96, 128, 3)


def test_slow_video_gives_all_its_frames() -> None:
    assert len(read(webm([grey(40)] * 6, a_second=4))) == 6


def test_same_bytes_same_frames() -> None:
    once, again = read(SHORT), read(SHORT)
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(once, again, strict=True))


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (VideoLimits(file_bytes=100), "video.tamano"),
        (VideoLimits(side=100), "video.medidas"),
        (VideoLimits(seconds=0.4), "video.duracion"),
        (VideoLimits(frames=10), "video.cuadros"),
    ],
)
def test_each_limit_has_its_rule(limits: VideoLimits, rule: str) -> None:
    with pytest.raises(VideoRefusal) as refused:
        read(SHORT, limits)
    assert refused.value.rule == rule


def other_container() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video.avi"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 8, (64, 64))
        writer.write(grey(9, (64, 64)))
        writer.release()
        return path.read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1a\x45\xdf\xa3",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\nhttp://127.0.0.1/x.ts\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0" + bytes(100),
        SHORT[:40],
        SHORT[:4] + SHORT[4:].replace(b"webm", b"mkvX", 1),
        other_container(),
    ],
    ids=["empty", "magic", "playlist", "svg", "jpeg", "header only", "doctype", "avi"],
)
def test_what_is_no_webm_is_refused(data: bytes) -> None:
    with pytest.raises(VideoRefusal):
        read(data)


@settings(max_examples=15)
@given(st.integers(64, len(SHORT)))
def test_truncated_video_is_read_as_far_as_it_goes_or_refused(size: int) -> None:
    try:
        assert len(read(SHORT[:size])) <= 8
    except VideoRefusal as refused:
        assert refused.rule.startswith("video.")


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(40, len(SHORT) - 1), st.integers(1, 255)), min_size=1, max_size=8))
def test_changed_bytes_are_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SHORT)
    for at, change in changes:
        data[at] ^= change
    try:
        assert all(f.pixels.shape[2] == 3 for f in read(bytes(data)))
    except VideoRefusal as refused:
        assert refused.rule.startswith("video.")
