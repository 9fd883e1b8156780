"""Casting: how a ballot enters the urn (SEI-17 to SEI-20; sei.md, "Ballot, urn, receipt").

Ballots are checked in parallel and enter one at a time over all urns (`Participation.turn`). Order of the
commit: (1) everything about the ballot is checked, (2) the ballot and its event are appended and durable,
(3) the person is marked, (4) the receipt is given. A crash between (2) and (3) is harmless: marks are derived
from the urns when the service starts. Step (2) compares first: an urn that was closed meanwhile, by whichever
thread, is read again and takes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keys.group import Group
from tally.archive import members
from tally.ballot import MAX_BALLOT_BYTES, Ballot
from tally.calendar import Calendar
from tally.checking import BallotChecker
from tally.election import Election
from tally.errors import CastingRefusal, StoreMoved
from tally.events import Event
from tally.ports import ArchiveStore, Participation
from tally.public_credentials import PublicCredentials
from tally.urna import Step, UrnaRecord, make_link

EMPTY_URNA_LEGEND = (
    "EN ESTA UNIDAD TERRITORIAL NO SE REGISTRARON PROYECTOS ESPECÍFICOS A DEFINIR EN LA CONSULTA DE "
    "PRESUPUESTO PARTICIPATIVO {year}"
)
"""Source 000, section 7.4 d)."""

SUCCESS_LEGEND = "Su opinión ha sido enviada exitosamente"
"""Source 000, section 7.4 e)."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person gets for a ballot in the urn; the same for every retry of the same bytes."""

    uuid: str
    height: int
    event: str
    tracker: str


class OpenUrna:
    """One urn that takes ballots. Rebuilt from its archive alone; holds no ballot in memory."""

    def __init__(
        self, group: Group, store: ArchiveStore, calendar: Calendar, participation: Participation
    ) -> None:
        self._store = store
        self._calendar = calendar
        self._participation = participation
        self._group = group
        self._receipts: dict[str, Receipt] = {}
        self._read()

    def _read(self) -> None:
        """Take in the archive from its beginning. Other threads see what was before or all of it."""
        record, end = UrnaRecord("urna"), 0
        with self._store.read() as stream:
            for member in members(stream, "urna"):
                step = record.advance(member)
                if step is not None:
                    self._take(step)
                    end = step.end
        self._record, self._end = record, end

    def _take(self, step: Step) -> None:
        if step.event.type == "Setup":
            self.election = Election.from_bytes(step.data["election"], "eleccion")
            listed = PublicCredentials.from_bytes(self._group, step.data["credentials"], "credenciales")
            self._checker = BallotChecker(self._group, self.election, listed)
        elif step.event.type == "Ballot":
            ballot = Ballot.from_bytes(step.data["ballot"], "boleta", self._group.order)
            self._keep(ballot, step.event.height, step.event.hash)

    @property
    def count(self) -> int:
        """Ballots in the urn."""
        return len(self._receipts)

    def cast(self, data: bytes, now: datetime) -> Receipt:
        """Take one ballot, at the instant `now`. Raises Refusal; then nothing was recorded.

        A retry with the same bytes gets the same receipt, also after the closing: it changes nothing.
        """
        ballot = read_ballot(data, self._group.order)
        if (earlier := self._earlier(ballot)) is not None:
            return earlier
        self._calendar.require_voting(now)
        self._require_open()
        self._checker.check(data, "boleta")
        with self._participation.turn():
            while True:
                try:
                    return self._earlier(ballot) or self._enter(ballot, data)
                except StoreMoved:
                    self._read()  # what another act added is checked like what this one knows

    def _earlier(self, ballot: Ballot) -> Receipt | None:
        """The receipt of the same bytes, when they are in the urn."""
        found = self._receipts.get(ballot.credential)
        return found if found is not None and found.tracker == ballot.tracker else None

    def _enter(self, ballot: Ballot, data: bytes) -> Receipt:
        """Add a checked ballot, with no other ballot at it. Raises StoreMoved when the urn was closed."""
        self._require_open()
        person = self._require_free(ballot)
        timestamp = self._record.timestamp or 0
        link = make_link(self._record.last, "Ballot", [data], timestamp)
        self._store.append(self._end, link.blocks)
        self._record.last = link.event
        self._end += len(link.blocks)
        self._participation.record(person, self.election.uuid, ballot.tracker)
        return self._keep(ballot, link.event.height, link.event.hash)

    def _keep(self, ballot: Ballot, height: int, event: str) -> Receipt:
        receipt = Receipt(self.election.uuid, height, event, ballot.tracker)
        self._receipts[ballot.credential] = receipt
        person = self._participation.person_of(self.election.uuid, ballot.credential)
        if person is not None and self._participation.opinion_of(person) is None:
            self._participation.record(person, self.election.uuid, ballot.tracker)
        return receipt

    def _require_open(self) -> None:
        require_open(self._record.last)

    def _require_free(self, ballot: Ballot) -> str:
        """The person of the credential, who has not taken part in this urn or another."""
        if ballot.credential in self._receipts:
            raise credential_used()
        person = self._participation.person_of(self.election.uuid, ballot.credential)
        if person is None:
            raise nobodys()
        if self._participation.opinion_of(person) is not None:
            raise already_opined()
        return person


def read_ballot(data: bytes, order: int) -> Ballot:
    """The form of a ballot. Raises CastingRefusal for its size, FormatRefusal."""
    if len(data) > MAX_BALLOT_BYTES:
        raise CastingRefusal("boleta.tamano", "boleta", f"a lo más {MAX_BALLOT_BYTES} bytes", len(data))
    return Ballot.from_bytes(data, "boleta", order)


def require_open(last: Event | None) -> None:
    """An urn whose last event is this one takes ballots. Raises CastingRefusal."""
    if last is None or last.type not in ("Setup", "Ballot"):
        raise CastingRefusal("urna.cerrada", "urna", "una urna abierta", "urna cerrada")


def credential_used() -> CastingRefusal:
    """Another ballot of the credential is in the urn."""
    return CastingRefusal("urna.credencial_usada", "boleta.credential", "una credencial sin usar", "ya usada")


def nobodys() -> CastingRefusal:
    """A credential that is listed, and was issued to nobody."""
    return CastingRefusal("urna.persona", "boleta.credential", "la credencial de una persona", "de nadie")


def already_opined() -> CastingRefusal:
    """The person's opinion is in this urn or another one (SEI-20)."""
    return CastingRefusal("urna.persona", "boleta", "una persona que no ha opinado", "ya opinó")
