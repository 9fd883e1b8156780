"""The actas de escrutinio y cómputo of a whole consultation, from the public folder and the counts (SEI-25).

Of a small urn nothing is given: what its acta tells is in the public folder, signed by its Mesa and opened by
the trustees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from keys.group import group_named
from keys.group.choice import Arithmetic
from tally.acta import Acta
from tally.acta_pdf import Imprint
from tally.consultation import Consultation, Urn
from tally.mesa.count import MesaCount
from tally.mesa.errors import MesaRefusal
from tally.mesa.escrutinio import Escrutinio, separate, together
from tally.mesa.printing import MesaPrinter
from tally.parallel import over_urns
from tally.public_folder import PublicFolder
from tally.small_urns_receiving import read_opened, read_sum
from tally.small_urns_step import read_mesa

Task = tuple[Urn, MesaCount | None, datetime]


@dataclass(frozen=True, slots=True)
class IssuedMesa:
    """An acta, and both prints of it."""

    acta: Escrutinio
    pdf: bytes
    cartel: bytes


@dataclass(frozen=True)
class MesaIssuing:
    """What a process needs to issue actas de escrutinio. Picklable. `moment`: when the acta is drawn up."""

    root: Path
    imprint: Imprint
    moment: datetime
    arithmetic: Arithmetic = "auto"

    def issue(
        self,
        consultation: Consultation,
        counts: Mapping[str, MesaCount],
        processes: int | None = None,
        moments: Mapping[str, datetime] | None = None,
    ) -> Iterator[IssuedMesa]:
        """One for each urn, in order. `counts`: by clave, of those opened alone. Raises Refusal.

        `moments`: by clave, of those whose acta was drawn up at another instant.
        """
        drawn = moments or {}
        tasks: list[Task] = [
            (urn, counts.get(urn.unidad.clave), drawn.get(urn.unidad.clave, self.moment))
            for urn in consultation.urns
        ]
        yield from over_urns(_Issuer.issue, tasks, _Issuer, (self,), processes)


def escrutinio_of(
    public: PublicFolder, k: int, order: int, urn: Urn, count: MesaCount | None, moment: datetime
) -> Escrutinio:
    """The acta de escrutinio of one urn that is open, or whose sum is. Raises Refusal, StoreError.

    `k`: below which an urn is small; `order`: of the group; `count`: of one that was opened alone.
    """
    unidad = urn.unidad
    acta = Acta.from_bytes(public.read(public.acta_file(unidad)), f"actas/{unidad.clave}.json")
    if acta.reserved:
        mesa = read_mesa(public, urn, order)
        total = read_sum(public, urn, k)
        opened = read_opened(public, urn, order)
        return together(acta, total, (mesa.received, mesa.spare), opened, moment)
    if count is None:
        raise MesaRefusal("mesa.falta", f"UT {unidad.clave}", "lo que contó su Mesa", "nada")
    return separate(acta, count, moment)


class _Issuer:
    def __init__(self, work: MesaIssuing) -> None:
        self._public = PublicFolder(work.root)
        consultation = self._public.consultation()
        self._k, self._order = consultation.k, group_named(consultation.grupo, work.arithmetic).order
        self._printer = MesaPrinter(work.imprint)

    def issue(self, task: Task) -> IssuedMesa:
        made = escrutinio_of(self._public, self._k, self._order, *task)
        return IssuedMesa(made, self._printer.acta(made), self._printer.cartel(made))
