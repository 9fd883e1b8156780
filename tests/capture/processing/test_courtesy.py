"""Processing rests while much arrives, and never stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from capture.processing.courtesy import Courtesy
from capture.processing.job import Processing
from ledger.database import Database
from tests.capture.processing.vault import Bodies, receive, tools
from tests.capture.records.making import START

SECONDS = st.floats(0.001, 1000).map(lambda seconds: timedelta(seconds=seconds))


@given(SECONDS, st.integers(0, 99))
def test_few_arrivals_cost_no_rest(worked: timedelta, arrived: int) -> None:
    assert Courtesy().rest(arrived, worked) == timedelta(0)


@given(SECONDS, st.integers(100, 10_000))
def test_work_keeps_its_share_and_a_rest_ends(worked: timedelta, arrived: int) -> None:
    courtesy = Courtesy()
    rest = courtesy.rest(arrived, worked)
    assert timedelta(0) < rest <= courtesy.most
    assert worked / (worked + rest) >= courtesy.share - 0.001


def rests(database: Database, courtesy: Courtesy) -> list[float]:
    """What a run of three records, a page of a second's work, rests for."""
    bodies, told, seconds = Bodies(), list[float](), count()
    for number in range(3):
        receive(database, bodies, number)
    ticking = replace(tools(database, bodies), clock=lambda: START + timedelta(seconds=next(seconds)))
    assert len(Processing(ticking, 1, courtesy, told.append).process_all().waiting) == 0
    return told


def test_a_run_rests_while_packets_arrive(database: Database) -> None:
    (rest,) = rests(database, Courtesy(window=timedelta(days=1), arrivals=3, most=timedelta(seconds=7)))
    assert rest == 7


def test_a_run_does_not_rest_once_they_came_long_ago(database: Database) -> None:
    assert rests(database, Courtesy(window=timedelta(days=-2), arrivals=1)) == []
