"""Turns: nobody waits alone for company, and those who wait are written together."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tally.opinion.turns import Turns


def test_one_alone_is_written_at_once_in_its_own_thread() -> None:
    seen: list[tuple[list[int], int]] = []

    def act(items: Sequence[int]) -> list[int | Exception]:
        seen.append((list(items), threading.get_ident()))
        return [item * 2 for item in items]

    assert Turns(act, 10).take(4) == 8
    assert seen == [([4], threading.get_ident())]


def test_those_who_come_meanwhile_are_written_together_in_order_and_no_more_than_the_most() -> None:
    began, go_on, seen = threading.Event(), threading.Event(), list[list[int]]()

    def act(items: Sequence[int]) -> list[int | Exception]:
        seen.append(list(items))
        began.set()
        assert go_on.wait(30)
        return [item * 2 for item in items]

    turns = Turns(act, 3)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(turns.take, 0)
        assert began.wait(30)
        others = []
        for number in range(1, 6):
            others.append(pool.submit(turns.take, number))
            while len(turns._queue) < number:
                pass
        go_on.set()
        assert [one.result(30) for one in [first, *others]] == [0, 2, 4, 6, 8, 10]
    assert seen == [[0], [1, 2, 3], [4, 5]]


def test_an_answer_that_is_an_exception_is_raised_to_that_one_only() -> None:
    def act(items: Sequence[int]) -> list[int | Exception]:
        return [ValueError(str(item)) if item % 2 else item for item in items]

    turns = Turns(act, 4)
    with pytest.raises(ValueError, match="3"):
        turns.take(3)
    assert turns.take(4) == 4


def test_when_writing_fails_each_is_told_and_the_next_ones_are_written() -> None:
    def act(items: Sequence[int]) -> list[int | Exception]:
        if 1 in items:
            raise OSError("sin espacio")
        return list(items)

    turns = Turns(act, 4)
    with pytest.raises(OSError, match="sin espacio"):
        turns.take(1)
    assert turns.take(2) == 2


def test_many_threads_each_get_their_own_answer() -> None:
    sizes: list[int] = []

    def act(items: Sequence[int]) -> list[int | Exception]:
        sizes.append(len(items))
        return [-item for item in items]

    turns = Turns(act, 16)
    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(turns.take, range(2000))) == [-number for number in range(2000)]
    assert sum(sizes) == 2000
    assert max(sizes) <= 16
