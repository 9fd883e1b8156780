"""What an institute may set of the engines, and how it is handed to a confined process. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from capture.signature.settings import (
    DEFAULT,
    InkSettings,
    LikenessSettings,
    MarkSettings,
    SignatureSettings,
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cosines of SFace, -1 to 1; where they come from: `capture.face.comparing`."""

    face_same: float = 0.45
    """From here on two faces match."""
    face_person: float = 0.33
    """From here on a person looks; below they do not match."""
    signature: SignatureSettings = DEFAULT
    """Where these come from: `capture.signature.settings`."""
    deepface: str | None = None
    """Where that engine is chosen, the folder that `capture.face.deepface_files` made ready."""

    def encode(self) -> str:
        """As it is handed over."""
        return json.dumps(asdict(self))


def parse_thresholds(text: str) -> Thresholds:
    """Read what `encode` wrote; our own words, from our own parent."""
    found = json.loads(text)
    return Thresholds(**{**found, "signature": _signature(found["signature"])})


def _signature(found: dict[str, Any]) -> SignatureSettings:
    marks = found["marks"]
    pairs = {"flat": tuple(map(tuple, marks["flat"])), "tick": tuple(marks["tick"])}
    return SignatureSettings(
        ink=InkSettings(**found["ink"]),
        card_ink=InkSettings(**found["card_ink"]),
        marks=MarkSettings(**{**marks, **pairs}),
        likeness=LikenessSettings(**found["likeness"]),
    )
