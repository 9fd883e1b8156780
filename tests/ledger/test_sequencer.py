"""What the sequencer promises its callers, and the states it refuses to go on from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from ledger.errors import FormatRefusal, KeyReused, Refusal, SignatureRefusal, StateRefusal, TreeRefusal
from ledger.limits import Pace
from ledger.lock_sqlite import SqliteLock
from ledger.ports import Committed
from ledger.reading import Prover, fetch_from, read_checkpoint
from ledger.sequencer import Identity, Placed, Sequencer, Submission, create_log
from ledger.tiles import Tile
from ledger.tree_check import verify_consistency
from ledger.vkey import Ed25519Signer

from .faults import MemoryStorage, audit, entries_of, submission, submissions
from .signing import IDENTITY, ORIGIN


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[SqliteLock]:
    lock = SqliteLock(tmp_path / "lock.db")
    yield lock
    lock.release()


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def sequencer(storage: MemoryStorage, lock: SqliteLock) -> Sequencer:
    create_log(storage, lock, IDENTITY)
    return Sequencer(storage, lock, IDENTITY)


def placed(outcomes: list[Placed | KeyReused]) -> list[Placed]:
    assert all(isinstance(outcome, Placed) for outcome in outcomes)
    return [outcome for outcome in outcomes if isinstance(outcome, Placed)]


def test_a_new_log_publishes_its_empty_tree(sequencer: Sequencer, storage: MemoryStorage) -> None:
    assert list(storage.files) == ["checkpoint"]
    assert sequencer.published.head == read_checkpoint(storage).head
    assert sequencer.published.head.size == 0


def test_the_same_key_keeps_its_index(sequencer: Sequencer, storage: MemoryStorage) -> None:
    first = placed(sequencer.append([submission(0), submission(1), submission(0)]))
    assert [p.index for p in first] == [0, 1, 0]
    before = dict(storage.files)
    again = placed(sequencer.append([submission(1)]))
    assert (again[0].index, again[0].checkpoint.head.size) == (1, 2)
    assert storage.files == before, "nada nuevo: ningún checkpoint nuevo"
    assert placed(sequencer.append([submission(2), submission(1)]))[1].index == 1


def test_a_key_with_another_entry_is_refused_alone(sequencer: Sequencer) -> None:
    sequencer.append([submission(0)])
    other = Submission(submission(0).key, b"otra")
    outcomes = sequencer.append([submission(1), other, Submission(b"clave 1", b"otra")])
    assert isinstance(outcomes[0], Placed)
    assert [str(o).split("[")[1] for o in outcomes[1:]] == ["entrada.clave]"] * 2
    assert sequencer.published.head.size == 2


def test_the_keys_outlive_the_process(sequencer: Sequencer, storage: MemoryStorage, tmp_path: Path) -> None:
    sequencer.append(submissions(5)[0])
    sequencer.close()
    again = Sequencer(storage, SqliteLock(tmp_path / "lock.db"), IDENTITY)
    assert [p.index for p in placed(again.append([submission(4), submission(9), submission(0)]))] == [4, 5, 0]
    again.close()


@pytest.mark.parametrize(("key", "entry"), [(b"", b"x"), (b"k" * 256, b"x"), (b"k", b"x" * 65_536)])
def test_submissions_have_limits(key: bytes, entry: bytes) -> None:
    with pytest.raises(FormatRefusal):
        Submission(key, entry)


def test_the_largest_entries(sequencer: Sequencer, storage: MemoryStorage) -> None:
    sequencer.append([Submission(b"k" * 255, b"x" * 65_535), Submission(b"l", b"")])
    assert entries_of(storage)[1] == [b"x" * 65_535, b""]


@pytest.mark.req("VER-01")
def test_proofs_are_for_the_signed_size(sequencer: Sequencer, storage: MemoryStorage) -> None:
    outcomes: list[Placed] = []
    for batch in submissions(1, 255, 1, 300, 70):
        outcomes += placed(sequencer.append(batch))
    prover = Prover(storage)
    for outcome in outcomes[::5]:
        proof = prover.inclusion(outcome.index, outcome.leaf, outcome.checkpoint)
        proof.verify_leaf(outcome.leaf)
        assert proof.checkpoint.head.size > outcome.index
    roots = {o.checkpoint.head.size: o.checkpoint.head.root for o in outcomes}
    for old, new in zip(roots, list(roots)[1:], strict=False):
        verify_consistency(old, new, roots[old], roots[new], prover.consistency(old, new))


def test_a_proof_out_of_altered_tiles_is_never_given(sequencer: Sequencer, storage: MemoryStorage) -> None:
    outcome = placed(sequencer.append(submissions(3)[0]))[1]
    prover = Prover(storage)
    good = storage.files["tile/0/000.p/3"]
    storage.files["tile/0/000.p/3"] = bytes(96)
    with pytest.raises(TreeRefusal):
        prover.inclusion(outcome.index, outcome.leaf, outcome.checkpoint)
    storage.files["tile/0/000.p/3"] = good
    prover.inclusion(outcome.index, outcome.leaf, outcome.checkpoint)
    storage.files["tile/0/000.p/3"] = good[:-1]
    with pytest.raises(Refusal, match=r"tile/0/000\.p/3.*96 bytes.*95 bytes"):
        Prover(storage).inclusion(outcome.index, outcome.leaf, outcome.checkpoint)


def test_partial_tiles_go_and_readers_fall_back_to_full_ones(
    storage: MemoryStorage, lock: SqliteLock, tmp_path: Path
) -> None:
    create_log(storage, lock, IDENTITY)
    sequencer = Sequencer(storage, lock, IDENTITY, Pace(keep_partials=4))
    outcomes = [placed(sequencer.append(batch)) for batch in submissions(*[100] * 12)]
    kept = [path for path in storage.files if ".p/" in path]
    assert "tile/0/000.p/100" not in kept
    assert "tile/entries/000.p/100" not in kept
    assert len(kept) < 24
    prover = Prover(storage)
    for batch in outcomes:
        prover.inclusion(batch[0].index, batch[0].leaf, batch[0].checkpoint)
    fetch = fetch_from(storage)
    assert fetch(Tile(0, 0, 100)) == storage.files["tile/0/000"][:3200]
    assert storage.files["tile/entries/000"].startswith(fetch(Tile(-1, 0, 100)))
    with pytest.raises(Refusal, match=r"tile/0/007\.p/9.*la tesela parcial o la completa"):
        fetch(Tile(0, 7, 9))
    sequencer.close()
    Sequencer(storage, SqliteLock(tmp_path / "lock.db"), IDENTITY).close()
    entries_of(storage)


def test_a_log_is_created_once(
    sequencer: Sequencer, storage: MemoryStorage, lock: SqliteLock, tmp_path: Path
) -> None:
    sequencer.append([submission(0)])
    with pytest.raises(StateRefusal, match=r"candado.*bitacora\.existe"):
        create_log(storage, lock, IDENTITY)
    with pytest.raises(StateRefusal, match=r"checkpoint publicado.*bitacora\.existe"):
        create_log(storage, SqliteLock(tmp_path / "otro.db"), IDENTITY)


def test_a_log_that_was_never_created_is_not_opened(storage: MemoryStorage, lock: SqliteLock) -> None:
    with pytest.raises(StateRefusal, match=r"bitacora\.vacia"):
        Sequencer(storage, lock, IDENTITY)


def test_another_identity_does_not_open_it(
    sequencer: Sequencer, storage: MemoryStorage, lock: SqliteLock
) -> None:
    with pytest.raises(StateRefusal, match=r"otra\.mx.*bitacora\.origen"):
        Sequencer(storage, lock, Identity("otra.mx", IDENTITY.signers))
    with pytest.raises(SignatureRefusal, match=r"candado.*nota\.desconocida"):
        Sequencer(storage, lock, Identity(ORIGIN, (Ed25519Signer(ORIGIN, b"x" * 32),)))


def test_a_storage_of_another_log_is_refused(
    sequencer: Sequencer, storage: MemoryStorage, lock: SqliteLock
) -> None:
    signer = Ed25519Signer(ORIGIN, b"x" * 32)
    head = Checkpoint(ORIGIN, 0, sequencer.published.head.root)
    storage.put_checkpoint("checkpoint", Identity(ORIGIN, (signer,)).sign(head))
    with pytest.raises(SignatureRefusal, match="checkpoint"):
        Sequencer(storage, lock, IDENTITY)


@pytest.mark.req("VER-02")
def test_a_lock_restored_from_an_old_copy_cannot_fork(
    sequencer: Sequencer, storage: MemoryStorage, tmp_path: Path
) -> None:
    sequencer.append([submission(0)])
    shutil.copy(tmp_path / "lock.db", tmp_path / "old.db")
    shutil.copy(tmp_path / "lock.db-wal", tmp_path / "old.db-wal")
    sequencer.append([submission(1)])
    with pytest.raises(StateRefusal, match=r"a lo más el tamaño 1.*2.*candado\.viejo"):
        Sequencer(storage, SqliteLock(tmp_path / "old.db"), IDENTITY)


def test_a_published_fork_is_found(sequencer: Sequencer, storage: MemoryStorage, lock: SqliteLock) -> None:
    sequencer.append([submission(0)])
    storage.put_checkpoint("checkpoint", IDENTITY.sign(Checkpoint(ORIGIN, 1, bytes(32))))
    with pytest.raises(StateRefusal, match=r"bitacora\.bifurcada"):
        Sequencer(storage, lock, IDENTITY)


def test_a_batch_in_the_lock_that_is_not_the_signed_one_is_refused(
    sequencer: Sequencer, storage: MemoryStorage, lock: SqliteLock
) -> None:
    sequencer.append([submission(0)])
    state = lock.load()
    assert isinstance(state, Committed)
    lock.commit(state.checkpoint, replace(state, entries=(b"otra",)), {})
    with pytest.raises(StateRefusal, match=r"candado\.lote"):
        Sequencer(storage, lock, IDENTITY)


def test_a_checkpoint_that_storage_lost_is_published_again(
    sequencer: Sequencer, storage: MemoryStorage, lock: SqliteLock
) -> None:
    sequencer.append([submission(0)])
    del storage.files["checkpoint"]
    Sequencer(storage, lock, IDENTITY)
    assert audit(storage, {b"clave 0": 0}, []) == [b"entrada 0"]
