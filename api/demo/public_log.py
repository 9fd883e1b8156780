"""A public log of a rehearsal: its only writer, its folder, and the witnesses that cosign it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from api.demo.plan import Plan
from api.demo.witnesses import RehearsalWitnesses
from ledger.checkpoint import Checkpoint
from ledger.errors import KeyReused
from ledger.lock_sqlite import SqliteLock
from ledger.policy import Log, Policy
from ledger.policy_text import encode_policy
from ledger.reading import read_checkpoint
from ledger.sequencer import Identity, Placed, Sequencer, Submission, create_log
from ledger.store_folder import FolderStorage
from ledger.vkey import Ed25519Signer
from ledger.witness_client import Attester, Standing, standing
from tally.consultation import LogReference
from tally.errors import StoreError
from tally.public_folder import PublicFolder

ORIGIN = "certeza.example"
SEED_BYTES = 32
POLICY = "politica.txt"


class PublicLog:
    """The log of `publico/<name>/log`, created if need be. A context manager: its only writer."""

    def __init__(self, plan: Plan, witnesses: RehearsalWitnesses, name: str) -> None:
        seed = plan.randomness(f"bitacora/{name}").below(2 ** (8 * SEED_BYTES)).to_bytes(SEED_BYTES, "big")
        signer = Ed25519Signer(f"{ORIGIN}/{name}", seed)
        self.folder = plan.public_root / name / "log"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.storage = FolderStorage(self.folder)
        identity = Identity(signer.name, (signer,))
        lock = SqliteLock(_lock_file(plan, name))
        if lock.load() is None:
            create_log(self.storage, lock, identity)
        self._sequencer = Sequencer(self.storage, lock, identity)
        self._witnesses = witnesses
        witnesses.watch(signer.key)
        self.policy = Policy((Log(signer.key),), witnesses.known, (witnesses.group,), witnesses.group.name)
        data = encode_policy(self.policy)
        PublicFolder(self.folder).write(self.policy_file, data)
        self.reference = LogReference(signer.key.encode(), hashlib.sha256(data).hexdigest())

    @property
    def policy_file(self) -> Path:
        """The tlog-policy that the log's readers are given."""
        return self.folder / POLICY

    @property
    def head(self) -> Checkpoint:
        """What the log last signed."""
        return self._sequencer.published.head

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> list[Placed]:
        """Add entries as (key, entry) in one batch; where each of them is."""
        placed = []
        for outcome in self._sequencer.append([Submission(key, entry) for key, entry in entries]):
            if isinstance(outcome, KeyReused):
                raise StoreError("log", str(outcome)) from outcome
            placed.append(outcome)
        return placed

    def attest(self, instant: datetime) -> Standing:
        """Have the witnesses cosign what the log last signed, and publish it with their signatures."""
        self._witnesses.instant = instant
        Attester(self.storage, self.policy, self._witnesses.post).attest()
        return standing(self.policy, read_checkpoint(self.storage))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sequencer.close()


def _lock_file(plan: Plan, name: str) -> Path:
    folder = plan.output / "bitacoras"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.sqlite"
