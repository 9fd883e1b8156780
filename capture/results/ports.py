"""What a package needs from outside: the records of a process in order, their data, and their proofs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from capture.processing.datos import Datos
from capture.records.record import Record
from ledger.checkpoint import SignedCheckpoint
from ledger.proof import LogProof


class Source(Protocol):
    """The records of one process as they are now; data and images are decrypted only when asked for."""

    def records(self, proceso: str) -> Iterator[Record]:
        """All of them, whatever their state, in order of their folios."""

    def data(self, record: Record) -> Datos | None:
        """What was read of the credential; None when nothing could be."""

    def images(self, record: Record) -> Mapping[str, bytes]:
        """The files of the body by name: `anverso.jpg`, `reverso.jpg`, `foto.jpg`, `firma.png`."""

    def acuse(self, record: Record) -> bytes:
        """The text of its acuse."""


class Leaves(Protocol):
    """The proofs of acuses, all under one checkpoint."""

    @property
    def checkpoint(self) -> SignedCheckpoint:
        """The checkpoint that they lead to."""

    def prove(self, records: Sequence[Record]) -> list[LogProof]:
        """One proof each, in order. Raises ResultsRefusal for a record whose acuse the log lacks."""
