"""Setting up all urns of a consultation in one act: their Setup events with the credentials of that instant.

Pure and parallel: nothing is stored here. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from keys.ceremony.trustees import verify_trustees
from keys.group import group_named
from tally.consulta.store_sql import Consulta
from tally.consultation import Consultation, LogReference, trustees_part
from tally.events import Event
from tally.parallel import over_urns
from tally.setup import Unidad, election_of, open_archive


@dataclass(frozen=True, slots=True)
class EmptyUrn:
    """A new urn. `credentials`: how many are listed in it; `blocks`: its archive up to the Setup event."""

    unidad: Unidad
    uuid: str
    event: Event
    credentials: int
    blocks: bytes


@dataclass(frozen=True)
class Founding:
    """What all urns share. Picklable. `timestamp`: Unix seconds; `trustees`: the bytes of trustees.json."""

    consulta: Consulta
    trustees: bytes
    timestamp: int

    def urns(
        self,
        listed: Sequence[tuple[Unidad, Sequence[str]]],
        processes: int | None = None,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> list[EmptyUrn]:
        """An urn for each UT with its public credentials, in any order. Raises Refusal."""
        made = []
        for urn in over_urns(_Founder.found, listed, _Founder, (self,), processes):
            made.append(urn)
            progress(len(made), len(listed))
        return made

    def announced(
        self, custodios: Sequence[str], bitacora: LogReference, unidades: Sequence[Unidad]
    ) -> Consultation:
        """consulta.json without the Setups. `custodios`: offices, in order. Raises FormatRefusal."""
        group = group_named(self.consulta.grupo)
        part = trustees_part(group, verify_trustees(group, self.trustees), custodios)
        return Consultation(
            id=self.consulta.id,
            nombre=self.consulta.nombre,
            calendar=self.consulta.cronograma.calendar,
            bitacora=bitacora,
            unidades=tuple(unidades),
            k=self.consulta.k,
            **part,
        )


def with_setups(announced: Consultation, urns: Sequence[EmptyUrn]) -> Consultation:
    """consulta.json as it is published."""
    return replace(announced, setups={urn.unidad.clave: urn.event.hash for urn in urns})


class _Founder:
    """What a process needs to set urns up."""

    def __init__(self, work: Founding) -> None:
        self._work = work
        self._group = group_named(work.consulta.grupo)
        key = verify_trustees(self._group, work.trustees).election_key(self._group)
        (self._key,) = self._group.encode([key])

    def found(self, task: tuple[Unidad, Sequence[str]]) -> EmptyUrn:
        """One urn."""
        unidad, public = task
        consulta = self._work.consulta
        election = election_of(consulta.id, consulta.nombre, unidad, self._group, self._key)
        link = open_archive(self._group, election, self._work.trustees, public, self._work.timestamp)
        return EmptyUrn(unidad, election.uuid, link.event, len(public), link.blocks)
