"""The engines of the house over one attempt of pre-registro: imported only in the confined processes."""

from __future__ import annotations

from collections.abc import Mapping

from capture.credential.finding import rectify
from capture.face.challenge import Turn
from capture.face.errors import VideoRefusal
from capture.face.reader import FaceReader
from capture.imaging.decoding import decode
from capture.imaging.errors import ImageRefusal
from capture.imaging.picture import Pixels
from capture.packet.record import IMAGES, VIDEO
from capture.reading.sandbox.watching import NO_VIDEO, Watched

_FRONT, _, _LIVE, _ = IMAGES


class HouseWatcher:
    """See `capture.reading.sandbox.watching.Watcher`."""

    def __init__(self, faces: FaceReader) -> None:
        self._faces = faces

    def __call__(self, files: Mapping[str, bytes], turns: tuple[Turn, ...]) -> Watched:
        """What one attempt shows."""
        live = _decoded(files, _LIVE)
        if live is None or VIDEO not in files:
            return Watched((NO_VIDEO,))
        front = _decoded(files, _FRONT)
        card = None if front is None else rectify(front)
        try:
            seen = self._faces.read_video(
                files[VIDEO], turns, live, None if card is None else card.card, VIDEO
            )
        except VideoRefusal:
            return Watched((NO_VIDEO,))
        return Watched(tuple(reason.value for reason in seen.verdict.reasons), seen.bands)


def _decoded(files: Mapping[str, bytes], name: str) -> Pixels | None:
    try:
        return decode(files[name], place=name) if name in files else None
    except ImageRefusal:
        return None
