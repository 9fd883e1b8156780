"""One log that this process writes: entries in, proofs out, published in a folder of static files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from api.public_log.recent import Recent
from keys import atomic_file
from ledger.appender import Appender
from ledger.checkpoint import Checkpoint
from ledger.errors import NotPublished
from ledger.limits import Pace
from ledger.policy import NO_QUORUM, Log, Policy
from ledger.policy_text import encode_policy, parse_policy
from ledger.ports import CheckpointLock, TileStorage
from ledger.proof import LogProof
from ledger.reading import read_checkpoint
from ledger.sequencer import Identity, Placed, Sequencer, create_log
from ledger.store_folder import FolderStorage
from ledger.vkey import Ed25519Signer
from ledger.witness_http import post
from ledger.witnessed import WitnessedStorage

POLICY = "politica.txt"
RECENT = 4096
"""Entries whose place is remembered: who asks for an acuse after its record went in does not wait again."""


@dataclass(frozen=True, slots=True)
class LogPlace:
    """`folder` is published as it is; `policy` is a file of witnesses, or None for a log without any."""

    folder: Path
    lock: CheckpointLock
    signer: Ed25519Signer
    policy: Path | None
    pace: Pace
    wait_seconds: float


class PublicLog:
    """Owned by one process; entries from any thread. Raises AnotherSequencer where another one owns it."""

    def __init__(self, place: LogPlace) -> None:
        place.folder.mkdir(parents=True, exist_ok=True)
        storage = FolderStorage(place.folder)
        identity = Identity(place.signer.name, (place.signer,))
        if place.lock.load() is None:
            create_log(storage, place.lock, identity)
        self.policy = _policy(place)
        atomic_file.replace(place.folder / POLICY, encode_policy(self.policy))
        self._witnessed = WitnessedStorage(storage, self.policy, post) if self.policy.witnesses else None
        written: TileStorage = self._witnessed or storage
        self.key = place.signer.key
        self._storage = written
        sequencer = Sequencer(written, place.lock, identity, place.pace)
        self._appender = Appender(sequencer, written, place.pace)
        self._wait = place.wait_seconds
        self._recent = Recent(RECENT)

    def start(self) -> None:
        """Begin to take entries."""
        self._appender.start()

    def close(self) -> None:
        """Seal what waits and let the log go."""
        self._appender.close()

    def require_open(self) -> None:
        """Raises LogStopped when it takes no entries any more."""
        self._appender.require_open()

    def add(self, key: bytes, entry: bytes) -> Future[Placed]:
        """See `ledger.appender.Appender.add`. One that was placed lately is done at once."""
        if (placed := self._recent.get(key, entry)) is not None:
            done = Future[Placed]()
            done.set_result(placed)
            return done
        future = self._appender.add(key, entry)
        future.add_done_callback(lambda future: self._recent.keep(key, future))
        return future

    def add_and_wait(self, key: bytes, entry: bytes) -> Placed:
        """Where the entry is, once its checkpoint is published. Raises what `add` and its future do."""
        try:
            return self.add(key, entry).result(self._wait)
        except TimeoutError:
            raise self._late() from None

    async def added(self, key: bytes, entry: bytes) -> Placed:
        """`add_and_wait` for coroutines: no thread waits meanwhile."""
        try:
            async with asyncio.timeout(self._wait):
                return await asyncio.wrap_future(self.add(key, entry))
        except TimeoutError:
            raise self._late() from None

    def _late(self) -> NotPublished:
        expected = f"publicar en {self._wait} s"
        return NotPublished("secuenciador.tiempo", "bitácora", expected, "sigue en espera")

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> list[int]:
        """Add many; the index of each once all are published. See `capture.records.leaves.Log`."""
        futures = [self.add(key, entry) for key, entry in entries]
        return [future.result(self._wait).index for future in futures]

    @property
    def head(self) -> Checkpoint:
        """What is published now: size and root. Raises Refusal or OSError."""
        return read_checkpoint(self._storage).head

    def prove(self, placed: Placed) -> LogProof:
        """The proof of an entry under a published checkpoint, with its cosignatures where there are any."""
        prover = self._witnessed or self._appender
        return prover.prove(placed)


def _policy(place: LogPlace) -> Policy:
    own = Log(place.signer.key)
    if place.policy is None:
        return Policy((own,), (), (), NO_QUORUM)
    given = parse_policy(place.policy.read_bytes(), str(place.policy))
    return Policy((own,), given.witnesses, given.groups, given.quorum)
