"""The voting hour under load: `certeza serve` and `certeza worker` over PostgreSQL, and devices that vote.

Everything is real and durable: HTTP, proofs, PostgreSQL's commits, the log, the urns' files, tokens by SMS.
At the end the receipts that devices hold are compared with the urns, and `certeza-verify` judges the rest.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from api.demo.verdicts import reasons, verify
from ledger.database import Database, open_engine
from tests.api.killing import Killable, Service, free_port, killable_postgres, running
from tests.api.opinion.compared import compared
from tests.api.opinion.open_now import OpenNow, Plan, open_now
from tools.bench.opinion_day import SECONDS, VOTERS, arrivals, busiest
from tools.bench.opinion_devices import Maker
from tools.bench.opinion_sender import Device, Told
from tools.bench.opinion_sender import Plan as Load
from tools.bench.processes import Used, used

Row = tuple[str, str, str]
UNITS, OPTIONS = 1_816, 8
BALLOTS, ENTRIES = 100, 50
"""A second, as asked."""
AT_ONCE = 32
"""Devices that do not wait for an instant, when the question is how many there can be in a second."""
WARM_SECONDS = 3
_NAMED = {
    "token": "SMS with the token at the gateway, since the entry was asked for",
    "sms": "the same, since the entry was answered: how late it comes",
}
"""Rows that are not the answer to a request."""


@dataclass
class Place:
    """The service and what it stands on, all of it running."""

    folder: Path
    service: Service
    postgres: Killable
    open: OpenNow
    gateway: int

    def pids(self) -> dict[str, int]:
        """The processes whose use is told."""
        named = {"serve": self.service.server, "worker": self.service.worker, "PostgreSQL": self.postgres}
        return {name: one.process.pid for name, one in named.items() if one.process is not None}

    def used(self) -> dict[str, Used]:
        """Up to now."""
        return {name: used(pid) for name, pid in self.pids().items()}


@dataclass(frozen=True)
class Run:
    """What devices saw, and what the service used meanwhile, by process in seconds of processor."""

    told: list[Told]
    cpu: dict[str, float]
    wall: float


def rows(folder: Path, seconds: int, voters: int, seed: str) -> Iterator[Row]:
    """What, figure, remark; nothing where PostgreSQL is not installed. `seconds` of each steady load;
    `voters` of the opening day, which is as much shorter than ten minutes as they are fewer than 22,227."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not programs:
        print("AVISO: sin PostgreSQL no se mide la hora de opinar")
        return
    steady = (BALLOTS + ENTRIES) * (WARM_SECONDS + seconds)
    closed = (BALLOTS + ENTRIES) * seconds
    units = max(3, round(UNITS * min(1.0, voters / VOTERS)))
    with _place(folder, programs[-1].parent, units, steady + closed + voters, seed) as place:
        told: list[Told] = []
        with running(place.service):
            yield from _measured(place, Maker(place.open, place.folder), seconds, voters, seed, told)
            place.service.stop()
        yield from _judged(place, told)


@contextmanager
def _place(folder: Path, programs: Path, units: int, people: int, seed: str) -> Iterator[Place]:
    root, gateway = Path(tempfile.mkdtemp(prefix="opinion-", dir=folder)), free_port()
    try:
        with killable_postgres(programs) as (postgres, address):
            service = Service(root / "datos", {**_settings(gateway), "CERTEZA_DATABASE": address})
            service.data.mkdir()
            service.migrate()
            database = Database(open_engine(address))
            now = datetime.now(UTC).replace(microsecond=0)
            plan = Plan(units, OPTIONS, people, now - timedelta(hours=1), now + timedelta(hours=6), seed)
            yield Place(root, service, postgres, open_now(database, service.data, plan), gateway)
            database.engine.dispose()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _settings(gateway: int) -> dict[str, str]:
    """One address sends what thousands would: its own bounds are not what is measured."""
    many = "1000000 per 1 second"
    rates = {f"CERTEZA_RATES__{name}": many for name in ("PACKETS", "ENTRIES", "WRITING")}
    return {**rates, "CERTEZA_OUTBOX__SMS__URL": f"http://127.0.0.1:{gateway}/"}


