"""The proofs of a package in one file: a line a record, all under the checkpoint that lies beside it. Pure.

`folio código índice hash hash …`, base64, in order of the folios.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from capture.results.errors import PackageRefusal
from ledger.acuse import entry_of
from ledger.checkpoint import SignedCheckpoint
from ledger.fields import decode_decimal, decode_hash, encode_base64
from ledger.limits import MAX_PROOF_HASHES, MAX_TREE_SIZE
from ledger.proof import LogProof
from ledger.tree import leaf_hash

CHECKPOINT = "bitacora/checkpoint"
PROOFS = "bitacora/pruebas.txt"
MAX_LINE_BYTES = 4096


def line(folio: str, code: str, proof: LogProof) -> bytes:
    """One line."""
    return " ".join([folio, code, str(proof.index), *map(encode_base64, proof.hashes)]).encode() + b"\n"


def verify_lines(lines: Iterable[bytes], checkpoint: SignedCheckpoint) -> Iterator[tuple[str, str, int]]:
    """Folio, code and index of each line, its proof verified. Raises Refusal naming the line."""
    last = ""
    for number, raw in enumerate(lines, 1):
        place = f"{PROOFS}, línea {number}"
        folio, code, proof = _parse(raw, checkpoint, place)
        if folio <= last:
            raise PackageRefusal("paquete.orden", place, f"un folio después de {last}", folio)
        proof.verify_leaf(leaf_hash(entry_of(code)))
        yield folio, code, proof.index
        last = folio


def _parse(raw: bytes, checkpoint: SignedCheckpoint, place: str) -> tuple[str, str, LogProof]:
    words = raw.decode("ascii", "replace").removesuffix("\n").split(" ")
    if len(raw) > MAX_LINE_BYTES or not 3 <= len(words) <= 3 + MAX_PROOF_HASHES:
        raise PackageRefusal("paquete.prueba", place, "folio, código, índice y hashes", "otra cosa")
    index = decode_decimal(words[2], place, 0, MAX_TREE_SIZE - 1)
    hashes = tuple(decode_hash(word, place) for word in words[3:])
    return words[0], words[1], LogProof(index, hashes, checkpoint)
