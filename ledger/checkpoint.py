"""Checkpoints (C2SP tlog-checkpoint): the size and root of a log, as the text of a signed note. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import FormatRefusal
from ledger.fields import decode_decimal, decode_hash, encode_base64
from ledger.limits import MAX_EXTENSIONS, MAX_ORIGIN_BYTES, MAX_TREE_SIZE
from ledger.note import Note, parse_note, require_text
from ledger.tree import EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: log origin, leaves, root hash and the extension lines, which nobody audits."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def encode(self) -> str:
        """The note text. Raises FormatRefusal when the values have no canonical text."""
        text = "".join(
            f"{line}\n" for line in (self.origin, self.size, encode_base64(self.root), *self.extensions)
        )
        if parse_checkpoint(text) != self:
            raise FormatRefusal("checkpoint.texto", "checkpoint", "valores de una línea cada uno", text)
        return text


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A note whose text is a checkpoint. Its signatures have not been verified."""

    note: Note
    head: Checkpoint

    def encode(self) -> bytes:
        """The bytes of the note."""
        return self.note.encode()


def parse_checkpoint(text: str, place: str = "checkpoint") -> Checkpoint:
    """Read a checkpoint's text. Raises FormatRefusal naming the line."""
    require_text(text, place)
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3:
        raise FormatRefusal("checkpoint.lineas", place, "al menos 3 líneas", f"{len(lines)} líneas")
    if len(lines) > 3 + MAX_EXTENSIONS:
        raise FormatRefusal("limite.extensiones", place, f"a lo más {MAX_EXTENSIONS}", len(lines) - 3)
    for number, line in enumerate(lines, 1):
        if not line:
            raise FormatRefusal("checkpoint.vacia", f"{place}, línea {number}", "una línea no vacía", "vacía")
    require_origin(lines[0], f"{place}, línea 1")
    size = decode_decimal(lines[1], f"{place}, línea 2", 0, MAX_TREE_SIZE)
    root = decode_hash(lines[2], f"{place}, línea 3")
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


def require_origin(origin: str, place: str) -> str:
    """A log's origin: one non-empty line of bounded length."""
    if not origin or "\n" in origin or len(origin.encode()) > MAX_ORIGIN_BYTES:
        expected = f"origen en una línea de 1 a {MAX_ORIGIN_BYTES} bytes"
        raise FormatRefusal("checkpoint.origen", place, expected, origin)
    return origin


def parse_signed(data: bytes, place: str = "checkpoint") -> SignedCheckpoint:
    """Read a signed checkpoint. Raises FormatRefusal naming the line."""
    note = parse_note(data, place)
    return SignedCheckpoint(note, parse_checkpoint(note.text, place))


def empty_checkpoint(origin: str) -> Checkpoint:
    """The first checkpoint of a log."""
    return Checkpoint(origin, 0, EMPTY_ROOT)
