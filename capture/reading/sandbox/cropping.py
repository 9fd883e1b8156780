"""`python -m capture.reading.sandbox.cropping <limits>`: cuts a part out of an image, as a new JPEG.

Made when somebody looks, and kept nowhere. The picture that comes out was written by us: nothing of the file
that came in is in it but what it shows.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from capture.imaging.picture import Box
from capture.reading import strict
from capture.reading.encoding import box_value
from capture.reading.errors import Unread
from capture.reading.sandbox.child import Answering, serve
from capture.reading.sandbox.limits import SandboxLimits, parse_limits
from capture.reading.sandbox.pool import Pool
from capture.reading.suggestion import Plane

LIMITS = SandboxLimits(seconds=60, cpu_seconds=10, mib=1536, questions=2000, reply_bytes=4 * 1024 * 1024)
_MARGIN = 0.02
"""Share of the whole that is shown around what was asked for."""
_MAX_SIDE = 1600
_QUALITY = 88


@dataclass(frozen=True, slots=True)
class Cut:
    """What to cut out. Without `box` the whole; `turned`: the card's text is on its head as it is found."""

    box: Box | None = None
    plane: Plane = Plane.IMAGE
    turned: bool = False

    def encode(self) -> bytes:
        """As a part of a question."""
        value = {"caja": box_value(self.box), "plano": self.plane.value, "girada": self.turned}
        return json.dumps(value).encode()


class Cropper:
    """Cuts in confined processes. Safe from any thread."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def cut(self, image: bytes, cut: Cut) -> bytes | Unread:
        """A JPEG, or why there is none. Raises NoReader (an OSError) where no process can be started."""
        return self._pool.ask([cut.encode(), image])

    def close(self) -> None:
        """End its processes."""
        self._pool.close()


def load() -> Answering:
    """The confined side, tried once."""
    import cv2
    import numpy as np

    from capture.credential import turning
    from capture.credential.finding import rectify
    from capture.imaging.decoding import decode

    cv2.setNumThreads(1)
    turning.load()

    def answer(parts: Sequence[bytes]) -> bytes:
        cut, pixels = _parse(parts[0]), decode(parts[1])
        card = rectify(pixels) if cut.plane is Plane.CARD else None
        if card is not None:
            pixels = card.card[::-1, ::-1] if cut.turned else card.card
        elif cut.plane is Plane.CARD:
            cut = Cut()  # the card is not found again: all of the image
        shown = np.ascontiguousarray(_around(cut.box).of(pixels))
        share = _MAX_SIDE / max(shown.shape[:2])
        if share < 1:
            shown = np.asarray(cv2.resize(shown, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))
        return bytes(cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1])

    for kind in (".jpg", ".png"):
        plain = bytes(cv2.imencode(kind, np.full((64, 102, 3), 200, np.uint8))[1])
        answer([Cut(plane=Plane.CARD).encode(), plain])
    return answer


def _parse(data: bytes) -> Cut:
    found = json.loads(data)
    box = strict.box(found["caja"], "recorte")
    return Cut(box, strict.one_of(Plane, found["plano"], "recorte"), found["girada"] is True)


def _around(box: Box | None) -> Box:
    if box is None:
        return Box(0, 0, 1, 1)
    left, top = max(0.0, box.left - _MARGIN), max(0.0, box.top - _MARGIN)
    right = min(1.0, box.left + box.width + _MARGIN)
    bottom = min(1.0, box.top + box.height + _MARGIN)
    return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))


if __name__ == "__main__":
    serve(load, parse_limits(sys.argv[1]))
