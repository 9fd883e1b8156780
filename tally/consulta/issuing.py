"""What is issued of every urn after the opening: acta in JSON and PDF, and the sealed listado (SEI-23).

The acta of a small urn, which was not opened, is a «reserva».
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tally.acta import Acta, Opening
from tally.acta_issuing import acta_of_urn
from tally.acta_pdf import ActaPrinter, Imprint
from tally.consultation import Urn
from tally.listado import commitment, listado_data, sealed
from tally.parallel import over_urns
from tally.public_folder import PublicFolder
from tally.receiving import read_closed_file


@dataclass(frozen=True, slots=True)
class UrnTask:
    """One urn. `names`: claves de elector of who opined in it; `recipient`: age key of its Dirección
    Distrital; `salt`: 32 random bytes."""

    urn: Urn
    names: Sequence[str]
    recipient: str
    salt: bytes


@dataclass(frozen=True, slots=True)
class Issued:
    """Of one urn. `listado`: encrypted with age."""

    acta: Acta
    pdf: bytes
    listado: bytes


@dataclass(frozen=True)
class Issuing:
    """What all urns share. Picklable."""

    public: Path
    opening: Opening
    imprint: Imprint

    def issue(
        self,
        tasks: Sequence[UrnTask],
        processes: int | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[Issued]:
        """Everything, of urns that are open or stay closed. Raises ActaRefusal for what does not add up."""
        made = []
        for one in over_urns(_Issuer.issue, tasks, _Issuer, (self,), processes):
            made.append(one)
            progress(len(made), len(tasks))
        return made


class _Issuer:
    """What a process needs to issue."""

    def __init__(self, work: Issuing) -> None:
        self._work = work
        self._folder = PublicFolder(work.public)
        self._printer = ActaPrinter(work.imprint)

    def issue(self, task: UrnTask) -> Issued:
        """One urn."""
        urn, opening = task.urn, self._work.opening
        closed = read_closed_file(self._folder, urn)
        data = listado_data(opening.consultation, urn.unidad.clave, task.names, task.salt)
        acta = acta_of_urn(opening, urn.unidad, closed, len(task.names), commitment(data))
        return Issued(acta, self._printer.print(acta), sealed(data, task.recipient))
