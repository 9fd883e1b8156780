"""The simulated device against the service over a real connection, which is cut (APO-11, 13, 16)."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import func, select

from api import wiring
from api.accounts.permissions import Actor, Role
from api.cli import screen
from api.cli.main import certeza
from api.services import Services
from api.settings import Settings
from capture.device.capturing import Holder
from capture.device.courier import Courier, Patience
from capture.device.day import Offline, Sending, Sent
from capture.device.folder import DeviceFolder
from capture.device.mischief import Mischief
from capture.device.service import Service
from capture.device.showing import mosaics
from capture.packet.device_key import encode_key
from capture.records.tables import registros
from keys.randomness import SeededRandomness
from ledger.acuse import parse_acuse_file
from ledger.database import Database
from tests.capture.intake.registering import Registered, register
from tests.capture.packet.making import NOON, PROCESO

COUNT = 24
Clock = Callable[[], datetime]


@contextmanager
def served(
    database: Database, folder: Path, actor: Actor | None = None, clock: Clock = lambda: NOON
) -> Iterator[tuple[Services, str]]:
    """The service on a port of its own, and its address; everybody is `actor`."""
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(data=folder / "servidor", database=url)
    services = replace(wiring.build_services(settings, clock), authenticate=lambda _request, _now: actor)
    app = wiring.application_of(services)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield services, f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def device(registered: Registered, folder: Path, policy: bytes) -> DeviceFolder:
    """A device whose key is the registered one."""
    made = DeviceFolder(folder / "dispositivo")
    registered.set_device(llave=encode_key(made.key().public_key()))
    holder = Holder(PROCESO, "auxiliar", registered.auxiliar, registered.device, registered.recipient, 1)
    made.set_holder(holder)
    made.pin(policy)
    return made


def captured(folder: DeviceFolder, count: int) -> None:
    holder = folder.holder()
    assert holder is not None
    clock = iter(NOON - timedelta(seconds=n) for n in range(10 * count))
    randomness = SeededRandomness("personas")
    offline = Offline(holder, folder.key(), folder.outbox(), lambda: next(clock), os.urandom, randomness)
    offline.capture_many(count, mosaics(60_000, os.urandom), lambda _done, _of: None)


async def sent(folder: DeviceFolder, address: str, mischief: Mischief | None, attempts: int = 12) -> Sent:
    async with httpx.AsyncClient(base_url=address) as http:
        courier = Courier(Service(http), Patience(attempts, 0.01), mischief)
        return await Sending(folder.outbox(), folder.policy(), courier, 6).all(lambda _done, _of: None)


async def policy_of(address: str) -> bytes:
    async with httpx.AsyncClient(base_url=address) as http:
        return await Service(http).policy()


@pytest.mark.req("APO-16")
def test_cut_connections_and_repeats_lose_nothing_and_double_nothing(
    database: Database, tmp_path: Path
) -> None:
    registered = register(database)
    with served(database, tmp_path) as (services, address):
        folder = device(registered, tmp_path, asyncio.run(policy_of(address)))
        captured(folder, COUNT)
        folios = {envelope.folio for envelope in folder.outbox().waiting()}
        made = asyncio.run(sent(folder, address, Mischief(SeededRandomness("mischief"))))
        assert (len(made.seconds), made.refused, made.unreachable) == (COUNT, {}, 0)
        assert list(folder.outbox().waiting()) == []
        with services.database.reading() as db:
            rows = db.execute(select(registros.c.folio, registros.c.codigo, registros.c.estado)).all()
        assert {row.folio for row in rows} == folios
        assert {row.estado for row in rows} == {"recibido"}
        codes = {parse_acuse_file(folder.outbox().acuse(folio)).acuse.code for folio in folios}
        assert codes == {row.codigo for row in rows}
        assert not list((tmp_path / "servidor" / "objetos" / ".parciales" / "cargas").glob("*/*"))


@pytest.mark.req("APO-13")
def test_a_server_that_stops_and_comes_back_finishes_what_was_begun(
    database: Database, tmp_path: Path
) -> None:
    registered = register(database)
    with served(database, tmp_path) as (_, address):
        folder = device(registered, tmp_path, asyncio.run(policy_of(address)))
        captured(folder, 4)
        always_cut = Mischief(SeededRandomness("x"))
        always_cut.cut = lambda size: size // 2  # type: ignore[method-assign]
        made = asyncio.run(sent(folder, address, always_cut, attempts=2))
        assert (len(made.seconds), made.unreachable) == (0, 4)
    assert asyncio.run(sent(folder, address, None, attempts=2)).unreachable == 4, "nobody answers"
    assert len(list(folder.outbox().waiting())) == 4
    with served(database, tmp_path) as (services, address):
        made = asyncio.run(sent(folder, address, None))
        assert (len(made.seconds), made.unreachable) == (4, 0)
        with services.database.reading() as db:
            assert db.execute(select(func.count()).select_from(registros)).scalar_one() == 4


@pytest.mark.req("APO-07")
def test_what_the_server_refuses_stays_on_the_device_and_says_why(database: Database, tmp_path: Path) -> None:
    registered = register(database)
    with served(database, tmp_path) as (_, address):
        folder = device(registered, tmp_path, asyncio.run(policy_of(address)))
        captured(folder, 2)
        registered.set_periodo(activo=False)
        made = asyncio.run(sent(folder, address, None))
        assert made.refused == {"paquete.inactivo": 2}
        assert len(list(folder.outbox().waiting())) == 2
        registered.set_periodo(activo=True)
        assert len(asyncio.run(sent(folder, address, None)).seconds) == 2


@pytest.mark.req("APO-07")
def test_a_device_registers_with_its_key_and_what_it_sends_then_is_received(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command line, as a rehearsal does it."""
    registered, day = register(database), timedelta(days=1)
    now = wiring.system_clock()
    registered.set_periodo(inicio=now - day, fin=now + day)
    auxiliar = Actor("cuenta", Role.AUXILIAR, proceso=PROCESO, auxiliar=registered.auxiliar)
    (tmp_path / "sesion").write_text("testigo\n")
    device = tmp_path / "dispositivo"
    with served(database, tmp_path, auxiliar, wiring.system_clock) as (services, address):
        asked = ["--proceso", PROCESO, "--auxiliar", registered.auxiliar, "--correo", "auxiliar@ejemplo.mx"]
        session = ["--sesion", str(tmp_path / "sesion")]
        where = [str(device), "--servidor", address]
        assert run("registrar", *where, *asked, *session) == screen.OK, capsys.readouterr().err
        assert run("registrar", *where, *asked, *session) == screen.OK, "the same key again"
        assert run("simular", *where, "--registros", "3", "--kilobytes", "40", "--fallas") == screen.OK
        told = capsys.readouterr().out
        assert "3 acuses comprobados" in told
        with services.database.reading() as db:
            senders = set(db.execute(select(registros.c.dispositivo)).scalars())
        holder = DeviceFolder(device).holder()
        assert holder is not None
        assert senders == {holder.dispositivo} != {registered.device}
    once = ["--registros", "1", "--kilobytes", "40", "--intentos", "1"]
    assert run("simular", *where, *once) == screen.REFUSED
    assert "1 sin enviar" in capsys.readouterr().err


def test_a_folder_without_a_device_says_what_to_do_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("simular", str(tmp_path / "nada"), "--servidor", "http://127.0.0.1:9") == screen.REFUSED
    assert "certeza captura registrar" in capsys.readouterr().err


def run(*arguments: str) -> int:
    return screen.run(certeza, ["captura", *arguments])
