"""tlog-proof: all it takes, beside the entry and a policy, to verify offline that it was logged. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.checkpoint import SignedCheckpoint, parse_signed
from ledger.errors import FormatRefusal
from ledger.fields import decode_base64, decode_decimal, decode_hash, decode_utf8, encode_base64, require_size
from ledger.limits import MAX_EXTRA_BYTES, MAX_PROOF_BYTES, MAX_PROOF_HASHES, MAX_TREE_SIZE
from ledger.tree_check import verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"


@dataclass(frozen=True, slots=True)
class LogProof:
    """An entry's index, its inclusion proof (leaf's sibling first) and the checkpoint it leads to.

    `extra` is authenticated by nothing.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: SignedCheckpoint
    extra: bytes | None = None

    def encode(self) -> bytes:
        """The bytes of the `.tlog-proof` file."""
        lines = [HEADER]
        lines += [] if self.extra is None else [f"extra {encode_base64(self.extra)}"]
        lines += [f"index {self.index}", *map(encode_base64, self.hashes), "", ""]
        return "\n".join(lines).encode() + self.checkpoint.encode()

    def verify_leaf(self, leaf: bytes) -> None:
        """Refuse unless the proof leads from this leaf hash to the checkpoint's root.

        The checkpoint's signatures are another matter: `Policy.verify`. Raises TreeRefusal.
        """
        head = self.checkpoint.head
        verify_inclusion(self.index, head.size, leaf, self.hashes, head.root)


def parse_proof(data: bytes, place: str = "prueba") -> LogProof:
    """Read a proof. Raises FormatRefusal naming the line."""
    require_size(data, MAX_PROOF_BYTES, place)
    before, separator, note = data.partition(b"\n\n")
    if not separator:
        raise FormatRefusal("prueba.separador", place, "una línea vacía antes del checkpoint", "ninguna")
    lines = decode_utf8(before, place).split("\n")
    if lines.pop(0) != HEADER:
        raise FormatRefusal("prueba.encabezado", f"{place}, línea 1", HEADER, before.split(b"\n")[0])
    number = 2
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _extra(lines.pop(0), f"{place}, línea {number}")
        number += 1
    index = _index(lines.pop(0) if lines else "", f"{place}, línea {number}")
    if len(lines) > MAX_PROOF_HASHES:
        raise FormatRefusal("limite.hashes", place, f"a lo más {MAX_PROOF_HASHES} hashes", len(lines))
    hashes = [decode_hash(line, f"{place}, línea {number + i}") for i, line in enumerate(lines, 1)]
    checkpoint = parse_signed(note, f"{place}, checkpoint")
    return LogProof(index, tuple(hashes), checkpoint, extra)


def _extra(line: str, place: str) -> bytes:
    extra = decode_base64(line.removeprefix("extra "), place)
    require_size(extra, MAX_EXTRA_BYTES, place)
    return extra


def _index(line: str, place: str) -> int:
    if not line.startswith("index "):
        raise FormatRefusal("prueba.indice", place, "«index N»", line or "vacía")
    return decode_decimal(line.removeprefix("index "), place, 0, MAX_TREE_SIZE - 1)
