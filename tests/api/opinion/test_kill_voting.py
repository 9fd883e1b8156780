"""`certeza serve` and PostgreSQL are killed at random instants of the voting hour: the invariants of sei.md.

Every receipt that was given is in the urn, nobody opined twice, the chain is valid, whoever lost the answer
gets the same one again, and `certeza-verify` accepts what is published. CERTEZA_KILL_ROUNDS: how many deaths;
CERTEZA_KILL_SEED: another order of them.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from api.demo.verdicts import reasons, verify
from ledger.database import Database, open_engine
from tally.entrada.sessions_sql import VoterSessions
from tests.api.consultas.town import ID
from tests.api.killing import Killable, Service, killable_postgres, wait_for_postgres
from tests.api.opinion.compared import compared
from tests.api.opinion.insisting import FINAL, Device, Voting
from tests.api.opinion.open_now import OpenNow, Plan, open_now
from tests.api.test_kills import programs
from tests.tally.opinion.polling import person_id

SEED = os.environ.get("CERTEZA_KILL_SEED", "seis")
ROUNDS = int(os.environ.get("CERTEZA_KILL_ROUNDS", "3"))
PEOPLE, DEVICES = 24 + 8 * ROUNDS, 4
RIVALS = range(PEOPLE // 3)
"""People whose two devices cast different ballots at once; the others enter by themselves."""


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Killable | None]]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'certeza.db'}", None
        return
    with killable_postgres(programs()) as (server, address):
        yield address, server


@contextmanager
def serving(service: Service) -> Iterator[None]:
    """Only the server: nobody needs the worker to vote."""
    service.server.start()
    try:
        service.server.wait_ready()
        yield
        service.server.kill(signal.SIGTERM)
    finally:
        service.server.kill()


def founded(url: str, folder: Path) -> tuple[Service, OpenNow]:
    many = "1000000 per 1 second"
    rates = {f"CERTEZA_RATES__{name}": many for name in ("PACKETS", "ENTRIES")}
    service = Service(folder / "datos", {**rates, "CERTEZA_DATABASE": url})
    service.data.mkdir()
    service.migrate()
    now = datetime.now(UTC).replace(microsecond=0)
    plan = Plan(3, 3, PEOPLE, now - timedelta(hours=1), now + timedelta(hours=1), SEED)
    return service, open_now(Database(open_engine(url)), service.data, plan)


def devices(service: Service, made: OpenNow) -> list[Device]:
    """Four for the people who enter, four more for the rivals of the same people."""
    sessions = {person: f"{person:043}" for person in RIVALS}
    with made.database.writing() as db:
        for person, secret in sessions.items():
            VoterSessions(db).open(person_id(person), person_id(person), ID, secret, datetime.now(UTC))
    voting = Voting(service.port, made, sessions)
    first = dict(enumerate(made.ballots(range(PEOPLE))))
    second = dict(zip(RIVALS, made.ballots(RIVALS, "rivales"), strict=True))
    shares = [(ballots, number) for ballots in (first, second) for number in range(DEVICES)]
    return [
        Device(voting, {p: b for p, b in ballots.items() if p % DEVICES == number}, f"{SEED} {at}")
        for at, (ballots, number) in enumerate(shares)
    ]


def kill_at_random(service: Service, postgres: Killable | None, url: str) -> Counter[str]:
    chance, killed = random.Random(SEED), Counter[str]()
    for turn in range(ROUNDS):
        time.sleep(chance.uniform(0.05, 0.8))
        if postgres is not None and turn % 2:
            killed["postgres"] += 1
            postgres.kill()
            postgres.start()
            wait_for_postgres(url)
        else:
            killed["servidor"] += 1
            service.server.kill()
            service.server.start()
        keep_alive(service)
    return killed


def keep_alive(service: Service) -> None:
    """Whoever ended because the database was gone is started again, as a supervisor would."""
    server, until = service.server, time.monotonic() + 60
    while time.monotonic() < until:
        if server.process is None or server.process.poll() is not None:
            server.start()
        try:
            if httpx.get(f"{service.url}/listo", timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("el servicio no volvió")


@pytest.mark.slow
@pytest.mark.req("SEI-20")
@pytest.mark.req("SEI-28")
def test_killed_in_the_voting_hour_nothing_is_lost_and_nobody_opines_twice(
    place: tuple[str, Killable | None], tmp_path: Path
) -> None:
    url, postgres = place
    service, made = founded(url, tmp_path)
    voters = devices(service, made)
    with serving(service):
        for voter in voters:
            voter.start()
        killed = kill_at_random(service, postgres, url)
        while any(len(v.receipts) + len(v.refused) < len(v._ballots) and v.is_alive() for v in voters):
            time.sleep(0.1)
        time.sleep(0.5)
        voters[0]._voting.over.set()
        for voter in voters:
            voter.join(30)
    check(made, voters, killed)


def check(made: OpenNow, voters: list[Device], killed: Counter[str]) -> None:
    about = f"semilla {SEED}, muertes {dict(killed)}"
    receipts = [(person, one) for voter in voters for person, one in voter.receipts.items()]
    people = [person for person, _ in receipts]
    assert sorted(people) == list(range(PEOPLE)), f"each one opinion: {about}"
    assert {rule for voter in voters for rule in voter.refused.values()} <= FINAL
    assert sum(len(voter.refused) for voter in voters) == len(RIVALS), about
    assert [voter.others for voter in voters] == [[]] * len(voters), about
    assert sum(voter.retries for voter in voters) > 0
    public = made.close()
    assert compared(made.database, [one for _, one in receipts]) == PEOPLE, about
    made.database.engine.dispose()
    document, code = verify("consulta", str(public))
    assert (code, reasons(document)) == (0, []), about
