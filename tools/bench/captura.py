"""Reception under load: `certeza serve` and `certeza worker` over PostgreSQL, and devices that do not wait.

Everything is real and durable: the fsyncs of bodies, PostgreSQL's commits, the seals of the log, the mails.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import quantiles

from sqlalchemy import func, select

from api.trial.mailbox import TrialMailbox, trial_mailbox
from capture.processes.tables import procesos
from capture.records.tables import registros
from ledger.database import Database, open_engine
from tests.api.killing import Killable, Service, killable_postgres, running
from tests.capture.packet.making import PROCESO
from tools.bench.captura_packets import registered, sealed
from tools.bench.captura_sender import Plan, Told
from tools.bench.processes import Used, peak, used
from tools.bench.tables import Row

PER_SECOND, WARM_SECONDS = 50, 5
DEVICES, AT_ONCE = 100, 200
SETTLE_SECONDS = 600.0
_SETTINGS = {
    "CERTEZA_OUTBOX__SMTP__HOST": "127.0.0.1",
    "CERTEZA_OUTBOX__SMTP__SECURITY": "ninguna",
    "CERTEZA_RATES__PACKETS": "100000 per 1 second",
}


@dataclass
class Place:
    """The service and what it stands on, all of it running."""

    folder: Path
    service: Service
    postgres: Killable
    database: Database
    peaks: dict[str, float] = field(default_factory=dict)

    def pids(self) -> dict[str, int]:
        """The processes whose use is told."""
        named = {"serve": self.service.server, "worker": self.service.worker, "PostgreSQL": self.postgres}
        return {name: one.process.pid for name, one in named.items() if one.process is not None}


def rows(folder: Path, seconds: int, seed: str) -> Iterator[Row]:
    """What, figure, remark; nothing where PostgreSQL is not installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not programs:
        print("AVISO: sin PostgreSQL no se mide la recepción")
        return
    with _place(folder, programs[-1].parent) as place:
        yield from _measured(place, seconds, seed)


@contextmanager
def _place(folder: Path, programs: Path) -> Iterator[Place]:
    root = Path(tempfile.mkdtemp(prefix="captura-", dir=folder))
    try:
        with _mailbox(root / "correo") as box, killable_postgres(programs) as (postgres, address):
            port = {"CERTEZA_OUTBOX__SMTP__PORT": str(box.port), "CERTEZA_DATABASE": address}
            service = Service(root / "datos", {**_SETTINGS, **port})
            service.data.mkdir()
            service.migrate()
            database = Database(open_engine(address))
            yield Place(root, service, postgres, database)
            database.engine.dispose()
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def _mailbox(folder: Path) -> Iterator[TrialMailbox]:
    """It stands for somebody else's machine: its thread takes what the service leaves of this one."""
    ours = set(threading.enumerate())
    with trial_mailbox(folder) as box:
        for thread in set(threading.enumerate()) - ours:
            if thread.native_id is not None:
                os.setpriority(os.PRIO_PROCESS, thread.native_id, 19)
        yield box


def _measured(place: Place, seconds: int, seed: str) -> Iterator[Row]:
    devices = registered(place.database, place.service.data, AT_ONCE)
    with place.database.reading() as db:
        recipient = db.execute(select(procesos.c.recipiente).where(procesos.c.folio == PROCESO)).scalar_one()
    bodies, steady = place.folder / "cuerpos", PER_SECOND * (WARM_SECONDS + seconds)
    packets = list(sealed(bodies, devices[:DEVICES], recipient, steady, seed))
    burst_bodies = place.folder / "cuerpos-a-la-vez"
    burst = list(sealed(burst_bodies, devices, recipient, AT_ONCE, f"{seed} a la vez"))
    with running(place.service):
        yield from _steady(place, Plan(place.service.port, str(bodies), 1 / PER_SECOND, AT_ONCE, packets))
        yield _settled(place, steady)
        yield from _burst(place, Plan(place.service.port, str(burst_bodies), 0, AT_ONCE, burst))


def _steady(place: Place, plan: Plan) -> Iterator[Row]:
    before = _all(place)
    begun = time.perf_counter()
    told, most = _sent(place, plan)
    wall = time.perf_counter() - begun
    after = _all(place)
    counted = [one for one in told if one.due >= WARM_SECONDS]
    last = max(one.due + one.acuse for one in counted)
    pace = f"{len(counted) / (last - WARM_SECONDS):.1f} a second"
    size = sum(packet.size for packet in plan.packets) / len(plan.packets) / 1e6
    yield f"captures of {size:.1f} MB, {DEVICES} devices, asked {PER_SECOND} a second", pace, _errors(told)
    yield "packet taken, since its instant", *_latency([one.taken for one in counted if not one.error])
    yield "acuse there, since its instant", *_latency([one.acuse for one in counted if not one.error])
    for name, use in after.items():
        cores = (use.cpu - before[name].cpu) / wall
        yield (
            f"{name}, meanwhile",
            f"{cores:.2f} cores, {most[name]:.0f} MiB",
            f"before {before[name].memory:.0f} MiB",
        )


def _burst(place: Place, plan: Plan) -> Iterator[Row]:
    told, most = _sent(place, plan)
    acuses = [one.acuse for one in told if not one.error]
    yield f"{AT_ONCE} devices at one instant: acuse there", *_latency(acuses)
    pid = place.pids()["serve"]
    yield (
        "memory of serve with them",
        f"{most['serve']:.0f} MiB",
        f"{_errors(told)}; peak {peak(pid):.0f} MiB",
    )


def _sent(place: Place, plan: Plan) -> tuple[list[Told], dict[str, float]]:
    """What the devices saw, and the most memory that each process had meanwhile (MiB)."""
    file = place.folder / "plan.json"
    file.write_text(json.dumps(asdict(plan)))
    sender = subprocess.Popen([sys.executable, "-m", "tools.bench.captura_sender", str(file)])
    most: dict[str, float] = {}
    while sender.poll() is None:
        for name, use in _all(place).items():
            most[name] = max(most.get(name, 0.0), use.memory)
        time.sleep(1)
    if sender.returncode:
        raise RuntimeError(f"captura_sender: {sender.returncode}")
    return [Told(**one) for one in json.loads(file.with_suffix(".dicho").read_text())], most


def _settled(place: Place, packets: int) -> Row:
    """How long the worker still needs for the records that wait."""
    begun = time.perf_counter()
    left = first = _waiting(place)
    while left and time.perf_counter() - begun < SETTLE_SECONDS:
        time.sleep(0.2)
        left = _waiting(place)
    taken = time.perf_counter() - begun
    return "worker: the rest of them processed", f"{taken:.0f} s", f"{first:,} of {packets:,} waited"


def _waiting(place: Place) -> int:
    states = ("recibido", "en-procesamiento")
    wanted = select(func.count()).select_from(registros).where(registros.c.estado.in_(states))
    with place.database.reading() as db:
        return int(db.execute(wanted).scalar_one())


def _all(place: Place) -> dict[str, Used]:
    return {name: used(pid) for name, pid in place.pids().items()}


def _latency(seconds: list[float]) -> tuple[str, str]:
    if len(seconds) < 2:
        return "none", ""
    cut = quantiles(seconds, n=100)
    return f"p50 {cut[49]:.2f} s, p95 {cut[94]:.2f} s", f"p99 {cut[98]:.2f} s, worst {max(seconds):.2f} s"


def _errors(told: list[Told]) -> str:
    found = Counter(one.error for one in told if one.error)
    return ", ".join(f"{count} × {error}" for error, count in found.items()) or "no error"
