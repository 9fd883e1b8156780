"""Tile storage whose checkpoints are cosigned before anybody sees them.

For a log that is being written: the sequencer publishes as always, and what it publishes carries at once the
cosignatures that its witnesses gave in time. A witness that is down or slow never stops the log: once a
quorum has cosigned the others are hardly waited for, and below it the checkpoint is published all the same,
which nobody may call «atestiguado» (`standing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.checkpoint import SignedCheckpoint, parse_signed
from ledger.policy import Policy
from ledger.ports import TileStorage
from ledger.proof import LogProof
from ledger.reading import Prover
from ledger.sequencer import Placed
from ledger.witness_client import Attestation, Attester, Post

SECONDS = 2.0
"""Deadline of each witness; they are asked at the same time. A batch waits at most this long."""
GRACE = 0.1
"""Seconds that a batch waits for the other witnesses once a quorum has cosigned."""


class WitnessedStorage:
    """A `TileStorage` over another one. Used by one thread, without a running event loop."""

    def __init__(self, storage: TileStorage, policy: Policy, post: Post, seconds: float = SECONDS) -> None:
        self._storage = storage
        self._attester = Attester(storage, policy, post, seconds, GRACE)
        self._prover = Prover(storage)
        self.last: Attestation | None = None
        """How it went with the witnesses for the checkpoint that was published last."""

    def put(self, files: Mapping[str, bytes]) -> None:
        """See `TileStorage`."""
        self._storage.put(files)

    def put_checkpoint(self, path: str, data: bytes) -> None:
        """Have the witnesses cosign, then publish. The tiles that their proofs need are there already."""
        made = self._attester.cosign(parse_signed(data))
        self._storage.put_checkpoint(path, made.checkpoint.encode())
        self.last = made

    def exchange_checkpoint(self, path: str, old: bytes, new: bytes) -> None:
        """See `TileStorage`."""
        self._storage.exchange_checkpoint(path, old, new)

    def get(self, path: str) -> bytes:
        """See `TileStorage`."""
        return self._storage.get(path)

    def delete(self, paths: Sequence[str]) -> None:
        """See `TileStorage`."""
        self._storage.delete(paths)

    def prove(self, placed: Placed) -> LogProof:
        """The proof of an entry under the checkpoint published last, with its cosignatures."""
        return self._prover.inclusion(placed.index, placed.leaf, self._covering(placed))

    def _covering(self, placed: Placed) -> SignedCheckpoint:
        published = self.last.checkpoint if self.last is not None else placed.checkpoint
        return published if published.head.size > placed.index else placed.checkpoint
