"""Keys and a small signed log for the tests. Nothing here is secret."""

from __future__ import annotations

from ledger.checkpoint import Checkpoint, SignedCheckpoint, parse_signed
from ledger.cosignature import Ed25519Cosigner, MlDsa44Cosigner
from ledger.growth import Edge, grow
from ledger.note import Signature, sign_note
from ledger.sequencer import Identity
from ledger.vkey import Ed25519Signer

ORIGIN = "ejemplo.mx/bitacora"
LOG = Ed25519Signer(ORIGIN, b"bitacora".ljust(32, b"."))
IDENTITY = Identity(ORIGIN, (LOG,))
WITNESSES = [Ed25519Cosigner(f"testigo{i}.ejemplo.mx", bytes([i]) * 32) for i in range(1, 4)]
TIME = 1_733_000_000


def cosigned(text: str, cosigner: Ed25519Cosigner | MlDsa44Cosigner, time: int = TIME) -> Signature:
    """The signature line of a witness."""
    return Signature(cosigner.key.name, cosigner.key.key_id, cosigner.cosign(text, time))


def signed_log(entries: list[bytes], witnesses: int = 0) -> SignedCheckpoint:
    """The signed checkpoint over these entries, cosigned by the first witnesses."""
    peaks = grow(Edge(), entries).edge.peaks
    note = sign_note(Checkpoint(ORIGIN, peaks.size, peaks.root()).encode(), [LOG])
    note = note.with_signatures(cosigned(note.text, w) for w in WITNESSES[:witnesses])
    return parse_signed(note.encode())
