"""Archives taken apart and put together again: what a cheat would do, with every hash made to fit.

Written from the specification, without the verifier's own reader and writer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = Any


def dump(value: Json) -> bytes:
    """Compact JSON as Belenios writes it (for texts without control characters)."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def header(name: str, size: int, timestamp: int) -> bytes:
    block = bytearray(512)
    block[: len(name)] = name.encode()
    block[100:148] = b"0000644\x000000000\x000000000\x00%011o\x00%011o\x00" % (size, timestamp)
    block[148:157] = b"        0"
    block[148:156] = b"%06o\x00 " % sum(block)
    return bytes(block)


def member(name: str, content: bytes, timestamp: int) -> bytes:
    return header(name, len(content), timestamp) + content + bytes(-len(content) % 512)


@dataclass
class Parts:
    """An election as its messages; `tally` None while open, `closed` says whether EndBallots is there."""

    election: bytes
    trustees: bytes
    credentials: bytes
    ballots: list[bytes] = field(default_factory=list)
    closed: bool = False
    tally: bytes | None = None
    sized: tuple[int, int] = (0, 0)
    shares: list[tuple[int, bytes]] = field(default_factory=list)
    result: bytes | None = None
    timestamp: int = 1795310115


@dataclass
class Writer:
    """Members in order. `members` may be edited before `render`."""

    timestamp: int
    members: list[tuple[str, bytes]] = field(default_factory=list)
    parent: str | None = None
    height: int = 0

    def data(self, content: bytes) -> str:
        self.members.append(("data", content))
        return sha(content)

    def event(self, kind: str, payload: str | None) -> str:
        value: dict[str, Json] = {} if self.parent is None else {"parent": self.parent}
        value |= {"height": self.height, "type": kind}
        if payload is not None:
            value["payload"] = payload
        content = dump(value)
        self.members.append(("event", content))
        self.parent, self.height = sha(content), self.height + 1
        return self.parent

    def render(self) -> bytes:
        head = f'{{"version":1,"timestamp":"{self.timestamp}"}}'.encode()
        out = [member("BELENIOS", head, self.timestamp)]
        out += [member(f"{sha(c)}.{kind}.json", c, self.timestamp) for kind, c in self.members]
        return b"".join(out)


def written(weight: int) -> int | str:
    """A weight as Belenios writes it: a number up to 2^30 - 1, a string above."""
    return weight if weight < 2**30 else str(weight)


def write(parts: Parts) -> Writer:
    """The archive of the parts, with every hash computed anew."""
    w = Writer(parts.timestamp)
    names = ("election", "trustees", "credentials")
    hashes = {name: w.data(getattr(parts, name)) for name in names}
    w.event("Setup", w.data(dump(hashes)))
    for ballot in parts.ballots:
        w.event("Ballot", w.data(ballot))
    if parts.closed:
        w.event("EndBallots", None)
    if parts.tally is not None:
        count, weight = parts.sized
        tally = w.data(parts.tally)
        sized = {"num_tallied": count, "total_weight": written(weight), "encrypted_tally": tally}
        w.event("EncryptedTally", w.data(dump(sized)))
    for owner, share in parts.shares:
        w.event("PartialDecryption", w.data(dump({"owner": owner, "payload": w.data(share)})))
    if parts.result is not None:
        w.event("Result", w.data(parts.result))
    return w


def split(archive: bytes) -> list[tuple[str, bytes]]:
    """(name, content) of every member."""
    out, at = [], 0
    while at < len(archive):
        name = archive[at : at + 100].rstrip(b"\0").decode()
        size = int(archive[at + 124 : at + 135], 8)
        out.append((name, archive[at + 512 : at + 512 + size]))
        at += 512 + size + -size % 512
    return out


def read(path: Path) -> Parts:
    """The parts of an archive that another program wrote."""
    members = split(path.read_bytes())
    store = {name[:64]: content for name, content in members[1:]}
    parts = Parts(*[content for _, content in members[1:4]])
    parts.timestamp = int(json.loads(members[0][1])["timestamp"])
    for name, content in members:
        if not name.endswith(".event.json"):
            continue
        event = json.loads(content)
        payload = store.get(event.get("payload", ""))
        if event["type"] == "Ballot":
            parts.ballots.append(payload)
        elif event["type"] == "EndBallots":
            parts.closed = True
        elif event["type"] == "EncryptedTally":
            sized = json.loads(payload)
            parts.tally = store[sized["encrypted_tally"]]
            parts.sized = (sized["num_tallied"], int(sized["total_weight"]))
        elif event["type"] == "PartialDecryption":
            owned = json.loads(payload)
            parts.shares.append((owned["owner"], store[owned["payload"]]))
        elif event["type"] == "Result":
            parts.result = payload
    return parts


def edited(message: bytes, change: Callable[[Json], Json | None]) -> bytes:
    """A message with its JSON value changed in place (or replaced by what `change` returns)."""
    value = json.loads(message)
    got = change(value)
    return dump(value if got is None else got)