def _measured(
    place: Place, make: Maker, seconds: int, voters: int, seed: str, told: list[Told]
) -> Iterator[Row]:
    steady = [n / BALLOTS for n in range(BALLOTS * (WARM_SECONDS + seconds))]
    run = _sent(place, make, make.with_session(steady), told)
    yield from _open_loop(f"ballots of {OPTIONS} options, asked {BALLOTS} a second", run, ("opinion",))
    run = _sent(place, make, make.with_session([0.0] * (BALLOTS * seconds)), told, AT_ONCE)
    yield _closed_loop("ballots, as many as there can be", run)
    steady = [n / ENTRIES for n in range(ENTRIES * (WARM_SECONDS + seconds))]
    run = _sent(place, make, make.entering(steady, ballots=False), told)
    yield from _open_loop(
        f"entries with token, asked {ENTRIES} a second", run, ("entrada", "token", "sms", "sesion")
    )
    run = _sent(place, make, make.entering([0.0] * (ENTRIES * seconds), ballots=False), told, AT_ONCE)
    yield _closed_loop("entries, as many as there can be, SMS included", run)
    day = arrivals(voters, SECONDS * voters / VOTERS, seed)
    run = _sent(place, make, make.entering(day, ballots=True), told)
    names = ("entrada", "token", "sms", "sesion", "opinion", "salida")
    what = f"opening day of {voters:,} in {day[-1]:.0f} s, {busiest(day):.0f} a second at most"
    yield from _open_loop(what, run, names, warm=0)


def _sent(
    place: Place, make: Maker, devices: Sequence[Device], told: list[Told], at_once: int = 2_000
) -> Run:
    file = place.folder / "plan.json"
    load = Load(place.service.port, str(make.bodies), at_once, place.gateway, list(devices))
    file.write_text(json.dumps(asdict(load)))
    before, begun = place.used(), time.perf_counter()
    subprocess.run([sys.executable, "-m", "tools.bench.opinion_sender", str(file)], check=True)
    wall, after = time.perf_counter() - begun, place.used()
    found = [Told(**one) for one in json.loads(file.with_suffix(".dicho").read_text())]
    told += found
    return Run(found, {name: after[name].cpu - before[name].cpu for name in after}, wall)


def _open_loop(what: str, run: Run, names: Sequence[str], warm: float = WARM_SECONDS) -> Iterator[Row]:
    counted = [one for one in run.told if one.due >= warm]
    good = [one for one in counted if not one.error]
    last = max(one.due + one.ended for one in counted)
    yield what, f"{len(good) / (last - warm):.1f} a second", _errors(run.told)
    for name in names:
        yield (
            _NAMED.get(name, f"«{name}», since it was asked for"),
            *_latency([one.took[name] for one in good]),
        )
    yield "processor for each, in ms", *_processor(run)


def _closed_loop(what: str, run: Run) -> Row:
    last = max(one.due + one.ended for one in run.told)
    good = sum(not one.error for one in run.told)
    each, which = _processor(run)
    return what, f"{good / last:.1f} a second", f"{AT_ONCE} at once; {each}: {which}"


def _processor(run: Run) -> tuple[str, str]:
    each = {name: 1000 * seconds / len(run.told) for name, seconds in run.cpu.items()}
    named = ", ".join(f"{name} {milliseconds:.1f}" for name, milliseconds in each.items())
    return f"{sum(each.values()):.1f} ms", named


def _latency(seconds: list[float]) -> tuple[str, str]:
    if len(seconds) < 2:
        return "none", ""
    cut = quantiles(seconds, n=100)
    p50, p95, p99 = (f"{1000 * cut[n - 1]:.0f} ms" for n in (50, 95, 99))
    return f"p50 {p50}, p95 {p95}", f"p99 {p99}, worst {1000 * max(seconds):.0f} ms"


def _errors(told: Sequence[Told]) -> str:
    found = Counter(one.error for one in told if one.error)
    again = sum(one.again for one in told)
    return (", ".join(f"{count} × {error}" for error, count in found.items()) or "no error") + (
        f"; {again} asked again" if again else ""
    )


def _judged(place: Place, told: Sequence[Told]) -> Iterator[Row]:
    """Raises AssertionError for what was lost, RuntimeError for what the verifier refuses."""
    begun = time.perf_counter()
    public = place.open.close()
    took = f"{time.perf_counter() - begun:.0f} s"
    receipts = [one.receipt for one in told if one.receipt]
    ballots = compared(place.open.database, receipts)
    yield f"{len(receipts):,} receipts, {ballots:,} ballots and marks", "nothing lost", f"closed in {took}"
    document, code = verify("consulta", str(public))
    if code:
        raise RuntimeError(f"certeza-verify: {reasons(document)}")
    yield "certeza-verify consulta", "aceptado", f"{(public / 'consulta.json').stat().st_size:,} bytes"
