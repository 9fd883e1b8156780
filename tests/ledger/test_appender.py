"""Many callers over one sequencer: pace, answers, errors, and what happens when publishing fails."""

from __future__ import annotations

import asyncio
import errno
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.appender import Appender
from ledger.cosignature import verifier_for
from ledger.errors import AnotherSequencer, FormatRefusal, KeyReused, LogStopped, NotPublished, Overloaded
from ledger.limits import Pace
from ledger.lock_sqlite import SqliteLock
from ledger.note import verify_note
from ledger.pool import Pool, Waiting
from ledger.proof import parse_proof
from ledger.sequencer import Sequencer, create_log
from ledger.store_folder import FolderStorage
from ledger.tree import leaf_hash

from .faults import MemoryStorage, audit, submission
from .signing import IDENTITY, LOG

QUICK = Pace(interval=0.05)


class Breakable(MemoryStorage):
    """A storage whose disk can be full."""

    full = False

    def put(self, files: Mapping[str, bytes]) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().put(files)


@pytest.fixture
def storage() -> Breakable:
    return Breakable()


@pytest.fixture
def sequencer(storage: Breakable, tmp_path: Path) -> Sequencer:
    lock = SqliteLock(tmp_path / "lock.db")
    create_log(storage, lock, IDENTITY)
    return Sequencer(storage, lock, IDENTITY)


@pytest.fixture
def appender(sequencer: Sequencer, storage: Breakable) -> Iterator[Appender]:
    with Appender(sequencer, storage, QUICK) as appender:
        yield appender


@pytest.mark.req("VER-01")
def test_add_and_wait_gives_a_proof_that_verifies_offline(appender: Appender) -> None:
    for i in range(5):
        proof = parse_proof(appender.add_and_wait(b"k%d" % i, b"entrada %d" % i).encode())
        proof.verify_leaf(leaf_hash(b"entrada %d" % i))
        verify_note(proof.checkpoint.note, [verifier_for(LOG.key)])
        assert proof.index == i < proof.checkpoint.head.size


def test_on_real_files_within_a_second(tmp_path: Path) -> None:
    storage, lock = FolderStorage(tmp_path / "log"), SqliteLock(tmp_path / "lock.db")
    create_log(storage, lock, IDENTITY)
    with Appender(Sequencer(storage, lock, IDENTITY), storage) as appender:
        before = time.monotonic()
        futures = [appender.add(submission(i).key, submission(i).entry) for i in range(1500)]
        assert sorted(f.result(20).index for f in futures) == list(range(1500))
        assert time.monotonic() - before < 5, "medio segundo de espera, y lo que tarde un disco lento"
    audit(storage, {submission(i).key: f.result().index for i, f in enumerate(futures)}, [])


def test_many_threads_with_the_same_keys_agree(appender: Appender, storage: Breakable) -> None:
    def add(i: int) -> tuple[int, int]:
        one = submission(i % 50)
        return i % 50, appender.add_and_wait(one.key, one.entry).index

    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(add, range(200)))
    assert len(found) == 50 == len(audit(storage, {submission(i).key: index for i, index in found}, []))


def test_a_reused_key_fails_alone(appender: Appender) -> None:
    good, other = appender.add(b"k", b"uno"), appender.add(b"k", b"dos")
    assert good.result(5).index == 0
    with pytest.raises(KeyReused):
        other.result(5)
    with pytest.raises(FormatRefusal):
        appender.add(b"", b"x")


def test_a_log_that_cannot_publish_says_so_and_mends_itself(
    appender: Appender, storage: Breakable, sequencer: Sequencer
) -> None:
    appender.add_and_wait(b"clave 0", b"entrada 0")
    storage.full = True
    with pytest.raises(NotPublished, match=r"No space left.*secuenciador\.publicar"):
        appender.add_and_wait(b"clave 1", b"entrada 1")
    with pytest.raises(NotPublished):
        appender.add_and_wait(b"clave 2", b"entrada 2")
    assert sequencer.published.head.size == 1
    storage.full = False
    deadline = time.monotonic() + 10
    while sequencer.published.head.size < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert sequencer.published.head.size == 2, "lo comprometido se publica sin que nadie vuelva a pedirlo"
    assert appender.add_and_wait(b"clave 2", b"entrada 2").index == 2
    assert appender.add_and_wait(b"clave 1", b"entrada 1").index == 1
    audit(storage, {b"clave 0": 0, b"clave 1": 1, b"clave 2": 2}, [])


