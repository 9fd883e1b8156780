"""A worker reads for days: engines load once, take one thread, and give the memory back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from capture.face.reader import FaceReader
from capture.imaging.picture import Pixels
from tests.capture.face.scenes import card_front, photograph

_MOST_GROWTH = 12 * 2**20
"""Bytes that memory may grow over the readings: a card that is kept of each would be 110 MiB."""


def resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def enlarged(pixels: Pixels, number: int) -> Pixels:
    """Each reading has an image of another size, as telephones send them."""
    return np.ascontiguousarray(np.pad(pixels, ((0, 7 * number), (0, 5 * number), (0, 0)), "edge"))


def test_memory_does_not_grow_with_readings(reader: FaceReader) -> None:
    live, card = photograph(0), card_front(0)
    for number in range(5):
        reader.read(enlarged(live, 24 + number), card)
    before = resident()
    for number in range(24):
        reader.read(enlarged(live, number), card)
    assert resident() - before < _MOST_GROWTH


def test_same_reading_in_another_order_and_another_process(reader: FaceReader) -> None:
    first = [reader.read(photograph(p), card_front(0)) for p in (0, 1)]
    again = [reader.read(photograph(p), card_front(0)) for p in (1, 0)]
    assert first == again[::-1]
    program = (
        "from capture.face.reader import FaceReader; from capture.face.sface import SFace;"
        "from capture.face.yunet import YuNet; from tests.capture.face.scenes import photograph;"
        "import sys; sys.stdout.write(FaceReader(YuNet(), SFace()).read(photograph(1), None).embedding.hex())"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert first[1].embedding is not None
    assert shown.stdout == first[1].embedding.hex()


def test_reading_starts_no_threads() -> None:
    program = (
        "import os, cv2; cv2.setNumThreads(1); from capture.face.reader import FaceReader;"
        "from capture.face.sface import SFace; from capture.face.yunet import YuNet;"
        "from tests.capture.face.scenes import card_front, photograph;"
        "images = photograph(0), card_front(0); before = len(os.listdir('/proc/self/task'));"
        "FaceReader(YuNet(), SFace()).read(*images);"
        "print(len(os.listdir('/proc/self/task')) - before)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "0"
