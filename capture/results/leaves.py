"""Proofs of acuses out of the published log; the idempotency key of an acuse is its folio."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from capture.records.record import Record
from capture.results.errors import ResultsRefusal
from ledger.acuse import entry_of
from ledger.checkpoint import SignedCheckpoint
from ledger.ports import Keyed, TileStorage
from ledger.proof import LogProof
from ledger.reading import Prover, read_checkpoint
from ledger.tree import leaf_hash

Known = Callable[[Sequence[bytes]], Mapping[bytes, Keyed]]


class PublishedLeaves:
    """`known`: `CheckpointLock.known` of the log. The checkpoint is the one published when this is made."""

    def __init__(self, storage: TileStorage, known: Known) -> None:
        self._known = known
        self._prover = Prover(storage)
        self._checkpoint = read_checkpoint(storage)

    @property
    def checkpoint(self) -> SignedCheckpoint:
        """See Leaves."""
        return self._checkpoint

    def count(self, records: Sequence[Record]) -> int:
        """How many of them have their own leaf below the checkpoint."""
        return sum(self._index(record, keyed) is not None for record, keyed in self._found(records))

    def prove(self, records: Sequence[Record]) -> list[LogProof]:
        """See Leaves."""
        return [self._proof(record, keyed) for record, keyed in self._found(records)]

    def _found(self, records: Sequence[Record]) -> list[tuple[Record, Keyed | None]]:
        found = self._known([record.folio.encode() for record in records])
        return [(record, found.get(record.folio.encode())) for record in records]

    def _index(self, record: Record, keyed: Keyed | None) -> int | None:
        leaf = leaf_hash(entry_of(record.codigo))
        if keyed is None or keyed.leaf != leaf or keyed.index >= self._checkpoint.head.size:
            return None
        return keyed.index

    def _proof(self, record: Record, keyed: Keyed | None) -> LogProof:
        index = self._index(record, keyed)
        if keyed is None or index is None:
            place = f"registro {record.folio}"
            raise ResultsRefusal("resultados.hoja", place, "su acuse en la bitácora publicada", "ninguno")
        return self._prover.inclusion(index, keyed.leaf, self._checkpoint)
