"""Checkpoints and the signatures on them: the log's own and those of witnesses (C2SP tlog-checkpoint,
tlog-cosignature).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from certeza_verifier.errors import Failure
from certeza_verifier.tlog import merkle
from certeza_verifier.tlog.note import ED25519, ML_DSA, Key, Note, Signature, decode64, parse_note, signed

_DECIMAL = re.compile("0|[1-9][0-9]{0,18}")


def decimal(text: str) -> int | None:
    """A number from 0 to 2^63 - 1 in its only spelling; None for anything else."""
    if not _DECIMAL.fullmatch(text):
        return None
    value = int(text)
    return value if value <= merkle.LARGEST else None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: `size` entries with that root."""

    origin: str
    size: int
    root: bytes
    note: Note
    place: str

    @property
    def text(self) -> str:
        """The note, as evidence."""
        return self.note.render().decode()


def parse_checkpoint(data: bytes, place: str) -> Checkpoint:
    """A checkpoint in its exact form. Nothing is verified yet."""
    note = parse_note(data, place)
    lines = note.text.decode().split("\n")[:-1]
    for number, line in enumerate(lines, 1):
        if not line:
            raise Failure("checkpoint-forma", f"{place}, línea {number}", "una línea no vacía", "vacía")
    if len(lines) < 3:
        raise Failure("checkpoint-forma", place, "origen, tamaño y raíz", f"{len(lines)} líneas")
    size, root = decimal(lines[1]), decode64(lines[2])
    if size is None:
        raise Failure("checkpoint-forma", f"{place}, línea 2", "tamaño decimal", lines[1])
    if root is None or len(root) != merkle.SIZE:
        raise Failure("checkpoint-forma", f"{place}, línea 3", "base64 de 32 bytes", lines[2])
    return Checkpoint(lines[0], size, root, note, place)


@dataclass(frozen=True, slots=True)
class Signed:
    """What the lines of a known key are worth: `time` of a cosignature; `checked` False for ML-DSA-44, which
    this program cannot verify.
    """

    key: Key
    checked: bool
    time: int | None = None


def signature_of(checkpoint: Checkpoint, key: Key) -> Signed | None:
    """The signature of a key; None when it did not sign. Raises `nota-firma` when any of its lines is wrong:
    a known key with a bad signature spoils the whole note.
    """
    found = [_checked(checkpoint, key, line) for line in checkpoint.note.of(key)]
    return found[0] if found else None


def _checked(checkpoint: Checkpoint, key: Key, line: Signature) -> Signed:
    where = f"{checkpoint.place}, línea {line.line}, llave {key.name}"
    if key.kind == ML_DSA:
        if len(line.value) != 8 + 2420:
            raise Failure("nota-firma", where, "2428 bytes", len(line.value))
        return Signed(key, checked=False, time=_time(line, where))
    message, value, time = checkpoint.note.text, line.value, None
    if key.kind != ED25519:
        time = _time(line, where)
        message = f"cosignature/v1\ntime {time}\n".encode() + message
        value = value[8:]
    if not signed(key.public, message, value):
        raise Failure("nota-firma", where, "una firma válida", "una que no lo es")
    return Signed(key, checked=True, time=time)


def _time(line: Signature, where: str) -> int:
    time = int.from_bytes(line.value[:8], "big")
    if len(line.value) < 8 or time > merkle.LARGEST:
        raise Failure("nota-firma", where, "instante y firma", f"instante {time}, {len(line.value)} bytes")
    return time
