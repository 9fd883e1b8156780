"""What somebody shows to a simulated device: what is read of a credential, what is photographed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from capture.device.images import images
from capture.device.people import invent
from capture.packet.record import Code
from keys.randomness import Randomness


@dataclass(frozen=True, slots=True)
class Shown:
    """`images` by the names of the packet; `fields` by those of `capture.packet.record.FIELDS`."""

    model: str
    credencial: str
    numero: str
    fields: Mapping[str, str] = field(repr=False)
    codes: tuple[Code, ...] = field(repr=False)
    images: Mapping[str, bytes] = field(repr=False)


Show = Callable[[Randomness], Shown]
"""The next person."""


def mosaics(image_bytes: int, random: Callable[[int], bytes]) -> Show:
    """Invented people with mosaics of so many bytes together: a load, with nothing to read in it."""

    def show(randomness: Randomness) -> Shown:
        person = invent(randomness)
        made = images(image_bytes, random)
        return Shown(person.model, person.credencial, person.numero, person.values, person.codes, made)

    return show
