"""The count of requests of one process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from limits import parse

from api.http.moving_window import MovingWindow


def window(many: int = 50_000) -> tuple[MovingWindow, list[float]]:
    now = [100.0]
    return MovingWindow(lambda: now[0], many), now


def test_so_many_in_the_time_and_again_when_the_first_is_old() -> None:
    counts, now = window()
    item = parse("3 per 10 second")
    assert [counts.hit(item, "lectura", "una") for _ in range(4)] == [True, True, True, False]
    now[0] += 9.9
    assert not counts.hit(item, "lectura", "una")
    now[0] += 0.1
    assert [counts.hit(item, "lectura", "una") for _ in range(4)] == [True, True, True, False]


def test_what_was_refused_does_not_count() -> None:
    counts, now = window()
    item = parse("1 per 10 second")
    assert counts.hit(item, "una")
    for _ in range(4):
        now[0] += 2
        assert not counts.hit(item, "una")
    now[0] += 2
    assert counts.hit(item, "una")


def test_names_are_counted_apart() -> None:
    counts, _ = window()
    item = parse("1 per 10 second")
    assert counts.hit(item, "lectura", "una")
    assert counts.hit(item, "lectura", "otra")
    assert counts.hit(item, "escritura", "una")
    assert not counts.hit(item, "lectura", "una")


def test_names_that_nobody_uses_are_forgotten_and_the_others_are_not() -> None:
    counts, now = window(many=10)
    short, long = parse("1 per 10 second"), parse("1 per 1000 second")
    assert counts.hit(long, "larga")
    for number in range(500):
        now[0] += 1
        assert counts.hit(short, str(number))
    assert len(counts._hits) <= 12
    assert not counts.hit(long, "larga")


def test_from_many_threads_no_more_than_the_amount() -> None:
    counts, _ = window()
    item = parse("500 per 60 second")
    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(lambda _: counts.hit(item, "una"), range(2000))) == 500
