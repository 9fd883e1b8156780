"""What the sequencer needs from outside, by how far it is trusted.

TileStorage is not trusted: it may lose, alter or serve back old bytes, and the worst it can do is make
the log stop. CheckpointLock is trusted: whoever can write it can make the log sign a fork.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.tree import EMPTY_ROOT


class TileStorage(Protocol):
    """Bytes by path. What a web server publishes as it is."""

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write resources that never change, durably once it returns.

        Each path is whole or absent at any moment. One that exists must hold the same bytes and is made
        durable again; raises StorageRefusal otherwise. After an OSError any part may have been written.
        """

    def put_checkpoint(self, path: str, data: bytes) -> None:
        """Replace the one resource that changes, atomically and durably."""

    def exchange_checkpoint(self, path: str, old: bytes, new: bytes) -> None:
        """`put_checkpoint`, but only over `old`, for whoever adds signatures to what is published.

        Raises StorageRefusal (rule `almacen.cambio`) when other bytes are there by now, and leaves them.
        """

    def get(self, path: str) -> bytes:
        """The bytes. Raises StorageRefusal (rule `almacen.falta`) when there are none."""

    def delete(self, paths: Sequence[str]) -> None:
        """Remove resources that clients no longer need, as far as it goes. Raises nothing."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The trusted state: the last signed checkpoint, and the batch that led to it.

    The batch stays until the next one replaces it, so that publishing can be done again from here.
    """

    checkpoint: bytes
    """The signed note."""
    size: int
    """Its tree size."""
    old_size: int = 0
    """The size before the batch; everything up to it is published."""
    old_root: bytes = EMPTY_ROOT
    entries: tuple[bytes, ...] = ()
    """The entries from `old_size` to `size`."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """What the lock remembers of an idempotency key: the entry's index and leaf hash."""

    index: int
    leaf: bytes


class CheckpointLock(Protocol):
    """One log's compare-and-swap state with its index of idempotency keys. Used by one thread at a time."""

    def acquire(self) -> None:
        """Become the log's only sequencer until `release` or the process ends; again is no error.

        Raises AnotherSequencer. This is for early and clear errors; what excludes a fork is `commit`.
        """

    def release(self) -> None:
        """Let another sequencer in, and close what is open."""

    def load(self) -> Committed | None:
        """The state as it is now, None before the log was created."""

    def commit(self, expected: bytes | None, new: Committed, keys: Mapping[bytes, Keyed]) -> None:
        """Replace the state and add keys in one durable transaction, if the checkpoint is still `expected`.

        Raises AnotherSequencer when it is not. After any other exception it may or may not have happened.
        """

    def known(self, keys: Sequence[bytes]) -> dict[bytes, Keyed]:
        """Those of `keys` that the log holds."""
