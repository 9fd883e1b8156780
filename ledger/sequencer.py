"""The single writer of a log: a batch becomes a signed, committed and published tree, or an error.

Order of a batch, and what a crash (or an error that leaves the outcome unknown) after each step means:

 1. recover      if the last batch was not published to the end, publish it first (below).
 2. known keys   look them up in the lock. Nothing is written: a crash loses only the call.
 3. grow, sign   in memory. A checkpoint that is never committed never leaves this process.
 4. lock.commit  THE commit point: one trusted transaction compares the old checkpoint and stores the new
                 one, the batch itself and its keys. Before it nothing happened; after it the batch is in
                 the log for good, though nobody outside can see it yet.
 5. bundles      immutable paths, and only of committed entries: since the batch is in the lock, writing
 6. tiles        them again gives the same bytes, so a crash in 5 to 7 is mended by doing 5 to 7 again.
 7. checkpoint   last, so that whoever reads it finds all it speaks of (readers never see a newer
                 checkpoint than tiles).
 8. answer       only now does the caller learn the index. A caller that got an error instead tries again
                 with the same key and gets the index of step 4, if there was one.

Recovery is the normal path from step 5: load the lock, read the edge of the tree as it was before the
batch from storage, hold it to the root in the lock, grow it by the batch in the lock, hold that to the
signed root, publish. It runs at every start and after every failure.

Two sequencers: the lock admits one at a time (`acquire`), and should two run all the same, the one whose
expected checkpoint is no longer there fails at step 4 with AnotherSequencer and stops for good. What it
had grown and signed was never published, since publishing comes after the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.bundles import require_entry
from ledger.checkpoint import Checkpoint, SignedCheckpoint, empty_checkpoint, parse_signed, require_origin
from ledger.errors import AnotherSequencer, FormatRefusal, KeyReused, LogStopped, StateRefusal, StorageRefusal
from ledger.growth import Edge, Growth, grow, read_edge
from ledger.limits import MAX_ENTRY_KEY_BYTES, Pace
from ledger.note import Signer, sign_note, verify_note
from ledger.partials import Partials
from ledger.ports import CheckpointLock, Committed, Keyed, TileStorage
from ledger.reading import fetch_from, read_checkpoint
from ledger.tiles import CHECKPOINT
from ledger.tree import leaf_hash


@dataclass(frozen=True, slots=True)
class Submission:
    """An entry and the idempotency key it is known by (1 to 255 bytes, never published)."""

    key: bytes
    entry: bytes

    def __post_init__(self) -> None:
        require_entry(self.entry, "entrada")
        if not 1 <= len(self.key) <= MAX_ENTRY_KEY_BYTES:
            expected = f"clave de 1 a {MAX_ENTRY_KEY_BYTES} bytes"
            raise FormatRefusal("entrada.clave", "entrada", expected, f"{len(self.key)} bytes")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entry is, and a published checkpoint that covers it."""

    index: int
    leaf: bytes
    checkpoint: SignedCheckpoint


@dataclass(frozen=True, slots=True)
class Identity:
    """What a log signs as. The first signer must be Ed25519 for the public witness network."""

    origin: str
    signers: tuple[Signer, ...]

    def sign(self, head: Checkpoint) -> bytes:
        """The signed note of a head of this log."""
        return sign_note(head.encode(), self.signers).encode()

    def verify(self, signed: SignedCheckpoint, place: str) -> None:
        """Refuse a checkpoint of another log or of other keys."""
        if signed.head.origin != self.origin:
            raise StateRefusal("bitacora.origen", place, self.origin, signed.head.origin)
        verify_note(signed.note, [signer.verifier for signer in self.signers], place)


def create_log(storage: TileStorage, lock: CheckpointLock, identity: Identity) -> None:
    """Commit the empty tree of a new log. Raises StateRefusal where there is a log, or was one."""
    require_origin(identity.origin, "bitácora")
    lock.acquire()
    if lock.load() is not None:
        raise StateRefusal("bitacora.existe", identity.origin, "un candado vacío", "el de una bitácora")
    if _published(storage) is not None:
        raise StateRefusal("bitacora.existe", identity.origin, "un almacén vacío", "un checkpoint publicado")
    lock.commit(None, Committed(identity.sign(empty_checkpoint(identity.origin)), 0), {})


