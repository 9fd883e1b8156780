"""The public log of a rehearsal: every event of every urn and every act, as soon as it happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from types import TracebackType

from api.demo.plan import Plan
from api.demo.screen import Advance
from api.demo.witnesses import RehearsalWitnesses
from ledger.checkpoint import Checkpoint
from ledger.errors import KeyReused
from ledger.limits import Pace
from ledger.lock_sqlite import SqliteLock
from ledger.policy import Policy
from ledger.policy_text import encode_policy
from ledger.sequencer import Identity, Sequencer, Submission, create_log
from ledger.store_folder import FolderStorage
from ledger.vkey import Ed25519Signer
from ledger.witness_client import Attester, Standing, standing
from tally.consultation import Consultation, LogReference, Urn
from tally.errors import StoreError
from tally.journal import act_entry, events_of, urn_entry
from tally.public_folder import PublicFolder

ORIGIN = "certeza.example"
SEED_BYTES = 32
POLICY = "politica.txt"


class RehearsalLog:
    """The log's only writer while the rehearsal lasts. A context manager."""

    def __init__(self, plan: Plan) -> None:
        self._public = PublicFolder(plan.public)
        seed = plan.randomness("bitacora").below(2 ** (8 * SEED_BYTES)).to_bytes(SEED_BYTES, "big")
        signer = Ed25519Signer(f"{ORIGIN}/{plan.id}", seed)
        identity = Identity(signer.name, (signer,))
        root = plan.public / "log"
        root.mkdir(parents=True)
        storage = FolderStorage(root)
        lock = SqliteLock(plan.output / "bitacora.sqlite")
        create_log(storage, lock, identity)
        self._sequencer = Sequencer(storage, lock, identity)
        self._witnesses = RehearsalWitnesses(plan, signer.key)
        known, group = self._witnesses.known, self._witnesses.group
        self._policy = Policy((self._witnesses.log,), known, (group,), group.name)
        self._storage = storage
        policy = encode_policy(self._policy)
        self._public.write(root / POLICY, policy)
        self.reference = LogReference(signer.key.encode(), hashlib.sha256(policy).hexdigest())
        self._heights: dict[str, int] = {}

    @property
    def head(self) -> Checkpoint:
        """What the log last signed."""
        return self._sequencer.published.head

    def act(self, kind: str, instant: datetime, document: bytes) -> None:
        """Add one administrative act with the hash of its document."""
        self._append([act_entry(kind, instant, hashlib.sha256(document).hexdigest())])

    def acts(self, kinds: Sequence[tuple[str, str]], instant: datetime) -> None:
        """Add several acts of one instant: (kind, hash)."""
        self._append([act_entry(kind, instant, digest) for kind, digest in kinds])

    def attest(self, instant: datetime) -> Standing:
        """Have the witnesses cosign what the log last signed, and publish it with their signatures."""
        self._witnesses.instant = instant
        round_ = Attester(self._storage, self._policy, self._witnesses.post).attest()
        return standing(self._policy, round_.checkpoint)

    def follow(self, consultation: Consultation, progress: Advance) -> None:
        """Add what the urns' archives hold and the log does not yet."""
        urns = consultation.urns
        waiting: list[tuple[bytes, bytes]] = []
        for done, urn in enumerate(urns, start=1):
            waiting += self._new_events(urn)
            if len(waiting) >= Pace().batch_entries:
                self._append(waiting)
                waiting = []
            progress(done, len(urns))
        self._append(waiting)

    def _new_events(self, urn: Urn) -> Iterator[tuple[bytes, bytes]]:
        known = self._heights.get(urn.uuid, 0)
        with self._public.open_urn(urn) as stream:
            for event in events_of(stream, urn.file, known):
                self._heights[urn.uuid] = event.height + 1
                yield urn_entry(urn.uuid, event)

    def _append(self, entries: Sequence[tuple[bytes, bytes]]) -> None:
        for outcome in self._sequencer.append([Submission(key, entry) for key, entry in entries]):
            if isinstance(outcome, KeyReused):
                raise StoreError("log", str(outcome)) from outcome

    def __enter__(self) -> RehearsalLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sequencer.close()