def test_waiting_has_an_end(sequencer: Sequencer, storage: Breakable) -> None:
    with Appender(sequencer, storage, Pace(interval=60)) as appender:
        with pytest.raises(NotPublished, match=r"secuenciador\.tiempo"):
            appender.add_and_wait(b"clave 0", b"entrada 0", timeout=0.05)
        future = appender.add(b"clave 1", b"entrada 1")
    assert future.result(0).index == 1, "cerrar sella lo que espera"
    with pytest.raises(LogStopped, match="cerrada"):
        appender.add(b"clave 2", b"entrada 2")


def test_a_loser_stops_for_good(
    appender: Appender, sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object) -> None:
        raise AnotherSequencer("secuenciador.otro", "candado", "este", "otro")

    monkeypatch.setattr(sequencer._lock, "commit", lose)
    future = appender.add(b"k", b"x")
    with pytest.raises(AnotherSequencer):
        future.result(5)
    with pytest.raises(LogStopped, match=r"secuenciador\.otro"):
        appender.add(b"k", b"x")


def test_a_cancelled_entry_is_not_sequenced(sequencer: Sequencer, storage: Breakable) -> None:
    with Appender(sequencer, storage, Pace(interval=0.2)) as appender:
        gone, kept = appender.add(b"clave 0", b"entrada 0"), appender.add(b"clave 1", b"entrada 1")
        assert gone.cancel()
        assert kept.result(5).index == 0


def test_from_asyncio(appender: Appender) -> None:
    async def add() -> list[int]:
        futures = [asyncio.wrap_future(appender.add(b"k%d" % i, b"x")) for i in range(10)]
        return [placed.index for placed in await asyncio.gather(*futures)]

    assert asyncio.run(add()) == list(range(10))


def test_the_pool_waits_half_a_second_at_most_and_holds_so_much() -> None:
    pool = Pool(Pace(interval=0.5, batch_entries=3, batch_bytes=100, pending_entries=5, pending_bytes=150))
    assert pool.due_in(0.0) is None
    pool.put(waiting(0, since=10.0))
    assert pool.due_in(10.0) == 0.5
    pool.put(waiting(1, since=10.4))
    assert pool.due_in(10.45) == pytest.approx(0.05)
    assert pool.due_in(11.0) == 0
    for i in (2, 3, 4):
        pool.put(waiting(i, since=10.4))
    assert pool.due_in(10.4) == 0, "un lote lleno no espera"
    with pytest.raises(Overloaded, match=r"limite\.espera"):
        pool.put(waiting(5, since=10.4))
    assert [len(pool.take()), len(pool.take()), len(pool.take()), len(pool)] == [3, 2, 0, 0]


def test_the_pool_counts_bytes() -> None:
    pool = Pool(Pace(batch_bytes=100, pending_bytes=150))
    pool.put(waiting(0, since=0.0, size=60))
    assert pool.due_in(0.0) == 0.5
    pool.put(waiting(1, since=0.0, size=60))
    assert pool.due_in(0.0) == 0
    with pytest.raises(Overloaded):
        pool.put(waiting(2, since=0.0, size=60))
    assert len(pool.take()) == 2
    pool.put(waiting(2, since=0.0, size=150))


def waiting(i: int, since: float, size: int = 1) -> Waiting:
    one = submission(i)
    return Waiting(type(one)(one.key, bytes(size)), since, Future())


def test_no_thread_is_left(sequencer: Sequencer, storage: Breakable) -> None:
    before = threading.active_count()
    with Appender(sequencer, storage, QUICK):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
