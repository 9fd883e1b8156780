"""The trusted locks: compare-and-swap, idempotency keys, one owner; and two sequencers cannot fork a log."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer

import pytest

from ledger.checkpoint import parse_signed
from ledger.errors import AnotherSequencer, LogStopped
from ledger.lock_sqlite import SqliteLock
from ledger.ports import CheckpointLock, Committed, Keyed
from ledger.sequencer import Placed, Sequencer, create_log

from .conftest import REPOSITORY
from .faults import MemoryStorage, audit, submission, submissions
from .signing import IDENTITY, ORIGIN

Open = Callable[[], CheckpointLock]
FIRST = Committed(b"uno", 0)
SECOND = Committed(b"dos", 2, 0, b"r" * 32, (b"a", b""))


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    locks: list[CheckpointLock] = []
    if request.param == "sqlite":
        open_one: Open = lambda: SqliteLock(tmp_path / "lock.db")  # noqa: E731
    else:
        conninfo = request.getfixturevalue("postgres")
        from ledger.lock_postgres import PostgresLock

        origin = f"{ORIGIN}/{tmp_path.name}"
        open_one = lambda: PostgresLock(conninfo, origin)  # noqa: E731

    def keep() -> CheckpointLock:
        locks.append(open_one())
        return locks[-1]

    yield keep
    for lock in locks:
        lock.release()


def test_compare_and_swap(opened: Open) -> None:
    lock = opened()
    assert lock.load() is None
    lock.commit(None, FIRST, {})
    assert lock.load() == FIRST
    lock.commit(b"uno", SECOND, {b"k1": Keyed(0, b"h" * 32), b"k2": Keyed(1, b"i" * 32)})
    assert opened().load() == SECOND
    assert lock.known([b"k2", b"k3"]) == {b"k2": Keyed(1, b"i" * 32)}
    assert lock.known([]) == {}


@pytest.mark.parametrize("expected", [None, b"cero", b""])
def test_another_state_is_never_replaced(opened: Open, expected: bytes | None) -> None:
    lock = opened()
    lock.commit(None, FIRST, {})
    with pytest.raises(AnotherSequencer, match=r"secuenciador\.otro"):
        lock.commit(expected, SECOND, {b"k": Keyed(0, b"h" * 32)})
    assert lock.load() == FIRST
    assert lock.known([b"k"]) == {}


def test_a_log_that_is_not_there_is_not_replaced(opened: Open) -> None:
    lock = opened()
    with pytest.raises(AnotherSequencer):
        lock.commit(b"uno", SECOND, {})
    assert lock.load() is None


@pytest.mark.parametrize("again", [{b"k": Keyed(5, b"i" * 32)}, {b"l": Keyed(0, b"i" * 32)}])
def test_neither_a_key_nor_an_index_is_used_twice(opened: Open, again: dict[bytes, Keyed]) -> None:
    lock = opened()
    lock.commit(None, FIRST, {b"k": Keyed(0, b"h" * 32)})
    with pytest.raises(Exception, match=r"(?i)unique"):
        lock.commit(b"uno", SECOND, again)
    assert lock.load() == FIRST
    assert lock.known([b"k", b"l"]) == {b"k": Keyed(0, b"h" * 32)}
    lock.commit(b"uno", SECOND, {})


def test_many_keys_at_once(opened: Open) -> None:
    lock = opened()
    keys = {f"clave {i}".encode(): Keyed(i, bytes(32)) for i in range(2345)}
    lock.commit(None, FIRST, keys)
    assert lock.known([*keys, b"otra"]) == keys


def test_one_owner(opened: Open) -> None:
    first, second = opened(), opened()
    first.acquire()
    first.acquire()
    with pytest.raises(AnotherSequencer, match="otro en marcha"):
        second.acquire()
    first.release()
    second.acquire()


def test_whoever_lets_go_in_time_is_waited_for(opened: Open) -> None:
    first, second = opened(), opened()
    first.acquire()
    letting_go = Timer(0.2, first.release)
    letting_go.start()
    second.acquire()
    letting_go.join()


@pytest.mark.req("VER-02")
def test_a_second_sequencer_stops_at_once(opened: Open) -> None:
    storage, lock = MemoryStorage(), opened()
    create_log(storage, lock, IDENTITY)
    first = Sequencer(storage, lock, IDENTITY)
    with pytest.raises(AnotherSequencer, match=r"ser el único secuenciador.*otro en marcha"):
        Sequencer(storage, opened(), IDENTITY)
    assert len(first.append(submissions(2)[0])) == 2


@pytest.mark.req("VER-02")
def test_two_sequencers_that_both_run_cannot_fork(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    storage, lock = MemoryStorage(), opened()
    create_log(storage, lock, IDENTITY)
    first, other = Sequencer(storage, lock, IDENTITY), opened()
    monkeypatch.setattr(type(other), "acquire", lambda _: None)  # as if the lock had been lost to both
    second = Sequencer(storage, other, IDENTITY)
    assert isinstance(first.append([submission(0)])[0], Placed)
    with pytest.raises(AnotherSequencer, match=r"el estado que este secuenciador dejó.*otro más nuevo"):
        second.append([submission(1)])
    with pytest.raises(LogStopped, match=r"secuenciador\.detenido"):
        second.append([])
    assert isinstance(first.append([submission(2)])[0], Placed)
    assert audit(storage, {b"clave 0": 0, b"clave 2": 1}, []) == [b"entrada 0", b"entrada 2"]


def test_a_state_that_moved_while_recovering_stops(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    storage, lock = MemoryStorage(), opened()
    create_log(storage, lock, IDENTITY)
    first, other = Sequencer(storage, lock, IDENTITY), opened()
    monkeypatch.setattr(type(other), "acquire", lambda _: None)
    second = Sequencer(storage, other, IDENTITY)
    monkeypatch.setattr(other, "known", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        second.append([])
    first.append([submission(0)])
    with pytest.raises(AnotherSequencer, match="otro más nuevo"):
        second.append([])
    with pytest.raises(LogStopped):
        second.append([])


def test_a_full_sqlite_disk(tmp_path: Path) -> None:
    storage, lock = MemoryStorage(), SqliteLock(tmp_path / "lock.db")
    create_log(storage, lock, IDENTITY)
    sequencer = Sequencer(storage, lock, IDENTITY)
    pages = lock._database.execute("PRAGMA page_count").fetchone()[0]
    lock._database.execute(f"PRAGMA max_page_count = {pages + 1}")
    batch = submissions(2000)[0]
    with pytest.raises(sqlite3.OperationalError, match="full"):
        sequencer.append(batch)
    assert parse_signed(storage.get("checkpoint")).head.size == 0
    lock._database.execute("PRAGMA max_page_count = 100000")
    indexes = [placed.index for placed in sequencer.append(batch) if isinstance(placed, Placed)]
    assert indexes == list(range(2000))


OWNER = """
import os, signal, sys
from ledger.lock_postgres import PostgresLock
lock = PostgresLock(sys.argv[1], sys.argv[2])
lock.acquire()
lock._connection.pgconn.send_query(b"SELECT pg_sleep(0.5)")  # killed while the server is at work for it
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_owner_s_log_can_be_taken_over_at_once(postgres: str, tmp_path: Path) -> None:
    from ledger.lock_postgres import PostgresLock

    origin = f"{ORIGIN}/{tmp_path.name}"
    killed = subprocess.run([sys.executable, "-c", OWNER, postgres, origin], cwd=REPOSITORY, check=False)
    assert killed.returncode == -signal.SIGKILL
    lock = PostgresLock(postgres, origin)
    lock.acquire()
    lock.release()


