"""A part of an image for whoever reviews, cut out when somebody looks."""

from __future__ import annotations

from api.http.problems import Problem
from capture.imaging.picture import Box
from capture.reading.errors import NoReader, Unread
from capture.reading.record import FILES
from capture.reading.results import CardReading
from capture.reading.sandbox.cropping import Cropper, Cut
from capture.reading.suggestion import Plane

_TURNED = "girada"
"""Among the measurements of a side; see `capture.credential.seeing`, which loads engines."""


def on_card(card: CardReading, file: str, box: Box | None) -> Cut:
    """A place of the card that an image shows, as it was found while it was read."""
    figures = next((quality.figures for side, quality in card.sides.items() if FILES[side] == file), {})
    return Cut(box, Plane.CARD, turned=_TURNED in figures)


def cut_of(cropper: Cropper, image: bytes, cut: Cut) -> bytes:
    """A JPEG. Raises Problem: no process can be started now (no-disponible), or it cannot be opened."""
    try:
        made = cropper.cut(image, cut)
    except NoReader:
        raise Problem(
            "no-disponible", "Por ahora no se pueden recortar imágenes; vea la imagen completa."
        ) from None
    if isinstance(made, Unread):
        raise Problem("no-encontrado", "Esta imagen no se puede abrir; no hay qué recortar.")
    return made
