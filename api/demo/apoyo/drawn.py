"""What is photographed for the engines to read: drawn credentials, some not as they should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice

from api.demo.apoyo.population import Citizen
from api.demo.several import processes
from capture.device.capturing import Taken
from capture.device.people import Invented
from capture.packet.record import IMAGES, Code
from keys.randomness import Randomness, SeededRandomness

FRONT, BACK, LIVE, SIGNATURE = IMAGES
_SEEDS = 2**64


@dataclass(frozen=True)
class Scene:
    """What somebody shows to a device, and which inciso of 002 §6.1 that is; empty for nothing wrong.

    `front`, `back`: how each side is photographed. `one_side`: the front in the place of the back.
    `borrowed`: face and signature are those of the first scene.
    """

    title: str
    inciso: str = ""
    model: str = "G"
    front: str = "mesa"
    back: str = "mesa"
    stranger: bool = False
    one_side: bool = False
    borrowed: bool = False


SCENES = (
    Scene("Credencial del modelo G"),
    Scene("Fotocopia", "e", "E", "fotocopia", "fotocopia"),
    Scene("Credencial del modelo D, en la mano", model="D", front="mano", back="mano"),
    Scene("Fotografía de una pantalla", "d", "G", "pantalla", "pantalla"),
    Scene("Dos veces el anverso", "b", "F", one_side=True),
    Scene("Rostro y firma del primer registro", "g", "H", borrowed=True),
    Scene("Credencial del modelo C", model="C"),
    Scene("Fotografía viva de otra persona", "g", "E", stranger=True),
    Scene("Credencial borrosa", "f", "F", "desenfoque", "desenfoque"),
    Scene("Credencial del modelo J, inclinada", model="J", front="perspectiva", back="perspectiva"),
    Scene("Credencial del modelo E, girada", model="E", front="giro-15", back="giro-15"),
    Scene("Credencial del modelo I", model="I"),
)


@dataclass(frozen=True)
class Photographed:
    """A scene with its images. `values`: what can be read on the credential."""

    scene: Scene
    person: Invented
    values: Mapping[str, str] = field(repr=False)
    codes: tuple[Code, ...] = field(repr=False)
    images: Mapping[str, bytes] = field(repr=False)

    @property
    def citizen(self) -> Citizen:
        """As the padrón knows this person."""
        return Citizen(self.person, "lista-nominal")

    @property
    def taken(self) -> Taken:
        """As the app hands it to be sealed."""
        person = self.person
        number = (person.credencial, person.numero)
        return Taken(person.model, *number, person.values, self.codes, self.images, original=True)


def photograph(count: int, random: Randomness) -> list[Photographed]:
    """So many scenes, one after another and again from the first, drawn by several processes."""
    asked = [(scene, str(random.below(_SEEDS))) for scene in islice(cycle(SCENES), count)]
    if not asked:
        return []
    with processes(count) as pool:
        made = list(pool.map(_photographed, asked))
    return [_with_borrowed(one, made) for one in made]


def _photographed(asked: tuple[Scene, str]) -> Photographed:
    from capture.specimens.records import Asked, draw_record

    scene, seed = asked
    wanted = Asked(scene.model, scene.front, scene.back, scene.stranger)
    made = draw_record(SeededRandomness(seed), wanted)
    person = made.specimen.person
    images = {**made.images, BACK: made.images[FRONT if scene.one_side else BACK]}
    return Photographed(scene, person.invented, person.values, person.symbols, images)


def _with_borrowed(one: Photographed, all_of_them: Sequence[Photographed]) -> Photographed:
    if not one.scene.borrowed:
        return one
    lent = {name: all_of_them[0].images[name] for name in (LIVE, SIGNATURE)}
    return replace(one, images={**one.images, **lent})
