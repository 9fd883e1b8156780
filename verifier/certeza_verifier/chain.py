"""The chain of events and the data each one brings (specification, «Public data»; careful verifier, point 1).

The order is a table: Setup, Ballot*, EndBallots, EncryptedTally, PartialDecryption*, Result. The data of an
event come just before it, in the order of the specification, each once and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from certeza_verifier import canonical
from certeza_verifier.archive import Archive, Member
from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS

# type: (data members that come just before it, events that may follow)
EVENTS: dict[str, tuple[int, frozenset[str]]] = {
    "Setup": (4, frozenset({"Ballot", "EndBallots"})),
    "Ballot": (1, frozenset({"Ballot", "EndBallots"})),
    "EndBallots": (0, frozenset({"EncryptedTally"})),
    "EncryptedTally": (2, frozenset({"PartialDecryption"})),
    "PartialDecryption": (2, frozenset({"PartialDecryption", "Result"})),
    "Result": (1, frozenset()),
}
_FIRST = frozenset({"Setup"})

STAGES = {
    None: "vacia",
    "Setup": "instalada",
    "Ballot": "con-boletas",
    "EndBallots": "cerrada",
    "EncryptedTally": "sumada",
    "PartialDecryption": "en-apertura",
    "Result": "con-resultado",
}


@dataclass(frozen=True, slots=True)
class Event:
    """An event; `digest` is its own hash, which the next one carries as parent."""

    parent: str | None
    height: int
    type: str
    payload: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class Step:
    """An event with the data members that it brings."""

    event: Event
    data: tuple[Member, ...]
    end: int


def parse_event(data: bytes, digest: str) -> Event:
    """`event` in canonical form; parent and payload are absent or present, never null."""
    place = "event"
    value = canonical.load(data, place)
    names = [
        n for n in ("parent", "height", "type", "payload") if n in ("height", "type") or n in _keys(value)
    ]
    got = dict(zip(names, canonical.fields(value, names, place), strict=True))
    event = Event(
        canonical.digest(got["parent"], f"{place}.parent") if "parent" in got else None,
        canonical.integer(got["height"], f"{place}.height"),
        canonical.string(got["type"], f"{place}.type"),
        canonical.digest(got["payload"], f"{place}.payload") if "payload" in got else None,
        digest,
    )
    parent = "" if event.parent is None else f'"parent":"{event.parent}",'
    payload = "" if event.payload is None else f',"payload":"{event.payload}"'
    text = f'{{{parent}"height":{event.height},"type":{canonical.quote(event.type)}{payload}}}'
    canonical.same(data, text, place)
    return event


def _keys(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


class Chain:
    """Walks an archive event by event and holds what links one to the next."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.last: Event | None = None
        self.end = 0

    @property
    def stage(self) -> str:
        """How far the election has come."""
        return STAGES[self.last.type if self.last else None]

    def steps(self) -> Iterator[Step]:
        """Checked events in order. Raises Failure where the container or the chain breaks."""
        pending: list[Member] = []
        for member in self._archive.members():
            if member.kind == "data":
                self._room(pending, member)
                pending.append(member)
            else:
                step = Step(self._event(member), tuple(pending), self._archive.position)
                self._link(step)
                self.last, self.end, pending = step.event, step.end, []
                yield step
        self._complete(pending)

    def _room(self, pending: list[Member], member: Member) -> None:
        if len(pending) == max(count for count, _ in EVENTS.values()):
            raise Failure("cadena-huerfano", f"byte {member.offset}", "un evento", member.digest)

    def _event(self, member: Member) -> Event:
        return parse_event(self._archive.read(member, LIMITS.event, "event"), member.digest)

    def _link(self, step: Step) -> None:
        event, last = step.event, self.last
        allowed = EVENTS[last.type][1] if last else _FIRST
        if event.type not in allowed:
            raise Failure(
                "cadena-orden", f"evento {event.height}", " o ".join(sorted(allowed)) or "fin", event.type
            )
        if event.height != (last.height + 1 if last else 0):
            raise Failure("cadena-altura", "event.height", last.height + 1 if last else 0, event.height)
        if event.parent != (last.digest if last else None):
            raise Failure(
                "cadena-padre",
                "event.parent",
                last.digest if last else "sin padre",
                event.parent or "sin padre",
            )
        self._payload(step)

    def _payload(self, step: Step) -> None:
        count = EVENTS[step.event.type][0]
        if len(step.data) != count:
            rule = "cadena-huerfano" if len(step.data) > count else "cadena-carga"
            raise Failure(rule, f"evento {step.event.height}", f"{count} datos antes", len(step.data))
        expected = step.data[-1].digest if count else None
        if step.event.payload != expected:
            raise Failure(
                "cadena-carga", "event.payload", expected or "sin carga", step.event.payload or "sin carga"
            )

    def _complete(self, pending: list[Member]) -> None:
        if pending:
            raise Failure("cadena-huerfano", f"byte {pending[0].offset}", "un evento", pending[0].digest)
        if self.last is None:
            raise Failure("cadena-vacia", "", "Setup", "ningún evento")


def refers(place: str, got: str, member: Member) -> None:
    """The hash inside a message is the one of the data member that must come before it."""
    if got != member.digest:
        raise Failure("cadena-carga", place, member.digest, got)
