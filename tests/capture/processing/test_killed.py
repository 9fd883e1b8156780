"""A worker that is killed again and again while it processes: nothing is lost and nothing is done twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from capture.records.reading_sql import SqlRecordReading
from ledger.database import Database
from tests.capture.processing.test_job import PERSONS, expected, states
from tests.capture.processing.vault import Bodies, process, receive
from tests.capture.records.making import folio

RECORDS, KILLS = 60, 3


@pytest.mark.slow
@pytest.mark.req("APO-18", "APO-20")
def test_killed_anywhere_and_run_again_it_ends_the_same(database: Database, tmp_path: Path) -> None:
    persons = [PERSONS[number % 3] if number % 5 else None for number in range(RECORDS)]
    bodies = Bodies()
    for number, person in enumerate(persons):
        receive(database, bodies, number, person)
    for path, data in bodies.items():
        (tmp_path / "cuerpos").mkdir(exist_ok=True)
        (tmp_path / "cuerpos" / path).write_bytes(data)
    url = database.engine.url.render_as_string(hide_password=False)
    for kill in range(KILLS):
        _run_and_kill(url, tmp_path / "cuerpos", random.Random(kill).uniform(0.02, 0.2))
    process(database, bodies).process_all()
    assert states(database) == expected(persons)
    with database.reading() as connection:
        histories = [SqlRecordReading(connection).history(folio(number)) for number in range(RECORDS)]
    assert all(len({(step.de, step.a) for step in one}) == len(one) for one in histories)


def _run_and_kill(url: str, folder: Path, seconds: float) -> None:
    command = [sys.executable, "-m", "tests.capture.processing.killed_worker", url, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "empieza\n"
        time.sleep(seconds)
        worker.kill()
