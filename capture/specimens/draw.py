"""A whole credential: both sides as if scanned, and what is true about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image

from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH, Kind, Layout, Region, layout
from capture.identity.curp import curp
from capture.imaging.picture import Grey, Pixels
from capture.reading.results import Side
from capture.specimens import lettering
from capture.specimens.backgrounds import ground
from capture.specimens.face import Face, Shot, invent_face
from capture.specimens.faces import portrait
from capture.specimens.fingerprints import fingerprint
from capture.specimens.noise import generator
from capture.specimens.people import Person
from capture.specimens.signatures import Stroke, ink, sign
from capture.specimens.symbols import dense, symbol
from keys.randomness import Randomness

_DENSE_BYTES = 480
_PORTRAIT = (384, 480)
"""Pixels of the photograph on a card."""
_HEADER, _LABEL, _VALUE, _MARK = (110, 40, 90), (95, 85, 95), (28, 26, 30), (200, 40, 60)
_WORDS = "MUESTRA  ·  SIN VALOR  ·  PERSONA INVENTADA"
_Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Specimen:
    """A drawn credential of 1586 × 1000 pixels a side, and the face and hand of who it is of."""

    person: Person = field(repr=False)
    front: Pixels = field(repr=False)
    back: Pixels = field(repr=False)
    face: Face = field(repr=False)
    signature: tuple[Stroke, ...] = field(repr=False)

    @property
    def values(self) -> dict[str, str]:
        """What can be read, by the names of `capture.packet.record.FIELDS`."""
        return self.person.values

    @property
    def codes(self) -> Mapping[str, str]:
        """The text of each code by the name that the layout gives it."""
        return self.person.codes


@dataclass(frozen=True, slots=True)
class _Looks:
    """What is drawn that is not text; the same on both sides."""

    photo: Callable[[int, int], Pixels]
    signature: tuple[Stroke, ...]
    numbers: np.random.Generator


def draw(person: Person, randomness: Randomness, photo: Pixels | None = None) -> Specimen:
    """Draw the credential of a person. The same source, the same bytes.

    `photo`: a photograph of somebody who allowed it, in place of a drawn face.
    """
    numbers = generator(randomness)
    key = curp(person.invented.values["curp"])
    issued = int(person.printed["emision"])
    face = invent_face(numbers, woman=key.sexo == "M", age=issued - key.birth.year)
    strokes = sign(numbers)
    looks = _Looks(_photo_of(face, photo), strokes, numbers)
    sides = [_side(person, layout(person.model, side), looks) for side in Side]
    return Specimen(person, sides[0], sides[1], face, strokes)


def _photo_of(face: Face, photo: Pixels | None) -> Callable[[int, int], Pixels]:
    whole = portrait(face, Shot(), *_PORTRAIT) if photo is None else photo
    return lambda width, height: _cropped(whole, width, height)


def _cropped(photo: Pixels, width: int, height: int) -> Pixels:
    """The middle of a photograph in another shape."""
    rows, columns = photo.shape[:2]
    scale = max(width / columns, height / rows)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    grown = cv2.resize(
        photo, (max(width, round(columns * scale)), max(height, round(rows * scale))), interpolation=method
    )
    top, left = (grown.shape[0] - height) // 2, (grown.shape[1] - width) // 2
    return np.asarray(grown[top : top + height, left : left + width], dtype=np.uint8)


def _side(person: Person, plan: Layout, looks: _Looks) -> Pixels:
    pixels = ground(plan.model, plan.side).copy()
    for region in plan.regions:
        place = _pixels_of(region)
        if (painter := _PAINTERS.get(region.kind)) is not None:
            painter(pixels, region, place, person, looks)
    return _lettered(pixels, person, plan)


def _pixels_of(region: Region) -> _Place:
    box = region.box
    left, top = round(box.left * CARD_WIDTH), round(box.top * CARD_HEIGHT)
    return left, top, round(box.width * CARD_WIDTH), round(box.height * CARD_HEIGHT)


def _part(pixels: Pixels, place: _Place) -> Pixels:
    left, top, width, height = place
    return pixels[top : top + height, left : left + width]


def _photo(pixels: Pixels, _region: Region, place: _Place, _person: Person, looks: _Looks) -> None:
    _part(pixels, place)[:] = looks.photo(place[2], place[3])


def _ghost(pixels: Pixels, _region: Region, place: _Place, _person: Person, looks: _Looks) -> None:
    """The photograph again, small, grey and pale over the ground."""
    grey = cv2.cvtColor(looks.photo(place[2], place[3]), cv2.COLOR_BGR2GRAY)
    under = _part(pixels, place)
    under[:] = cv2.addWeighted(under, 0.62, cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), 0.38, 0)


def _signature(pixels: Pixels, _region: Region, place: _Place, _person: Person, looks: _Looks) -> None:
    _press(pixels, place, ink(looks.signature, place[2], place[3], thickness=max(3, place[3] // 45)))


def _finger(pixels: Pixels, _region: Region, place: _Place, _person: Person, looks: _Looks) -> None:
    _press(pixels, place, fingerprint(looks.numbers, place[2], place[3]))


def _press(pixels: Pixels, place: _Place, dark: Grey) -> None:
    """Ink over the ground."""
    under = _part(pixels, place)
    under[:] = cv2.multiply(under, cv2.cvtColor(dark, cv2.COLOR_GRAY2BGR), scale=1 / 255)


def _code(pixels: Pixels, region: Region, place: _Place, person: Person, looks: _Looks) -> None:
    _left, _top, width, height = place
    if region.name in person.codes:
        made = symbol(region.name, person.codes[region.name], width, height)
    else:
        made = dense(looks.numbers.bytes(_DENSE_BYTES), width)
    _part(pixels, place)[:] = np.maximum(made, 24)[..., None]


_PAINTERS = {
    Kind.PHOTO: _photo,
    Kind.GHOST: _ghost,
    Kind.SIGNATURE: _signature,
    Kind.FINGERPRINT: _finger,
    Kind.CODE: _code,
}


def _lettered(pixels: Pixels, person: Person, plan: Layout) -> Pixels:
    """With all its text."""
    sheet = Image.fromarray(pixels[..., ::-1])
    for region in plan.of_kind(Kind.HEADER):
        lettering.write(sheet, region.text, _pixels_of(region), lettering.BOLD, _HEADER)
    for region in plan.of_kind(Kind.LABEL):
        lettering.write(sheet, region.text, _pixels_of(region), lettering.REGULAR, _LABEL)
    for region in plan.of_kind(Kind.TEXT):
        _value(sheet, region, person.printed[region.name])
    for region in plan.of_kind(Kind.MRZ):
        for text, place in zip(person.mrz, _rows(region), strict=True):
            lettering.write_cells(sheet, text, place, lettering.MACHINE, _VALUE)
    for region in plan.of_kind(Kind.MARK):
        lettering.write(sheet, _WORDS, _pixels_of(region), lettering.BOLD, _MARK)
    return np.ascontiguousarray(np.asarray(sheet)[..., ::-1])


def _value(sheet: Image.Image, region: Region, text: str) -> None:
    if region.turned:
        left, top, width, height = _pixels_of(region)
        strip = sheet.crop((left, top, left + width, top + height)).transpose(Image.Transpose.ROTATE_270)
        lettering.write_cells(strip, text, (0, 0, *strip.size), lettering.MACHINE, _VALUE)
        sheet.paste(strip.transpose(Image.Transpose.ROTATE_90), (left, top))
        return
    for line, place in zip(text.split("\n"), _rows(region), strict=True):
        lettering.write(sheet, line, place, lettering.BOLD, _VALUE)


def _rows(region: Region) -> list[_Place]:
    """The box of each line."""
    left, top, width, height = _pixels_of(region)
    each = height // region.lines
    return [(left, top + at * each, width, each) for at in range(region.lines)]
