"""A witness that is killed (SIGKILL) while it answers; `test_witness_killed.py` looks at what it left.

    python killed_witness.py FOLDER before|after

The body of the request comes in through standard input. `before`: all is written, nothing committed.
`after`: committed, and the answer never leaves.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.witness import Answer, Decision, Held, Kept, Witness
from ledger.witness_store import SqliteWitnessStore


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class KilledStore(SqliteWitnessStore):
    """Dies at one of two moments."""

    when = ""

    def update(self, head: Checkpoint, decide: Callable[[Held], Decision]) -> Answer:
        answer = super().update(head, decide)
        if self.when == "after":
            die()
        return answer

    def _write(self, kept: Kept) -> None:
        super()._write(kept)
        if self.when == "before":
            die()


if __name__ == "__main__":
    store = KilledStore(Path(sys.argv[1]) / "testigo.db")
    store.when = sys.argv[2]
    Witness([Ed25519Cosigner("testigo1.ejemplo.mx", bytes([1]) * 32)], store).add_checkpoint(
        sys.stdin.buffer.read()
    )
