"""Logs that may lie, and witnesses that watch them. Nothing here is secret."""

from __future__ import annotations

from pathlib import Path

from ledger.checkpoint import Checkpoint, SignedCheckpoint
from ledger.cosignature import Cosigner
from ledger.note import parse_note, sign_note, verify_note
from ledger.witness import Answer, Request, Witness
from ledger.witness_store import SqliteWitnessStore

from .signing import LOG, ORIGIN, TIME, WITNESSES
from .textbook import Textbook

KEY = WITNESSES[0]


class History:
    """One version of the log: `honest` up to `fork`, and then entries of its own."""

    def __init__(self, name: str, size: int, fork: int) -> None:
        self.entries = [f"entrada {i} {'' if i < fork else name}".encode() for i in range(size)]
        self.book = Textbook(self.entries)

    def head(self, size: int) -> Checkpoint:
        return Checkpoint(ORIGIN, size, self.book.root(size))

    def signed(self, size: int) -> SignedCheckpoint:
        head = self.head(size)
        return SignedCheckpoint(sign_note(head.encode(), [LOG]), head)

    def request(self, old: int, size: int) -> Request:
        proof = self.book.consistency(old, size) if 0 < old <= size else []
        return Request(old, tuple(proof), self.signed(size))


TRUE = History("verdadera", 40, 40)
FALSE = History("falsa", 40, 10)


def watching(folder: Path, name: str = "testigo.db") -> tuple[Witness, SqliteWitnessStore]:
    """A witness that follows the log, its clock stopped."""
    store = SqliteWitnessStore(folder / name)
    store.add_log(ORIGIN, LOG.key)
    return Witness([KEY], store, lambda: TIME), store


def require_cosigned(answer: Answer, signed: SignedCheckpoint) -> None:
    """A 200 whose lines, put after the checkpoint's text, are a note that the witness's key verifies."""
    assert answer.status == 200, answer
    note = parse_note(signed.note.text.encode() + b"\n" + answer.body)
    assert note.text == signed.note.text
    verify_note(note, [Cosigner(KEY.key)])
