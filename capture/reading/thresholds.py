"""What an institute may set of the engines, and how it is handed to a confined process. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cosines of SFace, -1 to 1; where they come from: `capture.face.comparing`."""

    face_same: float = 0.45
    """From here on two faces match."""
    face_person: float = 0.33
    """From here on a person looks; below they do not match."""

    def encode(self) -> str:
        """As it is handed over."""
        return json.dumps(asdict(self))


def parse_thresholds(text: str) -> Thresholds:
    """Read what `encode` wrote; our own words, from our own parent."""
    return Thresholds(**json.loads(text))
