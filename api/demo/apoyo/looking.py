"""Drawn credentials are captured, read by the engines of the house, looked at by the mesa, and decided on.

The thousands of other records of the rehearsal are mosaics, of which the device's word counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table
from rich.text import Text

from api.demo.acting import Staff
from api.demo.apoyo.drawn import Photographed
from api.demo.apoyo.registering import Helper
from api.demo.apoyo.rehearsal import ApoyoRehearsal
from api.demo.apoyo.town import Town
from api.demo.counting import counted
from api.demo.errors import UnexpectedOutcome
from api.reading.settings import ReadingSettings
from api.worker.services import WorkerServices
from api.worker.wiring import build_worker
from capture.device.capturing import capture
from capture.limits import CaptureLimits
from capture.reading.results import SURE
from capture.reading.suggestion import Strength
from tally.parallel import cores

_FACES = "Los rostros dibujados se parecen entre sí más que los reales: uno ajeno puede pasar por el propio"
CROPS = "recortes"
"""Folder of what suggestions were shown with."""
_READERS = 2
_PATIENCE = ReadingSettings(
    engine="motores",
    workers=min(_READERS, cores()),
    cpu_seconds=60,
)
"""A rehearsal may run on a small machine that has much to do."""


@dataclass
class Looked:
    """What an operator was told of a record. `right`, `wrong`: values of the engines beside the truth.

    `sure`: of the wrong ones, those that were called sure. `seems`, `doubts`: incisos.
    """

    number: int
    shown: Photographed
    right: int = 0
    wrong: int = 0
    sure: int = 0
    seems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether what was decided had been suggested, or nothing had been and nothing was wrong."""
        decided = self.shown.scene.inciso
        return decided in self.seems if decided else not self.seems


def look(r: ApoyoRehearsal) -> None:
    """From the camera to the decision. Raises UnexpectedOutcome when a record is not read."""
    if not r.drawn:
        return
    with r.screen.stage("Credenciales dibujadas: los motores leen y aconsejan, la mesa decide") as progress:
        looked = _captured(r, r.helpers[2], r.drawn)
        progress(1, 4)
        with _engines(r.town) as worker:
            if waiting := worker.processing.process_all().waiting:
                raise UnexpectedOutcome(f"los motores no leyeron {len(waiting)} registros; vea servicio.log")
        progress(2, 4)
        decisions = {folio: one.shown.scene.inciso for folio, one in looked.items()}
        r.mesa.decide(r.candidates[0], decisions, lambda who, folio: _look(r.town, who, folio, looked[folio]))
        progress(3, 4)
        while r.town.worker.patterns.look():
            progress(3, 4)
    _tell(r, list(looked.values()))


def _captured(r: ApoyoRehearsal, helper: Helper, drawn: Sequence[Photographed]) -> dict[str, Looked]:
    """In the outbox of a telephone and sent; by folio."""
    folder, holder = r.crew.folder(helper), r.crew.holders[helper.identifier]
    looked = {}
    for number, one in enumerate(drawn, 1):
        sealed = capture(one.taken, holder, folder.key(), r.town.clock(), os.urandom, CaptureLimits())
        folder.outbox().keep(sealed)
        looked[sealed.envelope.folio] = Looked(number, one)
    r.crew.send_from(folder)
    return looked


@contextmanager
def _engines(town: Town) -> Iterator[WorkerServices]:
    """A worker like the town's, with engines."""
    worker = build_worker(town.settings.model_copy(update={"reading": _PATIENCE}), town.clock)
    try:
        yield worker
    finally:
        worker.reading.close()
        worker.database.engine.dispose()


def _look(town: Town, operator: Staff, folio: str, looked: Looked) -> None:
    """What the operator sees before deciding: values, suggestions, and the crop of the first of them."""
    path = f"/v1/mesa/lecturas/{folio}"
    reading = operator.client.get(path)
    if reading["aviso"] is not None:
        raise UnexpectedOutcome(f"registro {folio}: {reading['aviso']}")
    truth = looked.shown.values
    read = [one for one in reading["campos"] if one["valor"] is not None and one["campo"] in truth]
    looked.right = sum(truth[one["campo"]] == one["valor"] for one in read)
    looked.wrong = len(read) - looked.right
    looked.sure = sum(truth[one["campo"]] != one["valor"] and one["certeza"] >= SURE for one in read)
    strong = [one for one in reading["sugerencias"] if one["fuerza"] == Strength.SEEMS.value]
    looked.seems = sorted({one["inciso"] for one in strong})
    looked.doubts = sorted({one["inciso"] for one in reading["sugerencias"]} - set(looked.seems))
    if shown := next((one["recorte"] for one in strong if one["recorte"] is not None), None):
        folder = town.plan.output / CROPS
        folder.mkdir(exist_ok=True)
        crop = operator.client.ask("GET", f"{path}/recortes/{shown}")
        (folder / f"{looked.number:02d}-{looked.seems[0]}.jpg").write_bytes(crop.content)


def _tell(r: ApoyoRehearsal, looked: Sequence[Looked]) -> None:
    r.screen.say(table_of(looked))
    right, wrong, sure = (sum(getattr(one, name) for one in looked) for name in ("right", "wrong", "sure"))
    r.screen.fact(f"{right:,} valores leídos como están en la credencial")
    r.screen.fact(f"{wrong:,} leídos de otra manera; con certeza, {sure:,}")
    agreed = sum(one.agrees for one in looked)
    r.screen.fact(
        f"Sugerencia y decisión coinciden en {agreed} de {counted(len(looked), 'registro', 'registros')}"
    )
    for told in [*_agreement(r), *_patterns(r), _FACES]:
        r.screen.fact(told)


def table_of(looked: Sequence[Looked]) -> Table:
    """What was photographed, what the engines said, what was decided."""
    table = Table(title="Lo que los motores sugieren y lo que la mesa decide", title_justify="left")
    for name in ("Se fotografió", "Leídos", "Parece", "Se decide", ""):
        table.add_column(name, justify="right" if name == "Leídos" else "left", no_wrap=True)
    for one in looked:
        values = f"{one.right} de {len(one.shown.values)}"
        seems = ", ".join([*one.seems, *(f"¿{inciso}?" for inciso in one.doubts)]) or "–"
        decided = one.shown.scene.inciso or "válido"
        table.add_row(Text(one.shown.scene.title), values, seems, decided, "✓" if one.agrees else "≠")
    return table


def _agreement(r: ApoyoRehearsal) -> list[str]:
    found: list[Mapping[str, Any]] = r.office.enlace.client.get("/v1/mesa/sugerencias/acuerdo")
    told = [f"{one['inciso']}) {one['ambos']}" for one in found if one["inciso"] != "-" and one["ambos"]]
    return [f"Incisos que se sugirieron y se aplicaron: {', '.join(told) or 'ninguno'}"]


def _patterns(r: ApoyoRehearsal) -> list[str]:
    path = f"/v1/procesos/{r.candidates[0].proceso}/patrones"
    found = r.office.enlace.client.get(path)["patrones"]
    if not found:
        raise UnexpectedOutcome("nadie señaló el rostro y la firma que se repiten")
    return [
        f"Patrón irregular: {one['descripcion'].lower()} ({one['objeto']}), {one['registros']} registros"
        for one in found
    ]
