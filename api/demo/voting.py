"""The days of opinion: every person of a zone does what the conduct says, and what must be refused is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from api.demo.errors import UnexpectedOutcome
from api.demo.people import ZONE, Conduct, Person
from api.demo.plan import Plan
from api.demo.screen import Advance
from keys import clave
from keys.errors import Refusal
from keys.group import Group, group_named
from keys.randomness import Randomness
from tally.ballot import Ballot
from tally.casting import OpenUrna, Receipt
from tally.consultation import Consultation, Urn
from tally.encryption import BallotMaker
from tally.parallel import over_urns
from tally.participation import Participants
from tally.public_credentials import derive
from tally.public_folder import PublicFolder
from tally.store_files import FileArchive


@dataclass
class ZoneReport:
    """What happened in some urns. `listados`: claves de elector of who opined, by clave of the UT."""

    did: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    listados: dict[str, list[str]] = field(default_factory=dict)
    trackers: list[tuple[str, str]] = field(default_factory=list)
    """(clave, tracker) of the first ballot of each urn."""

    def add(self, other: ZoneReport) -> None:
        """Sum two reports of different zones."""
        self.did += other.did
        self.refused += other.refused
        self.listados |= other.listados
        self.trackers += other.trackers


def hold_opinion(
    plan: Plan, consultation: Consultation, people: dict[str, list[Person]], progress: Advance
) -> ZoneReport:
    """All zones. Raises UnexpectedOutcome or Refusal when anything goes otherwise than it must."""
    urns = consultation.urns
    zones = [urns[i : i + ZONE] for i in range(0, len(urns), ZONE)]
    tasks = [(zone, [p for u in zone for p in people.get(u.unidad.clave, [])]) for zone in zones]
    total = ZoneReport()
    done = 0
    for (_, persons), report in zip(
        tasks, over_urns(_ZoneBooth.run, tasks, _ZoneBooth, (plan,), plan.processes), strict=True
    ):
        total.add(report)
        done += len(persons)
        progress(done, sum(len(p) for _, p in tasks))
    return total


class _ZoneBooth:
    """Works on one zone at a time."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._group = group_named(plan.group, plan.arithmetic)
        self._folder = PublicFolder(plan.public)

    def run(self, task: tuple[Sequence[Urn], Sequence[Person]]) -> ZoneReport:
        urns, persons = task
        with ExitStack() as stack:
            zone = _Zone(self._plan, self._group, urns, persons)
            for urn in urns:
                store = stack.enter_context(self._folder.archive(urn.unidad))
                zone.open(urn, store)
            return zone.hold()


