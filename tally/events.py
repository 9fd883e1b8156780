"""Events of an urn: the hash chain, and which event may follow which (one table)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from keys import canonical
from keys.errors import FormatRefusal
from tally.archive import sha256

EventType = Literal["Setup", "Ballot", "EndBallots", "EncryptedTally", "PartialDecryption", "Result"]
FIELDS = ("parent", "height", "type", "payload")

# The specification's "typical sequence" and nothing else; only ballots and shares come more than once.
FOLLOWERS: dict[EventType | None, frozenset[EventType]] = {
    None: frozenset({"Setup"}),
    "Setup": frozenset({"Ballot", "EndBallots"}),
    "Ballot": frozenset({"Ballot", "EndBallots"}),
    "EndBallots": frozenset({"EncryptedTally"}),
    "EncryptedTally": frozenset({"PartialDecryption", "Result"}),
    "PartialDecryption": frozenset({"PartialDecryption", "Result"}),
    "Result": frozenset(),
}
WITHOUT_PAYLOAD = frozenset({"EndBallots"})


@dataclass(frozen=True, slots=True)
class Event:
    """One link. `parent` is the SHA-256 of the previous event's bytes, None at height 0."""

    height: int
    type: EventType
    parent: str | None
    payload: str | None

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        fields: dict[str, object] = {} if self.parent is None else {"parent": self.parent}
        fields |= {"height": self.height, "type": self.type}
        if self.payload is not None:
            fields["payload"] = self.payload
        return canonical.encode_bytes(fields)

    @property
    def hash(self) -> str:
        """SHA-256 of the bytes: what the next event calls its parent."""
        return sha256(self.data)

    @classmethod
    def from_bytes(cls, data: bytes, place: str) -> Event:
        """Read strictly; the bytes must be canonical. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, FIELDS, ("parent", "payload"))
        if fields["type"] not in get_args(EventType):
            raise FormatRefusal(
                "cadena.tipo", f"{place}.type", " | ".join(get_args(EventType)), fields["type"]
            )
        parent, payload = fields.get("parent"), fields.get("payload")
        event = cls(
            height=canonical.small_int(fields["height"], f"{place}.height"),
            type=fields["type"],
            parent=None if parent is None else canonical.digest(parent, f"{place}.parent"),
            payload=None if payload is None else canonical.digest(payload, f"{place}.payload"),
        )
        canonical.require_same(data, event.data.decode(), place)
        return event


def following(last: Event | None, kind: EventType, payload: str | None) -> Event:
    """The next link of the chain. Raises FormatRefusal when `kind` may not follow."""
    event = Event(0 if last is None else last.height + 1, kind, None if last is None else last.hash, payload)
    require_follows(last, event, "evento")
    return event


def require_follows(last: Event | None, event: Event, place: str) -> None:
    """`event` is a right next link after `last`. Raises FormatRefusal with the rule that is broken."""
    before = None if last is None else last.type
    expected_parent = None if last is None else last.hash
    expected_height = 0 if last is None else last.height + 1
    if event.parent != expected_parent:
        raise FormatRefusal("cadena.padre", f"{place}.parent", expected_parent, event.parent)
    if event.height != expected_height:
        raise FormatRefusal("cadena.altura", f"{place}.height", expected_height, event.height)
    if event.type not in FOLLOWERS[before]:
        allowed = " o ".join(sorted(FOLLOWERS[before])) or "ningún evento"
        raise FormatRefusal("cadena.orden", f"{place}.type", allowed, event.type)
    if (event.type in WITHOUT_PAYLOAD) != (event.payload is None):
        expected = "ausente" if event.type in WITHOUT_PAYLOAD else "un hash"
        raise FormatRefusal("cadena.contenido", f"{place}.payload", expected, event.payload)
