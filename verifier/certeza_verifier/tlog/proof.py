"""Proofs that travel with what they prove (C2SP tlog-proof)."""

from __future__ import annotations

from dataclasses import dataclass

from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS
from certeza_verifier.tlog import merkle
from certeza_verifier.tlog.checkpoint import Checkpoint, decimal, parse_checkpoint
from certeza_verifier.tlog.note import decode64, encode64, lines_of

_RULE = "prueba-forma"
HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the entry is, hashes from the leaf upward, and the checkpoint. Nobody signs `extra`."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    extra: bytes | None = None

    def render(self) -> bytes:
        """The same proof in bytes."""
        extra = [] if self.extra is None else [f"extra {encode64(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(encode64, self.hashes), "", ""]
        return "\n".join(lines).encode() + self.checkpoint.note.render()

    def verify(self, entry: bytes) -> list[bytes]:
        """Hashes from the leaf of `entry` to the root of the checkpoint, or the Failure."""
        size, root, hashed = self.checkpoint.size, self.checkpoint.root, merkle.leaf(entry)
        return merkle.verify_inclusion(self.index, size, hashed, root, self.hashes)


def parse_proof(data: bytes, place: str, line: int = 1) -> Proof:
    """A proof in its exact form; `line` is the number of its first line in the file."""
    text = lines_of(data, LIMITS.proof, place, _RULE)
    head, blank, _ = text.partition("\n\n")
    lines = head.split("\n")

    def refuse(number: int, expected: str) -> Failure:
        got = lines[number] if number < len(lines) else "fin de la prueba"
        return Failure(_RULE, f"{place}, línea {line + number}", expected, got)

    if lines[0] != HEADER:
        raise refuse(0, HEADER)
    at, extra = 1, None
    if lines[1:] and lines[1].startswith("extra "):
        at, extra = 2, decode64(lines[1].removeprefix("extra "))
        if extra is None:
            raise refuse(1, "extra base64")
    word = lines[at] if at < len(lines) else ""
    index = decimal(word.removeprefix("index "))
    if not word.startswith("index ") or index is None:
        raise refuse(at, "index número")
    hashes = [decode64(text) for text in lines[at + 1 :]]
    if len(hashes) > LIMITS.proof_hashes:
        got = len(hashes)
        raise Failure("bitacora-tamano", place, f"{LIMITS.proof_hashes} hashes como máximo", got)
    good = [value for value in hashes if value is not None and len(value) == merkle.SIZE]
    if len(good) != len(hashes):
        bad = next(i for i, value in enumerate(hashes) if value is None or len(value) != merkle.SIZE)
        raise refuse(at + 1 + bad, "base64 de 32 bytes")
    if not blank:
        raise refuse(len(lines), "línea vacía y checkpoint")
    checkpoint = parse_checkpoint(data[len(head.encode()) + 2 :], f"{place}, checkpoint")
    return Proof(index, tuple(good), checkpoint, extra)