def test_a_lost_postgres_connection_is_made_again(postgres: str, tmp_path: Path) -> None:
    import psycopg

    from ledger.lock_postgres import PostgresLock

    storage, lock = MemoryStorage(), PostgresLock(postgres, f"{ORIGIN}/{tmp_path.name}")
    create_log(storage, lock, IDENTITY)
    sequencer = Sequencer(storage, lock, IDENTITY)
    with psycopg.connect(postgres, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (lock._connection.info.backend_pid,))
    with pytest.raises(psycopg.OperationalError):
        sequencer.append([submission(0)])
    placed = sequencer.append([submission(0)])[0]
    assert isinstance(placed, Placed)
    assert placed.index == 0
    sequencer.close()


def test_a_new_sqlite_file_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself does not, when another process that started at once is writing to the new file."""
    other = sqlite3.connect(tmp_path / "lock.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE other (x)")
    other.execute("BEGIN IMMEDIATE")
    timer = Timer(0.2, other.execute, ["COMMIT"])
    timer.start()
    lock = SqliteLock(tmp_path / "lock.db")
    assert lock.load() is None
    timer.join()
    other.close()
    lock.release()


def test_only_another_owner_is_called_another_sequencer(tmp_path: Path) -> None:
    """A folder that cannot be written, or has no room, must not send anybody to look for a second process."""
    lock = SqliteLock(tmp_path / "lock.db")
    (tmp_path / "lock.db.owner-journal").mkdir()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        lock.acquire()
    lock.release()


def test_a_new_postgres_database_may_be_opened_by_many_at_once(postgres: str) -> None:
    import psycopg
    from psycopg.conninfo import make_conninfo

    from ledger.lock_postgres import PostgresLock

    name = f"certeza_{os.getpid()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            conninfo = make_conninfo(postgres, dbname=name)
            with ThreadPoolExecutor(6) as pool:
                locks = list(pool.map(lambda i: PostgresLock(conninfo, f"{ORIGIN}/{i}"), range(6)))
            for lock in locks:
                assert lock.load() is None
                lock.release()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_postgres_that_vanished_is_noticed_by_both_sides(postgres: str) -> None:
    """In a network that drops everything: by default only after two hours, until when nobody takes over."""
    from psycopg.conninfo import make_conninfo

    from ledger.lock_postgres import PostgresLock

    if "CERTEZA_POSTGRES" in os.environ:
        pytest.skip("AVISO: sólo con un servidor propio se sabe que atiende en 127.0.0.1")
    conninfo = make_conninfo(postgres, host="127.0.0.1", options="-c synchronous_commit=off")
    lock = PostgresLock(conninfo, ORIGIN)
    names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
    shown = {name: lock._connection.execute(f"SHOW {name}").fetchone() for name in names}
    assert shown == dict(zip(names, [("10",), ("5",), ("4",), ("30000",)], strict=True))
    assert lock._connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    ours = lock._connection.info.get_parameters()
    assert (ours["keepalives_idle"], ours["tcp_user_timeout"], ours["connect_timeout"]) == (
        "10",
        "30000",
        "10",
    )
    lock.release()
    chosen = PostgresLock(make_conninfo(postgres, connect_timeout=3), ORIGIN)
    assert chosen._connection.info.get_parameters()["connect_timeout"] == "3"
    chosen.release()
