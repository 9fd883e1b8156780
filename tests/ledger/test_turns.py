"""Threads that write to one file wait in the order in which they came."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Column, Integer, Table, func, insert, select
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ledger import database as module
from ledger.database import Database, new_metadata, open_engine
from ledger.turns import Turns, turns_of

LONG = 30.0
metadata = new_metadata()
marcas = Table("marcas", metadata, Column("hilo", Integer, nullable=False))


def test_those_who_wait_go_in_the_order_in_which_they_came() -> None:
    turns, order = Turns(), list[int]()

    def take(number: int) -> None:
        with turns.turn(LONG):
            order.append(number)

    with turns.turn(LONG):
        threads = [_waiting(turns, number, take) for number in range(8)]
    for thread in threads:
        thread.join(LONG)
    assert order == list(range(8))


def test_a_turn_that_does_not_come_is_an_error_and_stops_nobody_else() -> None:
    turns, failed = Turns(), list[BaseException]()

    def give_up(_number: int) -> None:
        try:
            with turns.turn(0.05):
                raise AssertionError("it had the turn")
        except TimeoutError as error:
            failed.append(error)

    with turns.turn(LONG):
        thread = _waiting(turns, 0, give_up)
        thread.join(LONG)
        assert len(failed) == 1
    with turns.turn(LONG):
        pass


def test_a_turn_inside_a_turn_is_refused_at_once() -> None:
    turns = Turns()
    with turns.turn(LONG), pytest.raises(RuntimeError, match="dentro de otra"), turns.turn(LONG):
        pass
    with turns.turn(LONG):
        pass


def test_what_raises_passes_the_turn_on() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn(LONG):
        raise ZeroDivisionError
    with turns.turn(LONG):
        pass


def test_the_turns_of_a_file_are_the_same_by_any_name(tmp_path: Path) -> None:
    (tmp_path / "otra").symlink_to(tmp_path)
    turns = turns_of(tmp_path / "base.db")
    assert turns_of(tmp_path / "otra" / "base.db") is turns
    assert turns_of(Path(os.path.relpath(tmp_path / "base.db"))) is turns
    assert turns_of(tmp_path / "base2.db") is not turns


def test_a_thread_that_writes_again_and_again_lets_others_write(tmp_path: Path) -> None:
    """Two engines of one file, as the service and the processing have them; SQLite alone is not fair."""
    busy, other = _open(tmp_path), _open(tmp_path)
    metadata.create_all(busy.engine)
    stop, begun = Event(), Event()

    def write() -> None:
        while not stop.is_set():
            with busy.writing() as connection:
                connection.execute(insert(marcas).values(hilo=0))
                begun.set()
                time.sleep(0.02)

    writers = [Thread(target=write) for _ in range(3)]
    for thread in writers:
        thread.start()
    assert begun.wait(LONG)
    before = _count(other)
    for _ in range(10):
        with other.writing() as connection:
            connection.execute(insert(marcas).values(hilo=1))
    between = _count(other) - before
    stop.set()
    for thread in writers:
        thread.join(LONG)
    # For each of the ten, at most one turn of each of the three who were there before.
    assert between <= 10 + 3 * 10 + 3
    assert between >= 10


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


def _waiting(turns: Turns, number: int, take: Callable[[int], None]) -> Thread:
    """A thread that stands in the queue (as the last)."""
    known = len(turns._waiting)
    thread = Thread(target=take, args=(number,))
    thread.start()
    until = time.monotonic() + LONG
    while thread.is_alive() and len(turns._waiting) == known and time.monotonic() < until:
        time.sleep(0.001)
    return thread


def _open(folder: Path) -> Database:
    return Database(open_engine(f"sqlite:///{folder / 'base.db'}"))


def _count(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(marcas)).scalar_one()
