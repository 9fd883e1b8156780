"""Setting up every urn and its list of credentials; closing them; issuing keys to Direcciones Distritales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.demo.people import Person
from api.demo.plan import Plan
from api.demo.screen import Advance
from keys.ceremony.trustees import Trustees, verify_trustees
from keys.group import group_named
from keys.group.choice import Arithmetic
from tally.closing import close
from tally.consultation import Consultation, LogReference, Urn, trustees_part
from tally.parallel import over_urns
from tally.public_credentials import derive
from tally.public_folder import PublicFolder
from tally.setup import Unidad, election_of, open_archive


@dataclass(frozen=True)
class SetupWork:
    """What a process needs to set urns up. Picklable."""

    public: Path
    consultation: str
    title: str
    group: str
    arithmetic: Arithmetic
    public_key: str
    trustees: bytes
    timestamp: int


class _Founder:
    def __init__(self, work: SetupWork) -> None:
        self._work = work
        self._group = group_named(work.group, work.arithmetic)
        self._folder = PublicFolder(work.public)

    def found(self, task: tuple[Unidad, Sequence[str]]) -> tuple[str, str]:
        """Create one urn with the credentials of its people. Returns its clave and the hash of its Setup."""
        unidad, private = task
        work = self._work
        election = election_of(work.consultation, work.title, unidad, self._group, work.public_key)
        public = derive(self._group, election.uuid, private)
        link = open_archive(self._group, election, work.trustees, public, work.timestamp)
        self._folder.create_archive(unidad, link.blocks)
        return unidad.clave, link.event.hash


def set_up(
    plan: Plan,
    unidades: Sequence[Unidad],
    people: dict[str, list[Person]],
    trustees: Trustees,
    names: Sequence[str],
    bitacora: LogReference,
    progress: Advance,
) -> Consultation:
    """All urns, then consulta.json and trustees.json. `names`: the trustees' offices, in order."""
    group = group_named(plan.group, plan.arithmetic)
    data = trustees.encode()
    # Read again: elements belong to the arithmetic that decoded them, and the ceremony chooses its own.
    part = trustees_part(group, verify_trustees(group, data), names)
    timestamp = int(plan.calendar.voting_start.timestamp())
    listed: dict[str, list[str]] = {}
    for persons in people.values():
        for person in persons:
            for clave in person.unidades:
                listed.setdefault(clave, []).append(person.credential)
    tasks = [(u, listed.get(u.clave, [])) for u in unidades if u.proyectos]
    work = SetupWork(
        plan.public, plan.id, plan.title, plan.group, plan.arithmetic, part["llave_publica"], data, timestamp
    )
    setups: dict[str, str] = {}
    for clave, setup in over_urns(_Founder.found, tasks, _Founder, (work,), plan.processes):
        setups[clave] = setup
        progress(len(setups), len(tasks))
    consultation = Consultation(
        id=plan.id,
        nombre=plan.title,
        calendar=plan.calendar,
        bitacora=bitacora,
        unidades=tuple(unidades),
        setups=setups,
        **part,
    )
    folder = PublicFolder(plan.public)
    folder.write(folder.trustees_file, data)
    folder.write(folder.consultation_file, consultation.data)
    return consultation


class _Closer:
    def __init__(self, public: Path, group: str, arithmetic: Arithmetic) -> None:
        self._folder = PublicFolder(public)
        self._group = group_named(group, arithmetic)

    def close(self, urn: Urn) -> None:
        with self._folder.archive(urn.unidad) as store:
            close(self._group, store, urn.file)


def close_all(plan: Plan, consultation: Consultation, progress: Advance) -> None:
    """EndBallots and the encrypted tally in every urn."""
    urns = consultation.urns
    arguments = (plan.public, plan.group, plan.arithmetic)
    for done, _ in enumerate(over_urns(_Closer.close, urns, _Closer, arguments, plan.processes), start=1):
        progress(done, len(urns))
