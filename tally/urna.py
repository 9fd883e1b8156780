"""One urn as its public record tells it: sans-io, fed with archive members, one step per event.

What is enforced here is structure: the chain, its order, that each event's data came just before it in
the order of the specification, that nothing else is in the archive. What the payloads say is checked by
`audit` and `casting`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from keys.errors import FormatRefusal
from tally.archive import Member, header, pack, sha256
from tally.decryption import OwnedPartialDecryption
from tally.election import SetupData
from tally.encrypted_tally import SizedTally
from tally.events import Event, EventType, following, require_follows


@dataclass(frozen=True, slots=True)
class Step:
    """One event with what it refers to, by name.

    Setup: election, trustees, credentials. Ballot: ballot. EncryptedTally: sized, tally.
    PartialDecryption: owned, partial. Result: result.
    """

    event: Event
    data: dict[str, bytes]
    end: int
    """Offset in the archive just after the event."""


@dataclass
class UrnaRecord:
    """Reads an archive member by member. `place` names the archive in refusals."""

    place: str
    last: Event | None = None
    timestamp: int | None = None
    _pending: dict[str, bytes] = field(default_factory=dict)

    def advance(self, member: Member) -> Step | None:
        """Take the next member; the step it completes if it is an event. Raises FormatRefusal."""
        if member.kind == "header":
            self.timestamp = member.timestamp
            return None
        if member.kind == "data":
            if member.hash in self._pending:
                raise FormatRefusal(
                    "archivo.repetido", f"{self.place}, byte {member.offset}", "un dato nuevo", member.hash
                )
            self._pending[member.hash] = member.content
            return None
        height = 0 if self.last is None else self.last.height + 1
        where = f"{self.place} › evento {height}"
        event = Event.from_bytes(member.content, where)
        require_follows(self.last, event, where)
        arrived = list(self._pending)
        data = self._referred(event, where)
        if self._pending:
            raise FormatRefusal(
                "archivo.sobrante",
                where,
                "sólo los datos a los que el evento se refiere",
                next(iter(self._pending)),
            )
        _require_order(arrived, event, data, where)
        self.last = event
        return Step(event, data, member.end)

    def finish(self) -> None:
        """Nothing may be left over at the end. Raises FormatRefusal."""
        if self._pending:
            raise FormatRefusal(
                "archivo.sobrante", f"{self.place} › fin", "un evento", next(iter(self._pending))
            )
        if self.last is None:
            raise FormatRefusal("cadena.orden", self.place, "un evento Setup", "ningún evento")

    def _take(self, digest: str, where: str) -> bytes:
        found = self._pending.pop(digest, None)
        if found is None:
            raise FormatRefusal("cadena.contenido", where, f"el dato {digest} antes del evento", "no está")
        return found

    def _referred(self, event: Event, where: str) -> dict[str, bytes]:
        if event.payload is None:
            return {}
        payload = self._take(event.payload, f"{where} › payload")
        match event.type:
            case "Setup":
                setup = SetupData.from_bytes(payload, f"{where} › setup_data")
                names = {n: getattr(setup, n) for n in ("election", "trustees", "credentials")}
                return {n: self._take(h, f"{where} › {n}") for n, h in names.items()}
            case "EncryptedTally":
                sized = SizedTally.from_bytes(payload, f"{where} › sized_encrypted_tally")
                return {
                    "sized": payload,
                    "tally": self._take(sized.encrypted_tally, f"{where} › encrypted_tally"),
                }
            case "PartialDecryption":
                owned = OwnedPartialDecryption.from_bytes(payload, f"{where} › owned")
                return {
                    "owned": payload,
                    "partial": self._take(owned.payload, f"{where} › partial_decryption"),
                }
            case _:
                return {event.type.lower(): payload}


def _require_order(arrived: list[str], event: Event, data: dict[str, bytes], where: str) -> None:
    """The payload came last, and what it refers to before it, in the order of its fields."""
    if event.payload is None:
        return
    referred = [digest for digest in map(sha256, data.values()) if digest != event.payload]
    if arrived != [*referred, event.payload]:
        expected = "los datos en el orden de la especificación"
        raise FormatRefusal("archivo.orden", where, expected, "otro orden")


@dataclass(frozen=True, slots=True)
class Link:
    """An event to append: its blocks (data first, event last) and the event."""

    event: Event
    blocks: bytes


def setup_archive(election: bytes, trustees: bytes, credentials: bytes, timestamp: int) -> Link:
    """The first bytes of an urn's archive, up to its Setup event."""
    setup = SetupData(sha256(election), sha256(trustees), sha256(credentials))
    link = make_link(None, "Setup", [election, trustees, credentials, setup.data], timestamp)
    return Link(link.event, header(timestamp) + link.blocks)


def make_link(last: Event | None, kind: EventType, data: list[bytes], timestamp: int) -> Link:
    """The next event with its data; the last of `data` is the event's payload."""
    event = following(last, kind, sha256(data[-1]) if data else None)
    blocks = b"".join(pack("data", d, timestamp) for d in data) + pack("event", event.data, timestamp)
    return Link(event, blocks)
