"""The four images of a record with a drawn credential, and what is true about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import cv2

from capture.credential.layouts import DRAWN_MODELS, layout
from capture.device.showing import Show, Shown
from capture.imaging.picture import Pixels
from capture.packet.record import IMAGES
from capture.reading.results import Side
from capture.specimens.degradations import DEGRADATIONS, Degradation
from capture.specimens.draw import Specimen, draw
from capture.specimens.flaws import Flaw, flawed
from capture.specimens.live import face_of_another, live_photo, signed
from capture.specimens.noise import generator
from capture.specimens.people import invent_person
from capture.specimens.scene import Photograph
from keys.randomness import Randomness

JPEG_QUALITY = 88
CAREFUL = ("mesa", "perspectiva", "giro-15", "mano", "jpeg-30", "desenfoque-leve")
"""What happens to the photographs of somebody who takes care."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a record should be like. None: chosen by its source; `front`, `back`: names of degradations.

    `stranger`: the live photograph is of somebody else. `flaw`: what the credential contradicts itself in.
    """

    model: str | None = None
    front: str | None = None
    back: str | None = None
    stranger: bool = False
    flaw: Flaw | None = None


@dataclass(frozen=True, slots=True)
class SideTaken:
    """One side as it was photographed."""

    degradation: Degradation
    photograph: Photograph = field(repr=False)


@dataclass(frozen=True, slots=True)
class DrawnRecord:
    """A specimen, how its sides were photographed, and the images by the names of the packet."""

    specimen: Specimen = field(repr=False)
    sides: Mapping[Side, SideTaken]
    images: Mapping[str, bytes] = field(repr=False)
    asked: Asked


def draw_record(
    randomness: Randomness, asked: Asked | None = None, photo: Pixels | None = None
) -> DrawnRecord:
    """Draw a credential and all images of its record; the same source, the same bytes.

    `photo`: as in `draw`; the live photograph is then the same one.
    """
    asked = asked or Asked()
    specimen = _specimen(asked, randomness, photo)
    front = _taken(specimen, Side.ANVERSO, asked.front, randomness)
    back = _taken(specimen, Side.REVERSO, asked.back, randomness)
    numbers = generator(randomness)
    face = face_of_another(specimen.face, numbers) if asked.stranger else specimen.face
    live = live_photo(face, numbers) if photo is None or asked.stranger else photo
    pictures = (front.photograph.pixels, back.photograph.pixels, live)
    encoded = (*map(jpeg, pictures), png(signed(specimen.signature, numbers)))
    images = dict(zip(IMAGES, encoded, strict=True))
    return DrawnRecord(specimen, {Side.ANVERSO: front, Side.REVERSO: back}, images, asked)


def _specimen(asked: Asked, randomness: Randomness, photo: Pixels | None) -> Specimen:
    models = asked.flaw.models if asked.flaw else DRAWN_MODELS
    model = asked.model or models[randomness.below(len(models))]
    person = invent_person(randomness, model)
    if asked.flaw is None:
        return draw(person, randomness, photo)
    made = draw(flawed(person, asked.flaw), randomness, photo)
    if asked.flaw is Flaw.BACK:
        return replace(made, back=draw(invent_person(randomness, model), randomness).back)
    return made


def _taken(specimen: Specimen, side: Side, name: str | None, randomness: Randomness) -> SideTaken:
    degradation = DEGRADATIONS[name or CAREFUL[randomness.below(len(CAREFUL))]]
    card = specimen.front if side is Side.ANVERSO else specimen.back
    return SideTaken(degradation, degradation.apply(card, layout(specimen.person.model, side), randomness))


def credentials() -> Show:
    """People with drawn credentials, carefully photographed, for a simulated device."""

    def show(randomness: Randomness) -> Shown:
        drawn = draw_record(randomness)
        person = drawn.specimen.person
        number = (person.invented.credencial, person.invented.numero)
        return Shown(person.model, *number, person.values, person.symbols, drawn.images)

    return show


def jpeg(pixels: Pixels) -> bytes:
    """As a phone's camera writes it."""
    return _encoded(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


def png(pixels: Pixels) -> bytes:
    """Without loss."""
    return _encoded(".png", pixels, [])


def _encoded(suffix: str, pixels: Pixels, settings: list[int]) -> bytes:
    done, data = cv2.imencode(suffix, pixels, settings)
    if not done:
        raise ValueError(f"OpenCV cannot write {suffix}")
    return data.tobytes()
