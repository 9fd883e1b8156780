"""The log: durable appends, waiting for a proof, verifying proofs, bytes of tiles; and the peers."""

from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ledger.appender import Appender
from ledger.limits import Pace
from ledger.lock_sqlite import SqliteLock
from ledger.note import verify_note
from ledger.ports import CheckpointLock
from ledger.reading import Prover
from ledger.sequencer import Identity, Sequencer, Submission, create_log
from ledger.store_folder import FolderStorage
from ledger.tree import leaf_hash
from ledger.vkey import Ed25519Signer
from tools.bench.measure import program
from tools.bench.tables import Row

ORIGIN = "banco.example/log"
PER_SECOND = 200
"""What, figure with its unit, remark."""


def _identity() -> Identity:
    return Identity(ORIGIN, (Ed25519Signer(ORIGIN, bytes(range(32))),))


def _entry(number: int) -> bytes:
    return b"certeza/apoyo/v1\n" + hashlib.sha256(str(number).encode()).hexdigest().encode()


def rows(folder: Path, entries: int) -> Iterator[Row]:
    """Everything that this machine can measure. PostgreSQL when $CERTEZA_POSTGRES names one."""
    for name, lock in _locks(folder):
        root = folder / f"log-{name}"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        storage = FolderStorage(root)
        create_log(storage, lock, _identity())
        sequencer = Sequencer(storage, lock, _identity())
        with Appender(sequencer, storage, Pace(pending_entries=entries + 1)) as log:
            yield from _appends(log, name, entries)
            yield from _waits(log, name)
        if name == "sqlite":
            yield from _reading(storage, sequencer, root)
    yield from _peers(folder, min(entries, 2_000))


def verified(folder: Path, entries: int) -> Row:
    """A log of so many entries, made anew, and verified whole by the independent verifier."""
    root = folder / f"log-de-{entries}"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for old in folder.glob(f"{root.name}.sqlite*"):
        old.unlink()
    storage, lock = FolderStorage(root), SqliteLock(folder / f"{root.name}.sqlite")
    create_log(storage, lock, _identity())
    sequencer = Sequencer(storage, lock, _identity())
    batch = Pace().batch_entries
    for first in range(0, entries, batch):
        numbers = range(first, min(first + batch, entries))
        sequencer.append([Submission(f"{i}".encode(), _entry(i)) for i in numbers])
    sequencer.close()
    vkey = Ed25519Signer(ORIGIN, bytes(range(32))).key.encode()
    run = program(["certeza-verify", "bitacora", root, "--llave", vkey, "--sin-progreso"])
    shutil.rmtree(root)
    figure = f"{run.wall:.1f} s, {run.peak:.0f} MiB"
    return f"verify a whole log of {entries:,} entries", figure, f"{entries / run.wall:,.0f} a second"


def _locks(folder: Path) -> Iterator[tuple[str, CheckpointLock]]:
    path = folder / "candado.sqlite"
    for old in folder.glob("candado.sqlite*"):
        old.unlink()
    yield "sqlite", SqliteLock(path)
    conninfo = os.environ.get("CERTEZA_POSTGRES")
    if conninfo is None:
        print("AVISO: sin CERTEZA_POSTGRES no se mide PostgreSQL")
        return
    import psycopg

    from ledger.lock_postgres import PostgresLock

    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS ledger_state, ledger_keys")
    yield "postgresql", PostgresLock(conninfo, ORIGIN)


def _appends(log: Appender, name: str, entries: int) -> Iterator[Row]:
    begun = time.perf_counter()
    futures = [log.add(f"a{i}".encode(), _entry(i)) for i in range(entries)]
    for future in futures:
        future.result(120)
    seconds = time.perf_counter() - begun
    yield f"durable appends, {name} and folder", f"{entries / seconds:,.0f} a second", f"{entries:,} entries"


def _waits(log: Appender, name: str, seconds: int = 8) -> Iterator[Row]:
    """Callers that each wait for their proof, at a steady pace."""

    def one(number: int) -> float:
        begun = time.perf_counter()
        log.add_and_wait(f"w{number}".encode(), _entry(-1 - number))
        return time.perf_counter() - begun

    with ThreadPoolExecutor(PER_SECOND) as pool:
        begun = time.perf_counter()
        waiting = []
        for number in range(PER_SECOND * seconds):
            time.sleep(max(0.0, begun + number / PER_SECOND - time.perf_counter()))
            waiting.append(pool.submit(one, number))
        times = sorted(w.result() for w in waiting)
    figure = f"p50 {statistics.median(times):.2f} s, p99 {times[int(len(times) * 0.99)]:.2f} s"
    yield f"add and wait for the proof at {PER_SECOND} a second, {name}", figure, f"{len(times):,} callers"


def _reading(storage: FolderStorage, sequencer: Sequencer, root: Path) -> Iterator[Row]:
    signed = sequencer.published
    size = signed.head.size
    prover = Prover(storage)
    wanted = [(i * 7919) % min(size, 10_000) for i in range(1_000)]
    leaves = {i: leaf_hash(_entry(i)) for i in wanted}
    proofs = [prover.inclusion(i, leaves[i], signed) for i in wanted]
    verifiers = [s.verifier for s in _identity().signers]
    begun = time.perf_counter()
    for proof in proofs:
        proof.verify_leaf(leaves[proof.index])
        verify_note(proof.checkpoint.note, verifiers)
    each = (time.perf_counter() - begun) / len(proofs)
    yield "verify a proof and its checkpoint's signature", f"{1 / each:,.0f} a second", f"tree of {size:,}"
    tiles = [f for f in (root / "tile").rglob("*") if f.is_file() and "entries" not in f.parts]
    partial = sum(f.stat().st_size for f in tiles if f.parent.suffix == ".p")
    whole = sum(f.stat().st_size for f in tiles) - partial
    yield "tile bytes an entry, beside the entry", f"{whole / size:.1f}", f"and {partial:,} of partial tiles"


def _peers(folder: Path, entries: int) -> Iterator[Row]:
    """pymerkle over SQLite, merkletools in memory: neither signs, publishes or keeps keys apart."""
    try:
        from pymerkle import SqliteTree
    except ImportError:
        print("AVISO: sin pymerkle no se mide")
    else:
        (folder / "pymerkle.sqlite").unlink(missing_ok=True)
        with SqliteTree(str(folder / "pymerkle.sqlite")) as tree:
            begun = time.perf_counter()
            for i in range(entries):
                tree.append_entry(_entry(i))
            seconds = time.perf_counter() - begun
        yield (
            "peer: pymerkle, its SQLite backend",
            f"{entries / seconds:,.0f} a second",
            "no checkpoints, no tiles",
        )
    try:
        from merkletools import MerkleTools
    except ImportError:
        print("AVISO: sin merkletools no se mide")
        return
    tools = MerkleTools(hash_type="sha256")
    begun = time.perf_counter()
    for i in range(entries):
        tools.add_leaf(_entry(i).decode(), do_hash=True)
    tools.make_tree()
    seconds = time.perf_counter() - begun
    remark = "in memory, one tree at the end, no domain separation"
    yield "peer: merkletools", f"{entries / seconds:,.0f} a second", remark
