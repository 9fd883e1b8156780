"""What the reading of a record is made of: each engine behind a port, so that any of them can be replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Pixels
from capture.reading.results import CardReading, FaceReading, RecordReading, SignatureReading


class Decoder(Protocol):
    """From bytes to pixels."""

    def __call__(self, data: bytes, *, place: str) -> Pixels:
        """One still upright picture. Raises ImageRefusal."""


class Cards(Protocol):
    """Reads both sides of a card."""

    def read(self, front: Pixels | None, back: Pixels | None) -> CardReading:
        """All values by name, a missing one with its reason. None: that image cannot be read."""


class Faces(Protocol):
    """Reads the live photograph beside the photograph of the card."""

    def read(self, live: Pixels, card_front: Pixels | None) -> FaceReading:
        """Defects, and how alike both faces are. None: no card was found."""


Strokes = Sequence[NDArray[np.float64]]
"""Each one points × (x, y, t, pressure); see `capture.signature.strokes`."""


class StrokeReader(Protocol):
    """From bytes to strokes."""

    def __call__(self, data: bytes) -> Strokes:
        """Raises Refusal."""


class Signatures(Protocol):
    """Reads the signature beside the signature of the card."""

    def __call__(
        self, signature: Pixels, card_signature: Pixels | None, strokes: Strokes | None
    ) -> SignatureReading:
        """Defects, and advice on similarity. None: no signature to compare with, no strokes were kept."""


class Part(StrEnum):
    """What is cut out of a card that was found and laid flat."""

    CARD = "credencial"
    """All of its front."""
    PORTRAIT = "retrato"
    FINGERPRINT = "huella"
    SIGNATURE = "firma"


class Cutting(Protocol):
    """Cuts a card into what other engines look at."""

    def __call__(self, front: Pixels | None, back: Pixels | None, card: CardReading) -> Mapping[Part, Pixels]:
        """The parts that were found."""


class Prints(Protocol):
    """Perceptual hashes, by names of their own."""

    def __call__(
        self, files: Mapping[str, bytes], pictures: Mapping[str, Pixels], parts: Mapping[Part, Pixels]
    ) -> Mapping[str, bytes]:
        """Of each picture that shows something. `pictures`: the files that could be decoded, by name."""


class Readers(Protocol):
    """Reads all of a record's images."""

    def read(self, files: Mapping[str, bytes], model: str | None) -> RecordReading:
        """What was read; `model` is the letter that the device said. Raises nothing for a bad image."""