class Sequencer:
    """Appends batches to an existing log. One thread at a time may use it (`ledger.appender` is one)."""

    def __init__(
        self, storage: TileStorage, lock: CheckpointLock, identity: Identity, pace: Pace | None = None
    ) -> None:
        """Take the log over and publish what an earlier crash left. Raises what `recover` does."""
        self._storage = storage
        self._lock = lock
        self._identity = identity
        self._partials = Partials((pace or Pace()).keep_partials)
        self._stopped: AnotherSequencer | None = None
        # What the lock may hold: the last state loaded or committed, and one that was being committed.
        self._states: tuple[Committed, ...] = ()
        # None while the storage may lack something that the lock holds.
        self._edge: Edge | None = None
        self._recovered()

    @property
    def published(self) -> SignedCheckpoint:
        """The last checkpoint this sequencer published."""
        return self._checkpoint

    @property
    def is_settled(self) -> bool:
        """Whether all that was committed is published."""
        return self._edge is not None

    def close(self) -> None:
        """Let another sequencer in."""
        self._lock.release()

    def append(self, batch: Sequence[Submission]) -> list[Placed | KeyReused]:
        """Sequence, commit and publish a batch; the outcome of each submission, in order.

        Raises AnotherSequencer or LogStopped when this sequencer must end, and whatever the lock or the
        storage raise otherwise; then the next call, even with an empty batch, recovers first.
        """
        edge, self._edge = self._recovered(), None  # a lock that fails to answer is loaded anew
        known = self._lock.known([s.key for s in batch])
        new: dict[bytes, bytes] = {}
        for submission in batch:
            if submission.key not in known:
                new.setdefault(submission.key, submission.entry)
        if new:
            leaves = enumerate(map(leaf_hash, new.values()), edge.size)
            keyed = {key: Keyed(*at) for key, at in zip(new, leaves, strict=True)}
            self._advance(edge, tuple(new.values()), keyed)
            known |= keyed
        else:
            self._edge = edge
        return [self._outcome(submission, known[submission.key]) for submission in batch]

    def _outcome(self, submission: Submission, keyed: Keyed) -> Placed | KeyReused:
        if (leaf := leaf_hash(submission.entry)) != keyed.leaf:
            return KeyReused("entrada.clave", f"entrada {keyed.index}", keyed.leaf.hex(), leaf.hex())
        return Placed(keyed.index, leaf, self._checkpoint)

    def _advance(self, edge: Edge, entries: tuple[bytes, ...], keyed: dict[bytes, Keyed]) -> None:
        growth = grow(edge, entries)
        root = growth.edge.peaks.root()
        note = self._identity.sign(Checkpoint(self._identity.origin, growth.edge.size, root))
        new = Committed(note, growth.edge.size, edge.size, edge.peaks.root(), entries)
        old = self._states[-1]
        self._states = (old, new)
        try:
            self._lock.commit(old.checkpoint, new, keyed)
        except AnotherSequencer as refusal:
            self._stopped = refusal
            raise
        self._publish(new, growth)

    def _publish(self, committed: Committed, growth: Growth) -> None:
        self._storage.put({tile.path: data for tile, data in growth.bundles})
        self._storage.put({tile.path: data for tile, data in growth.tiles})
        self._storage.put_checkpoint(CHECKPOINT, committed.checkpoint)
        self._checkpoint = parse_signed(committed.checkpoint)
        self._states, self._edge = (committed,), growth.edge
        tiles = (tile for tile, _ in (*growth.bundles, *growth.tiles))
        self._storage.delete([tile.path for tile in self._partials.published(tiles, committed.size)])

    def _recovered(self) -> Edge:
        """The edge of the published tree, after publishing what the lock holds if need be.

        Raises StateRefusal when lock and storage contradict each other, StorageRefusal when the storage
        lost what was published, AnotherSequencer when the lock moved without us.
        """
        if self._stopped is not None:
            refusal = self._stopped
            raise LogStopped("secuenciador.detenido", self._identity.origin, "ser el único", refusal.got)
        if self._edge is None:
            try:
                committed = self._load()
            except AnotherSequencer as refusal:
                self._stopped = refusal
                raise
            self._publish(committed, self._growth_of(committed))
        return self._edge_held()

    def _edge_held(self) -> Edge:
        assert self._edge is not None  # noqa: S101 - publishing sets it or raises
        return self._edge

    def _load(self) -> Committed:
        self._lock.acquire()
        committed = self._lock.load()
        origin = self._identity.origin
        if committed is None:
            raise StateRefusal("bitacora.vacia", origin, "una bitácora creada antes", "un candado vacío")
        expected = {state.checkpoint for state in self._states}
        if expected and committed.checkpoint not in expected:
            raise AnotherSequencer("secuenciador.otro", origin, "el estado que este dejó", "otro más nuevo")
        self._require_agreement(parse_signed(committed.checkpoint, "candado"))
        return committed

    def _require_agreement(self, held: SignedCheckpoint) -> None:
        """A published checkpoint beyond the lock means that the lock was restored from an old copy."""
        self._identity.verify(held, "candado")
        published = _published(self._storage)
        if published is None:
            return
        self._identity.verify(published, CHECKPOINT)
        place = f"{CHECKPOINT} publicado"
        if published.head.size > held.head.size:
            found = published.head.size
            raise StateRefusal("candado.viejo", place, f"a lo más el tamaño {held.head.size}", found)
        if published.head.size == held.head.size and published.head.root != held.head.root:
            raise StateRefusal("bitacora.bifurcada", place, held.head.root.hex(), published.head.root.hex())

    def _growth_of(self, committed: Committed) -> Growth:
        edge = read_edge(fetch_from(self._storage), committed.old_size, committed.old_root)
        growth = grow(edge, committed.entries)
        head = parse_signed(committed.checkpoint, "candado").head
        found = (growth.edge.size, growth.edge.peaks.root())
        if found != (head.size, head.root):
            raise StateRefusal("candado.lote", "candado", f"{head.size} {head.root.hex()}", found)
        return growth


def _published(storage: TileStorage) -> SignedCheckpoint | None:
    try:
        return read_checkpoint(storage)
    except StorageRefusal as refusal:
        if refusal.rule != "almacen.falta":
            raise
        return None
