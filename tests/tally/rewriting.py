"""Taking an archive apart and writing it again with every hash downstream remade.

Written from the specification alone, so that an archive changed on purpose fails only the check aimed at.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

SETUP = ("election", "trustees", "credentials", "setup")
ROLES: dict[str, tuple[str, ...]] = {
    "Setup": SETUP,
    "Ballot": ("ballot",),
    "EndBallots": (),
    "EncryptedTally": ("tally", "sized"),
    "PartialDecryption": ("partial", "owned"),
    "Result": ("result",),
}
# Which fields of the last data of an event are the hashes of the data before it.
REFERENCES = {
    "setup": {"election": "election", "trustees": "trustees", "credentials": "credentials"},
    "sized": {"encrypted_tally": "tally"},
    "owned": {"payload": "partial"},
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def compact(value: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def base64_hash(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def tar_member(name: bytes, content: bytes, timestamp: int, changed: dict[str, bytes] | None = None) -> bytes:
    """One member; `changed` replaces header fields by name, checksum computed afterwards unless given."""
    fields = {
        "name": name.ljust(100, b"\0"),
        "mode": b"0000644\0",
        "uid": b"0000000\0",
        "gid": b"0000000\0",
        "size": b"%011o\0" % len(content),
        "mtime": b"%011o\0" % timestamp,
        "checksum": b" " * 8,
        "typeflag": b"0",
        "rest": b"".ljust(355, b"\0"),
    }
    changed = changed or {}
    for key, value in changed.items():
        fields[key] = value.ljust(len(fields[key]), b"\0")
    if "checksum" not in changed:
        fields["checksum"] = b"%06o\0 " % sum(b"".join(fields.values()))
    return b"".join(fields.values()) + content + bytes(-len(content) % 512)


@dataclass
class Piece:
    """One event: its type and the data before it by role. `event`, when set, changes the event's bytes."""

    type: str
    data: dict[str, bytes]
    event: Callable[[bytes], bytes] | None = None
    fixed: frozenset[str] = frozenset()
    """Roles whose bytes are written as they are: no reference in them is remade."""


@dataclass
class Plan:
    """An archive as a header and pieces."""

    header: bytes
    timestamp: int
    pieces: list[Piece] = field(default_factory=list)

    def copy(self) -> Plan:
        return deepcopy(self)

    def until(self, index: int) -> Plan:
        """The same, ending with piece `index`."""
        made = self.copy()
        del made.pieces[index + 1 :]
        return made

    def find(self, kind: str, number: int = 0) -> int:
        """Index of the `number`-th piece of a type."""
        return [i for i, p in enumerate(self.pieces) if p.type == kind][number]

    def members(self) -> list[tuple[bytes, bytes]]:
        """(name, content) of every member, references remade."""
        found = [(b"BELENIOS", self.header)]
        parent = None
        for height, piece in enumerate(self.pieces):
            data = referred(piece)
            found += [(sha256(d).encode() + b".data.json", d) for d in data.values()]
            event: dict[str, Any] = {} if parent is None else {"parent": parent}
            event |= {"height": height, "type": piece.type}
            if data:
                event["payload"] = sha256(list(data.values())[-1])
            content = compact(event)
            content = piece.event(content) if piece.event else content
            parent = sha256(content)
            found.append((parent.encode() + b".event.json", content))
        return found

    def write(self) -> bytes:
        """The archive."""
        return write_members(self.members(), self.timestamp)


def write_members(members: list[tuple[bytes, bytes]], timestamp: int) -> bytes:
    return b"".join(tar_member(name, content, timestamp) for name, content in members)


def referred(piece: Piece) -> dict[str, bytes]:
    """The data of a piece, with the hashes of one in another remade."""
    data = dict(piece.data)
    for role, fields in REFERENCES.items():
        if role in data and role not in piece.fixed:
            value = json.loads(data[role])
            data[role] = compact(value | {f: sha256(data[r]) for f, r in fields.items()})
    return data


def read_members(archive: bytes) -> list[tuple[bytes, bytes]]:
    """(name, content) of every member of a right archive."""
    found, at = [], 0
    while at < len(archive):
        size = int(archive[at + 124 : at + 135], 8)
        found.append((archive[at : at + 100].rstrip(b"\0"), archive[at + 512 : at + 512 + size]))
        at += 512 + size + -size % 512
    return found


def take_apart(archive: bytes) -> Plan:
    """The plan that writes `archive` again, byte by byte."""
    members = read_members(archive)
    plan = Plan(members[0][1], int(json.loads(members[0][1])["timestamp"]))
    waiting: list[bytes] = []
    for name, content in members[1:]:
        if name.endswith(b".data.json"):
            waiting.append(content)
            continue
        kind = json.loads(content)["type"]
        plan.pieces.append(Piece(kind, dict(zip(ROLES[kind], waiting, strict=True))))
        waiting = []
    return plan
