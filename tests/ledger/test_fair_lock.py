"""Threads that write to one file wait in the order in which they came."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Column, Integer, Table, insert, select, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ledger import database as module
from ledger.database import Database, new_metadata, open_engine
from ledger.fair_lock import FairLock, lock_of

LONG = 30.0
metadata = new_metadata()
marcas = Table("marcas", metadata, Column("hilo", Integer, nullable=False))


def test_those_who_wait_go_in_the_order_in_which_they_came() -> None:
    lock, order = FairLock(), list[int]()

    def take(number: int) -> None:
        with lock.held(LONG):
            order.append(number)

    with lock.held(LONG):
        threads = [_waiting(lock, number, take) for number in range(8)]
    for thread in threads:
        thread.join(LONG)
    assert order == list(range(8))


def test_a_turn_that_does_not_come_is_an_error_and_stops_nobody_else() -> None:
    lock, failed = FairLock(), list[BaseException]()

    def give_up(_number: int) -> None:
        try:
            with lock.held(0.05):
                raise AssertionError("it had the turn")
        except TimeoutError as error:
            failed.append(error)

    with lock.held(LONG):
        thread = _waiting(lock, 0, give_up)
        thread.join(LONG)
        assert len(failed) == 1
    with lock.held(LONG):
        pass


def test_a_turn_inside_a_turn_is_refused_at_once() -> None:
    lock = FairLock()
    with lock.held(LONG), pytest.raises(RuntimeError, match="dentro de otra"), lock.held(LONG):
        pass
    with lock.held(LONG):
        pass


def test_what_raises_passes_the_turn_on() -> None:
    lock = FairLock()
    with pytest.raises(ZeroDivisionError), lock.held(LONG):
        raise ZeroDivisionError
    with lock.held(LONG):
        pass


def test_the_lock_of_a_file_is_the_same_by_any_name(tmp_path: Path) -> None:
    (tmp_path / "otra").symlink_to(tmp_path)
    lock = lock_of(tmp_path / "base.db")
    assert lock_of(tmp_path / "otra" / "base.db") is lock
    assert lock_of(Path(os.path.relpath(tmp_path / "base.db"))) is lock
    assert lock_of(tmp_path / "base2.db") is not lock


def test_engines_of_one_file_share_its_lock(tmp_path: Path) -> None:
    """As the service and the processing have them in a rehearsal."""
    one, other = _open(tmp_path), _open(tmp_path)
    metadata.create_all(one.engine)

    def write(number: int) -> None:
        with other.writing() as connection:
            connection.execute(insert(marcas).values(hilo=number))

    with one.writing() as connection:
        threads = [_waiting(lock_of(tmp_path / "base.db"), number, write) for number in (1, 2, 3)]
        connection.execute(insert(marcas).values(hilo=0))
    for thread in threads:
        thread.join(LONG)
    with one.reading() as connection:
        rows = connection.execute(select(marcas.c.hilo).order_by(text("rowid"))).scalars().all()
    assert rows == [0, 1, 2, 3]


def test_a_database_says_that_no_turn_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, failed = _open(tmp_path), list[BaseException]()
    monkeypatch.setattr(module, "TURN", 0.05)

    def write() -> None:
        try:
            with database.writing():
                raise AssertionError("it had the turn")
        except PoolTimeout as error:
            failed.append(error)

    with database.writing():
        thread = Thread(target=write)
        thread.start()
        thread.join(LONG)
    assert len(failed) == 1


def _waiting(lock: FairLock, number: int, take: Callable[[int], None]) -> Thread:
    """A thread that stands in the queue (as the last)."""
    known = len(lock._queue)
    thread = Thread(target=take, args=(number,))
    thread.start()
    until = time.monotonic() + LONG
    while thread.is_alive() and len(lock._queue) == known and time.monotonic() < until:
        time.sleep(0.001)
    return thread


def _open(folder: Path) -> Database:
    return Database(open_engine(f"sqlite:///{folder / 'base.db'}"))