class _Zone:
    def __init__(self, plan: Plan, group: Group, urns: Sequence[Urn], persons: Sequence[Person]) -> None:
        self._plan = plan
        self._group = group
        self._persons = persons
        self._random: Randomness = plan.randomness(f"opinion/{urns[0].unidad.clave}")
        self._uuids = {u.unidad.clave: u.uuid for u in urns}
        self._participants = Participants(self._issued())
        self._urns: dict[str, OpenUrna] = {}
        self._makers: dict[str, BallotMaker] = {}
        self._report = ZoneReport()

    def open(self, urn: Urn, store: FileArchive) -> None:
        """Open one urn of the zone for casting."""
        opened = OpenUrna(self._group, store, self._plan.calendar, self._participants)
        self._urns[urn.unidad.clave] = opened
        self._makers[urn.unidad.clave] = BallotMaker(self._group, opened.election, self._random)

    def hold(self) -> ZoneReport:
        """Everybody's turn, in a drawn order, spread over the days of opinion."""
        order = list(self._persons)
        for i in range(len(order) - 1, 0, -1):
            j = self._random.below(i + 1)
            order[i], order[j] = order[j], order[i]
        calendar = self._plan.calendar
        step = (calendar.voting_end - calendar.voting_start) / (len(order) + 1)
        for position, person in enumerate(order, start=1):
            moment = (calendar.voting_start + position * step).replace(microsecond=0)
            self._turn(person, moment)
        for name, uuid in self._uuids.items():
            self._report.listados[name] = self._participants.who_opined(uuid)
        return self._report

    def _issued(self) -> list[tuple[str, str, str]]:
        found = []
        for name, uuid in self._uuids.items():
            persons = [p for p in self._persons if name in p.unidades]
            public = derive(self._group, uuid, [p.credential for p in persons])
            found += [(uuid, c, p.clave_de_elector) for c, p in zip(public, persons, strict=True)]
        return found

    def _turn(self, person: Person, moment: datetime) -> None:
        self._report.did[person.conduct] += 1
        match person.conduct:
            case Conduct.ABSTAINS:
                if self._report.did[Conduct.ABSTAINS] == 1:
                    self._out_of_phase(person)
            case Conduct.RETRIES:
                ballot = self._ballot(person, person.unidad)
                if self._cast(person.unidad, ballot, moment) != self._cast(person.unidad, ballot, moment):
                    raise UnexpectedOutcome("un reintento recibió otro comprobante")
            case Conduct.TWICE:
                self._cast(person.unidad, self._ballot(person, person.unidad), moment)
                self._must_refuse(person, person.unidad, moment)
            case Conduct.TWO_UTS if person.other is not None:
                self._cast(person.unidad, self._ballot(person, person.unidad), moment)
                self._must_refuse(person, person.other, moment)
            case Conduct.LOSES_CLAVE:
                self._replace_clave(person)
                self._cast(person.unidad, self._ballot(person, person.unidad), moment)
            case _:
                self._cast(person.unidad, self._ballot(person, person.unidad), moment)

    def _ballot(self, person: Person, name: str) -> Ballot:
        """What the person's device makes."""
        size = self._urns[name].election.questions[0].size
        blank = person.conduct is Conduct.BLANK
        marked = 0 if blank else 1 + min(person.choice, size - 2)
        choice = [int(i == marked) for i in range(size)]
        return self._makers[name].make(person.credential, [choice])

    def _cast(self, name: str, ballot: Ballot, moment: datetime) -> Receipt:
        receipt = self._urns[name].cast(ballot.data, moment)
        if receipt.height == 1:
            self._report.trackers.append((name, receipt.tracker))
        return receipt

    def _must_refuse(self, person: Person, name: str, moment: datetime) -> None:
        try:
            self._cast(name, self._ballot(person, name), moment)
        except Refusal as refusal:
            self._report.refused[refusal.rule] += 1
        else:
            raise UnexpectedOutcome("una segunda opinión fue aceptada")

    def _out_of_phase(self, person: Person) -> None:
        """Just before the beginning and at the instant of the end."""
        calendar = self._plan.calendar
        self._must_refuse(person, person.unidad, calendar.voting_start - timedelta(seconds=1))
        self._must_refuse(person, person.unidad, calendar.voting_end)

    def _replace_clave(self, person: Person) -> None:
        """The lost Clave opens nothing any more, the new one opens the same credential (SEI-09)."""
        process, who = self._plan.id, person.clave_de_elector
        lost, new = (clave.derive(clave.generate(self._random), process, who) for _ in range(2))
        wrapped = clave.wrap(new, person.credential, self._random)
        try:
            clave.unwrap(lost, wrapped)
        except clave.EntryRefusal as refusal:
            self._report.refused[refusal.rule] += 1
        else:
            raise UnexpectedOutcome("una Clave repuesta siguió sirviendo")
        if clave.unwrap(new, wrapped) != person.credential:
            raise UnexpectedOutcome("la Clave nueva abrió otra credencial")


def receipts_file(folder: Path, trackers: Sequence[tuple[str, str]]) -> Path:
    """Some trackers, so that whoever tries the rehearsal can look a ballot up."""
    path = folder / "comprobantes.csv"
    lines = ["unidad,comprobante", *(f"{name},{tracker}" for name, tracker in sorted(trackers))]
    PublicFolder(folder).write(path, ("\n".join(lines) + "\n").encode())
    return path
