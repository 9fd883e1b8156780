"""A worker that is killed again and again while it looks for patterns: none is forgotten, none twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from sqlalchemy import select

from capture.patterns.tables import vistos
from capture.patterns.views import EXACT
from ledger.database import Database
from tests.capture.patterns.making import found, patterns, see, some_print

RECORDS, KILLS = 60, 4


@pytest.mark.slow
@pytest.mark.req("APO-25")
def test_killed_anywhere_and_run_again_it_ends_the_same(database: Database) -> None:
    for number in range(RECORDS):
        see(database, number, {EXACT + "foto.jpg": some_print(number % 7)[:8]})
    url = database.engine.url.render_as_string(hide_password=False)
    for kill in range(KILLS):
        _look_and_kill(url, random.Random(kill).uniform(0.02, 0.15))
    patterns(database).look()
    groups = sorted(numbers for _, numbers in found(database).values())
    assert groups == [list(range(start, RECORDS, 7)) for start in range(7)]
    with database.reading() as connection:
        orden = connection.execute(select(vistos.c.orden).order_by(vistos.c.orden)).scalars().all()
    assert orden == list(range(RECORDS))


def _look_and_kill(url: str, seconds: float) -> None:
    command = [sys.executable, "-m", "tests.capture.patterns.killed_looking", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "empieza\n"
        time.sleep(seconds)
        worker.kill()
