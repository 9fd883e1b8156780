"""Who asks for a Clave: those who will get one, and one more for each cause for which a request is rejected.

The rejected ones send drawn credentials that show what is wrong; the others, small images of nothing, so that
a rehearsal is short. What a person sees in them is what the rehearsal knows of each request.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any

from api.demo.sei.people import Conduct, Register, Voter
from api.demo.sei.plan import SeiPlan, Territory
from api.reading.opening import absent
from capture.device.images import jpeg
from capture.preregistro.packet import BACK, FRONT, LIVE
from keys.randomness import SeededRandomness

IMAGE_BYTES = 6_000
_SEEDS = 2**64


@dataclass(frozen=True)
class Drawing:
    """How a drawn credential is shown. `front`, `back`: how each side is photographed."""

    model: str = "G"
    front: str = "mesa"
    back: str = "mesa"


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a request that is rejected for `cause`, and what is drawn for it."""

    cause: int
    drawing: Drawing | None = Drawing()
    changes: Mapping[str, str] = field(default_factory=dict)
    back_first: bool = False


FLAWS = (
    Flaw(1, changes={"nombre": "OTRONOMBRE"}),
    Flaw(2, changes={"calle": "Calle que no está en la credencial"}),
    Flaw(3, Drawing("E", "fotocopia", "fotocopia")),
    Flaw(4, Drawing("G", "pantalla", "pantalla")),
    Flaw(5, Drawing("F", "desenfoque", "desenfoque")),
    Flaw(6, None),
    Flaw(7, back_first=True),
    Flaw(8, Drawing("G", "sombra", "sombra")),
)
"""One for each of the causes of source 000, 7.3.1."""


@dataclass(frozen=True)
class Applicant:
    """`flaw`: of whom is rejected. `listed`: whether the lista nominal has the person."""

    who: Voter
    fields: Mapping[str, Any] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    model: str = "G"
    flaw: Flaw | None = None
    listed: bool = True


def applicants_of(
    plan: SeiPlan, territory: Territory, voters: Sequence[Voter], workers: Executor
) -> list[Applicant]:
    """Everybody who asks: `voters`, eight who are rejected, and one whom the lista nominal does not have.

    `workers` draw: each credential takes a second or two.
    """
    random = plan.base.randomness("solicitudes")
    register = Register(random, [voter.clave_elector for voter in voters])
    unidad = next(u for u in territory.unidades if u.proyectos)
    section = territory.own(unidad.clave)
    others = [register.voter(section, unidad.clave, 1, Conduct.ABSTAINS) for _ in range(len(FLAWS) + 1)]
    seeds = [(flaw, str(random.below(_SEEDS))) for flaw in FLAWS]
    rejected = [
        Applicant(who, {**fields_of(who, territory), **flaw.changes}, files, _model(flaw), flaw)
        for who, flaw, files in zip(others, FLAWS, _drawn(seeds, workers), strict=False)
    ]
    stranger = Applicant(others[-1], fields_of(others[-1], territory), _plain(), listed=False)
    approved = [Applicant(voter, fields_of(voter, territory), _plain()) for voter in voters]
    return [*approved, *rejected, stranger]


def fields_of(who: Voter, territory: Territory) -> dict[str, Any]:
    """What the person types."""
    unidad = next(u for u in territory.unidades if u.clave == who.unidad)
    name, paternal, maternal = who.nombre.split(" ")
    return {
        "nombre": name,
        "apellido_paterno": paternal,
        "apellido_materno": maternal,
        "clave_elector": who.clave_elector,
        "ocr": who.ocr,
        "seccion": who.seccion,
        "demarcacion": unidad.demarcacion,
        "unidad": unidad.nombre,
        "cp": "12000",
        "calle": "Avenida de los Ahuehuetes",
        "numero_exterior": "12",
        "telefono": who.telefono,
        "correo": who.correo,
    }


def again(one: Applicant) -> Applicant:
    """The same person, who asks from another telephone too."""
    return replace(one, files=_plain())


def _plain() -> dict[str, bytes]:
    return {name: jpeg(IMAGE_BYTES, os.urandom) for name in (FRONT, BACK, LIVE)}


def _model(flaw: Flaw) -> str:
    return flaw.drawing.model if flaw.drawing is not None else "G"


def _drawn(asked: Sequence[tuple[Flaw, str]], workers: Executor) -> list[dict[str, bytes]]:
    """Without what draws, images of nothing."""
    if absent():
        return [{} if flaw.drawing is None else _plain() for flaw, _ in asked]
    return list(workers.map(_draw, asked))


def _draw(asked: tuple[Flaw, str]) -> dict[str, bytes]:
    from capture.specimens.records import Asked, draw_record

    flaw, seed = asked
    if flaw.drawing is None:
        return {}
    wanted = Asked(flaw.drawing.model, flaw.drawing.front, flaw.drawing.back, False)
    made = draw_record(SeededRandomness(seed), wanted).images
    front, back, live = (made[name] for name in (FRONT, BACK, LIVE))
    return {FRONT: back if flaw.back_first else front, BACK: back, LIVE: live}
