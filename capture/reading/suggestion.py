"""One suggestion for the mesa de control: an inciso that seems to apply, why, and where it shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from capture.imaging.picture import Box

MAX_WHY_CHARS = 400


class Strength(StrEnum):
    """How much a suggestion says."""

    SEEMS = "parece"
    """It is counted when suggestions and decisions are compared."""
    DOUBT = "duda"
    """Something for a person to look at."""


class Plane(StrEnum):
    """What a box is a part of."""

    IMAGE = "imagen"
    CARD = "credencial"
    """The card that is found in the image, laid flat."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`why` is a sentence for the operator, without any personal value. `file`: the image that shows it.

    `rule` is stable. Without `box` the whole image shows it; without `file` it is no matter of an image.
    """

    inciso: str
    rule: str
    why: str
    strength: Strength = Strength.SEEMS
    file: str | None = None
    box: Box | None = None
    plane: Plane = Plane.IMAGE
