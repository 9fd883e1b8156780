"""SIGKILL of server, worker and PostgreSQL at random under load: no acuse without its record, no record
twice, every message delivered at least once and said so once, and the log verifies."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest
from sqlalchemy import func, select, update

from api.acts.tables import hojas
from api.outbox.tables import mensajes
from api.trial.mailbox import TrialMailbox, trial_mailbox
from capture.blobs import FolderBlobs
from capture.processes.tables import periodos, procesos
from capture.records.tables import registros, transiciones
from capture.vault.chamber_folder import FolderChamber, create_master, read_master
from ledger.acuse import AcuseFile
from ledger.database import Database, open_engine
from tests.api.killing import (
    PATIENCE,
    Killable,
    Sending,
    Service,
    killable_postgres,
    running,
    wait_for_postgres,
)
from tests.capture.intake.registering import Registered, register
from tests.capture.packet.making import packet

SECONDS = 8.0
DEVICES, PACKETS = 4, 160
SEED = random.SystemRandom().randrange(2**32)


def programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres")) or [
        Path(p) for p in [which("postgres")] if p
    ]
    if not found:
        pytest.skip("AVISO: no hay PostgreSQL: NO se probó matarlo")
    return found[-1].parent


@pytest.fixture
def box(tmp_path: Path) -> Iterator[TrialMailbox]:
    with trial_mailbox(tmp_path / "correo") as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Killable | None]]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'datos' / 'certeza.db'}", None
        return
    with killable_postgres(programs()) as (server, address):
        yield address, server


@pytest.fixture
def service(tmp_path: Path, place: tuple[str, Killable | None], box: TrialMailbox) -> Service:
    made = Service(
        tmp_path / "datos",
        {
            "CERTEZA_DATABASE": place[0],
            "CERTEZA_OUTBOX__SMTP__HOST": "127.0.0.1",
            "CERTEZA_OUTBOX__SMTP__PORT": str(box.port),
            "CERTEZA_OUTBOX__SMTP__SECURITY": "ninguna",
            "CERTEZA_OUTBOX__SECONDS": "0.1",
            "CERTEZA_OUTBOX__GROUP_SECONDS": "0.5",
            "CERTEZA_OUTBOX__LEASE_SECONDS": "10",
            "CERTEZA_OUTBOX__FIRST_RETRY_SECONDS": "1",
            "CERTEZA_WORKER__LOOK_SECONDS": "0.2",
            "CERTEZA_RATES__PACKETS": "100000 per 1 second",
        },
    )
    made.data.mkdir()
    made.migrate()
    return made


def registered_now(service: Service, database: Database) -> Registered:
    """A periodo that is open now, whose process has its key in the bóveda."""
    made = register(database)
    now = datetime.now(UTC)
    master = service.data / "secretos" / "maestra.age"
    create_master(master)
    chamber = FolderChamber(service.data / "boveda", read_master(master))
    with database.writing() as db:
        db.execute(update(periodos).values(inicio=now - timedelta(days=1), fin=now + timedelta(days=1)))
        for folio in db.execute(select(procesos.c.folio)).scalars().all():
            recipient = chamber.new_process_key(folio)
            db.execute(update(procesos).where(procesos.c.folio == folio).values(recipiente=recipient))
    return made


def packets(made: Registered, database: Database) -> list[list[tuple[object, bytes]]]:
    with database.reading() as db:
        recipient = db.execute(select(procesos.c.recipiente).limit(1)).scalar_one()
    key = made.keys[made.device]
    moment = datetime.now(UTC).replace(microsecond=0)
    return [
        [
            packet(key, recipient, dispositivo=made.device, capturado=moment, numero=f"{d}{n:08}")
            for n in range(PACKETS // DEVICES)
        ]
        for d in range(DEVICES)
    ]


def kill_at_random(
    service: Service, postgres: Killable | None, address: str, chance: random.Random
) -> Counter[str]:
    killed: Counter[str] = Counter()
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.3, 1.5))
        what = chance.choice(["servidor", "procesamiento", "postgres" if postgres else "servidor"])
        killed[what] += 1
        if what == "postgres" and postgres is not None:
            postgres.kill()
            postgres.start()
            wait_for_postgres(address)
            continue
        part = service.server if what == "servidor" else service.worker
        part.kill()
        part.start()
    for part in (service.server, service.worker):
        if part.process is None or part.process.poll() is not None:
            part.start()
    return killed


def keep_alive(service: Service) -> None:
    """Whoever ended by itself because its database was gone is started again, as a supervisor would."""
    for part in (service.server, service.worker):
        if part.process is not None and part.process.poll() is not None:
            part.start()


def settled(database: Database) -> bool:
    """Nothing waits any more: records, leaves, messages."""
    with database.reading() as db:
        waiting = db.execute(
            select(func.count())
            .select_from(registros)
            .where(registros.c.estado.in_(("recibido", "en-procesamiento")))
        ).scalar_one()
        leaves = db.execute(
            select(func.count()).select_from(hojas).where(hojas.c.indice.is_(None))
        ).scalar_one()
        unmarked = db.execute(
            select(func.count()).select_from(transiciones).where(transiciones.c.hoja.is_(None))
        ).scalar_one()
        mails = db.execute(
            select(func.count()).select_from(mensajes).where(mensajes.c.estado == "pendiente")
        ).scalar_one()
    return not (waiting or leaves or unmarked or mails)


@pytest.mark.slow
@pytest.mark.req("APO-16")
def test_nothing_is_lost_and_nothing_is_twice(
    service: Service, place: tuple[str, Killable | None], box: TrialMailbox
) -> None:
    address, postgres = place
    database = Database(open_engine(address))
    made = registered_now(service, database)
    load = packets(made, database)
    with running(service):
        until = time.monotonic() + SECONDS + 2 * PATIENCE
        senders = [Sending(service.url, part, until) for part in load]  # type: ignore[arg-type]
        for sender in senders:
            sender.start()
        killed = kill_at_random(service, postgres, address, random.Random(SEED))
        while any(sender.is_alive() for sender in senders):
            keep_alive(service)
            time.sleep(0.2)
        while not settled(database) and time.monotonic() < until:
            keep_alive(service)
            time.sleep(0.3)
        service.stop()
    acuses = [acuse for sender in senders for acuse in sender.acuses]
    assert settled(database), f"semilla {SEED}, muertes {dict(killed)}, acuses {len(acuses)}"
    check_records(database, service, acuses)
    check_mail(database, box)
    check_log(service, acuses)
    database.engine.dispose()


def check_records(database: Database, service: Service, acuses: list[AcuseFile]) -> None:
    """Every packet has its acuse, every acuse its record and its body, every record one beginning."""
    with database.reading() as db:
        rows = {row.folio: row for row in db.execute(select(registros))}
        begun = db.execute(
            select(transiciones.c.folio, func.count())
            .where(transiciones.c.de.is_(None))
            .group_by(transiciones.c.folio)
        ).all()
    assert len(acuses) == PACKETS == len(rows)
    assert dict(map(tuple, begun)) == dict.fromkeys(rows, 1)
    blobs = FolderBlobs(service.data / "objetos")
    for file in acuses:
        row = rows[file.acuse.folio]
        assert bytes(row.acuse) == file.acuse.encode(), "the acuse is that of the record"
        assert blobs.exists(row.cuerpo)
        assert row.estado == "en-mesa-de-control"
        assert row.datos is not None, "it was opened and read"


def check_mail(database: Database, box: TrialMailbox) -> None:
    """Each folio was told at least once; the database says so once."""
    text = "\n".join(message.get_content() for message in box.messages())
    with database.reading() as db:
        folios = db.execute(select(registros.c.folio)).scalars().all()
        states = db.execute(select(mensajes.c.estado, func.count()).group_by(mensajes.c.estado)).all()
    assert dict(map(tuple, states)) == {"entregado": PACKETS}
    missing = [folio for folio in folios if folio not in text]
    assert missing == []


def check_log(service: Service, acuses: list[AcuseFile]) -> None:
    """A program that shares no code with the service takes the log and the acuses."""
    for name in ("apoyo", "actos"):
        folder = service.data / "publico" / name / "log"
        command = [sys.executable, "-m", "certeza_verifier", "bitacora", str(folder)]
        subprocess.run(
            [*command, "--politica", str(folder / "politica.txt")], check=True, capture_output=True
        )
    some = service.data / "uno.acuse"
    some.write_bytes(acuses[-1].encode())
    policy = service.data / "publico" / "apoyo" / "log" / "politica.txt"
    command = [sys.executable, "-m", "certeza_verifier", "acuse", str(some), "--politica", str(policy)]
    subprocess.run(command, check=True, capture_output=True)
