"""What the service stands on fails for a while: it says so, loses nothing, and then goes on by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.outbox.tables import mensajes
from api.trial.mailbox import trial_mailbox
from capture.packet.envelope import Envelope
from capture.processes.tables import procesos
from capture.records.states import Causa
from capture.records.tables import registros, transiciones
from ledger.database import Database, open_engine
from tests.api.faulty import answered, full, small_medium, states
from tests.api.killing import PATIENCE, Service, killable_postgres, running, wait_for_postgres
from tests.api.test_kills import programs, registered_now
from tests.capture.intake.registering import Registered
from tests.capture.packet.making import packet
from tests.ledger.signing import WITNESSES

pytestmark = pytest.mark.slow
OK, NOT_NOW, NO_ROOM = 200, 503, 507
PACKETS = 6
MESA = "en-mesa-de-control"
_QUICK = {
    "CERTEZA_OUTBOX__SECONDS": "0.1",
    "CERTEZA_OUTBOX__GROUP_SECONDS": "0.2",
    "CERTEZA_OUTBOX__FIRST_RETRY_SECONDS": "1",
    "CERTEZA_WORKER__LOOK_SECONDS": "0.2",
    "CERTEZA_LOGS__WAIT_SECONDS": "3",
}


class World:
    """A service over a database, and packets for it."""

    def __init__(self, data: Path, address: str, **settings: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.service = Service(data, {**_QUICK, "CERTEZA_DATABASE": address, **settings})
        self.service.migrate()
        self.database = Database(open_engine(address))
        self.made: Registered = registered_now(self.service, self.database)
        self._sent = 0

    def packets(self, count: int = PACKETS) -> list[tuple[Envelope, bytes]]:
        """New ones, captured now."""
        with self.database.reading() as db:
            recipient = db.execute(select(procesos.c.recipiente).limit(1)).scalar_one()
        key, moment = self.made.keys[self.made.device], datetime.now(UTC).replace(microsecond=0)
        first, self._sent = self._sent, self._sent + count
        return [
            packet(key, recipient, dispositivo=self.made.device, capturado=moment, numero=f"{n:09}")
            for n in range(first, self._sent)
        ]

    def send(self, packets: list[tuple[Envelope, bytes]]) -> list[int]:
        """What each one is answered."""
        return [answered(self.service.url, envelope, body) for envelope, body in packets]

    def verify_log(self) -> None:
        """By the program that shares no code with the service."""
        folder = self.service.data / "publico" / "apoyo" / "log"
        command = [sys.executable, "-m", "certeza_verifier", "bitacora", str(folder)]
        subprocess.run(
            [*command, "--politica", str(folder / "politica.txt")], check=True, capture_output=True
        )


def eventually(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "no llegó a suceder"
        time.sleep(0.1)


@contextmanager
def sqlite_world(data: Path, **settings: str) -> Iterator[World]:
    world = World(data, f"sqlite:///{data / 'base' / 'certeza.db'}", **settings)
    with running(world.service):
        yield world
    world.database.engine.dispose()


@pytest.mark.req("APO-16")
@pytest.mark.parametrize("place", ["objetos", "base", "publico", "bitacoras"])
def test_on_a_full_disk_nothing_is_half_written_and_afterwards_all_goes_in(
    tmp_path: Path, place: str
) -> None:
    data = tmp_path / "datos"
    (data / "base").mkdir(parents=True)
    with small_medium(data / place) as medium, sqlite_world(data) as world:
        before, during = world.packets(), world.packets()
        assert world.send(before) == [OK] * PACKETS
        eventually(lambda: states(world.database) == {MESA: PACKETS})
        time.sleep(1.5)  # the leaves of those changes go into the log
        with full(medium):
            assert set(world.send(during)) <= {NO_ROOM, NOT_NOW}
            assert world.send(before) in ([OK] * PACKETS, [NOT_NOW] * PACKETS), "what was kept stays kept"
        assert world.send(during) == [OK] * PACKETS
        assert world.send(before) == [OK] * PACKETS
        eventually(lambda: states(world.database) == {MESA: 2 * PACKETS})
        check_bodies(world)
        world.verify_log()


def check_bodies(world: World) -> None:
    """Each record has its whole body, and nothing else is there."""
    with world.database.reading() as db:
        kept = {row.cuerpo: row.tamano for row in db.execute(select(registros))}
    root = world.service.data / "objetos"
    found = {str(file.relative_to(root)): file.stat().st_size for file in root.glob("registros/**/*.age")}
    assert found == kept
    assert not [file for file in (root / ".parciales").rglob("*") if file.is_file()]


def test_mails_wait_while_their_server_is_down(tmp_path: Path) -> None:
    with trial_mailbox(tmp_path / "antes") as box:
        port = box.port
    smtp = {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "ninguna"}
    settings = {f"CERTEZA_OUTBOX__SMTP__{name}": value for name, value in smtp.items()}
    (tmp_path / "datos" / "base").mkdir(parents=True)
    with sqlite_world(tmp_path / "datos", **settings) as world:
        packets = world.packets()
        assert world.send(packets) == [OK] * PACKETS
        time.sleep(2)
        assert mails(world.database) == {"pendiente": PACKETS}
        with trial_mailbox(tmp_path / "correo", port) as box:
            eventually(lambda: mails(world.database) == {"entregado": PACKETS})
            text = "\n".join(message.get_content() for message in box.messages())
        assert [envelope.folio for envelope, _ in packets if envelope.folio not in text] == []


def mails(database: Database) -> dict[str, int]:
    with database.reading() as db:
        wanted = select(mensajes.c.estado, func.count()).group_by(mensajes.c.estado)
        return {row[0]: row[1] for row in db.execute(wanted)}


@pytest.mark.req("APO-14")
def test_records_wait_while_the_boveda_is_down(tmp_path: Path) -> None:
    (tmp_path / "datos" / "base").mkdir(parents=True)
    with sqlite_world(tmp_path / "datos") as world:
        keys, away = world.service.data / "boveda", world.service.data / "desmontada"
        keys.rename(away)
        keys.mkdir()
        assert world.send(world.packets()) == [OK] * PACKETS
        time.sleep(1.5)
        assert MESA not in states(world.database)
        keys.rmdir()
        away.rename(keys)
        eventually(lambda: states(world.database) == {MESA: PACKETS})
        with world.database.reading() as db:
            causes = db.execute(select(transiciones.c.causa)).scalars().all()
        assert Causa.CUERPO_NO_ABRE.value not in causes


def test_connections_come_back_after_postgresql_was_restarted(tmp_path: Path) -> None:
    with killable_postgres(programs()) as (postgres, address):
        world = World(tmp_path / "datos", address)
        with running(world.service):
            before, during = world.packets(), world.packets()
            assert world.send(before) == [OK] * PACKETS
            server, worker = world.service.server.process, world.service.worker.process
            postgres.kill(signal.SIGINT)
            assert set(world.send(during[:1])) == {NOT_NOW}
            postgres.start()
            wait_for_postgres(address)
            eventually(lambda: set(world.send(during)) == {OK})
            eventually(lambda: states(world.database) == {MESA: 2 * PACKETS})
            assert server is not None and server.poll() is None, "the same server all along"
            assert worker is not None and worker.poll() is None
            world.verify_log()
        world.database.engine.dispose()


def test_a_witness_that_is_down_stops_no_acuse(tmp_path: Path) -> None:
    data = tmp_path / "datos"
    (data / "base").mkdir(parents=True)
    (data / "politicas").mkdir()
    text = f"witness t {WITNESSES[0].key.encode()} http://127.0.0.1:9/\nquorum t\n"
    (data / "politicas" / "apoyo.politica").write_text(text)
    with sqlite_world(data, CERTEZA_LOGS__POLICY_FOLDER=str(data / "politicas")) as world:
        assert world.send(world.packets()) == [OK] * PACKETS


def test_a_second_service_over_one_database_refuses_to_start(tmp_path: Path) -> None:
    with killable_postgres(programs()) as (_, address):
        world = World(tmp_path / "datos", address)
        with running(world.service):
            second = Service(tmp_path / "segundo", world.service.environment | {"CERTEZA_DATABASE": address})
            ended = subprocess.run(
                second.server.command,
                env={**os.environ, **second.environment},
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            assert ended.returncode == 1
            assert "Otro servicio" in ended.stderr
            assert "Traceback" not in ended.stderr
            assert world.send(world.packets()) == [OK] * PACKETS, "the first one goes on"
        world.database.engine.dispose()
