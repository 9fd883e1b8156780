"""Processes that cast are killed at random instants, and PostgreSQL with them: nothing is lost or twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.tables import ALL_METADATA
from keys.group import Group
from ledger.database import Database, open_engine
from tests.api.killing import Killable, killable_postgres, wait_for_postgres
from tests.api.test_kills import programs
from tests.tally.opinion.polling import BOTH, ONE, UTS, Poll, audited, make_poll

SEED = os.environ.get("CERTEZA_KILL_SEED", "cuatro")
ROUNDS = int(os.environ.get("CERTEZA_KILL_ROUNDS", "6"))
PERSONS = [ONE] * 12 + [BOTH] * 6


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, str, Killable | None]]:
    """An empty database, its address, and the server that may be killed."""
    if request.param == "sqlite":
        yield from filled(f"sqlite:///{tmp_path / 'certeza.db'}", None)
        return
    with killable_postgres(programs()) as (server, address):
        yield from filled(address, server)


def filled(url: str, server: Killable | None) -> Iterator[tuple[Database, str, Killable | None]]:
    engine = open_engine(url)
    for metadata in ALL_METADATA:
        metadata.create_all(engine)
    yield Database(engine), url, server
    engine.dispose()


def ballots(poll: Poll) -> list[tuple[str, bytes]]:
    """Two rivals of each person: of two urns where the person has two."""
    found = []
    for number, person in enumerate(poll.persons):
        other = UTS[1] if person.seccion == BOTH else UTS[0]
        found.append((person.id, poll.ballot(number)))
        found.append((person.id, poll.ballot(number, ut=other, seed="rival")))
    return found


def start(file: Path, seed: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.tally.opinion.casting_process", str(file), seed]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "listo\n"
    return process


def told(process: subprocess.Popen[str]) -> list[tuple[int, object]]:
    """What it said until it ended; a last line that was cut is nothing that anybody was told."""
    assert process.stdout is not None
    lines = process.stdout.read().split("\n")[:-1]
    process.wait()
    return [(number, json.dumps(said, sort_keys=True)) for number, said in map(json.loads, lines)]


@pytest.mark.slow
@pytest.mark.req("SEI-20")
def test_killed_anywhere_ballots_marks_and_leaves_are_the_same(
    place: tuple[Database, str, Killable | None], tmp_path: Path, fast: Group
) -> None:
    database, url, server = place
    poll, chance = make_poll(database, fast, PERSONS), random.Random(SEED)
    load = [(person, b64encode(data).decode()) for person, data in ballots(poll)]
    file = tmp_path / "trabajo.json"
    file.write_text(json.dumps({"url": url, "now": poll.clock().isoformat(), "ballots": load}))
    said: list[tuple[int, object]] = []
    for turn in range(ROUNDS):
        processes = [start(file, f"{SEED} {turn} {n}") for n in range(2)]
        time.sleep(chance.uniform(0, 0.25))
        if server is not None and turn % 2:
            server.kill()
            server.start()
            wait_for_postgres(url)
        for process in processes:
            process.kill()
            said += told(process)
    database.engine.dispose()
    last = [start(file, f"{SEED} último {n}") for n in range(2)]
    for process in last:
        said += told(process)
    assert sum(audited(poll).values()) == len(PERSONS), f"semilla {SEED}"
    receipts = {(number, text) for number, text in said if str(text).startswith("{")}
    assert len(receipts) == len(PERSONS), "one receipt for each person, however often it was given"
    assert len({number // 2 for number, _ in receipts}) == len(PERSONS)
    assert {text for _, text in said} - {text for _, text in receipts} <= {
        '"urna.persona"',
        '"urna.credencial_usada"',
    }
