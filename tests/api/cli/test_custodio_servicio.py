"""Custodios who work with a service over HTTP: a real server, and the orders that they type."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from api.accounts.permissions import Role
from api.accounts.session import Grant
from api.accounts.states import State
from api.accounts.store_sql import Accounts
from api.accounts.tables import cuentas
from api.cli import remote, screen
from api.database_version import migrate
from ledger.database import Database, open_engine
from tally.consulta.cronograma import Fase
from tally.consulta.cronograma_2022 import default_of
from tests.api.accounts.people import GOOD_PASSWORD, App, active, application
from tests.api.cli.test_ceremonia import PHRASE, Person, run
from tests.api.consultas.town import ID, URL, Town, opened_town, spoiled
from tests.api.killing import HOST, free_port
from tests.api.populated import HERE

__all__ = ["run"]
pytestmark = pytest.mark.req("SEI-22")
PLAN = default_of(2026)
"""All of it is over: the server's clock is that of the machine."""
VOTES = {"ana": 1, "eva": 2, "luz": 0}
WAIT_SECONDS = 600.0
DISTRICT = 9
MINUTE = timedelta(minutes=1)


@dataclass
class Desk:
    """What each custodio has: a session, a key, and a folder of their own."""

    run: Person
    root: Path
    address: str = ""

    def __post_init__(self) -> None:
        self.phrase = self.root / "frase"
        self.phrase.write_text(f"{PHRASE}\n")
        self.phrase.chmod(0o600)

    def session(self, index: int) -> Path:
        return self.root / f"sesion-{index}"

    def folder(self, index: int) -> Path:
        return self.root / f"carpeta-{index}"

    def offline(self, order: str, index: int, *more: object, code: int = 0) -> str:
        key = ("--llave", self.root / f"llave-{index}", "--frase-archivo", self.phrase)
        return self.run("custodio", order, *more, *key, code=code)

    def online(self, order: str, index: int | None, *more: object, code: int = 0) -> str:
        where = ("--servicio", self.address, "--consulta", ID)
        who = () if index is None else ("--sesion", self.session(index))
        return self.run("custodio", order, *more, *where, *who, code=code)


@contextmanager
def served(root: Path, database: str, address: str) -> Iterator[None]:
    """`certeza serve` in a process of its own."""
    port = address.rpartition(":")[2]
    environment = {"CERTEZA_DATA": str(root / "datos"), "CERTEZA_DATABASE": database}
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli.main", "serve", "--puerto", port],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + WAIT_SECONDS
    try:
        while time.monotonic() < deadline:
            assert process.poll() is None, "the server ended by itself"
            with suppress(httpx.HTTPError):
                if httpx.get(f"{address}/salud", timeout=60).is_success:
                    break
            time.sleep(0.2)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _sessions(town: Town, desk: Desk) -> dict[int, str]:
    """A session of each custodio, in a file, one of the UTSI (its token under 0) and one of the district."""
    now, means = datetime.now(UTC), town.services.accounts.means
    who = {0: ("utsi", Role.UTSI), DISTRICT: ("distrito", Role.DIRECCION_DISTRITAL)}
    who |= {i: (f"consejo-{i}", Role.CONSEJO_GENERAL) for i in (1, 2, 3)}
    tokens = {}
    with town.services.database.writing() as db:
        for index, (account, role) in who.items():
            db.execute(update(cuentas).where(cuentas.c.id == account).values(estado=State.ACTIVA.value))
            tokens[index] = means.open_session(db, account, Grant(role), HERE, now, now).token
            remote.save_session(desk.session(index), desk.address, tokens[index])
    return tokens


@pytest.fixture
def desk(run: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("COLUMNS", "240")
    return Desk(run, tmp_path)


def test_custodios_hold_the_ceremony_and_open_the_urns_through_a_service(desk: Desk, tmp_path: Path) -> None:
    """One process at a time writes the log: the server runs between what is done in this one."""
    url = f"sqlite:///{tmp_path / 'certeza.db'}"
    database = Database(open_engine(url))
    migrate(database)
    desk.address = f"http://{HOST}:{free_port()}"
    with opened_town(database, tmp_path) as town:
        tokens, app = _prepare(town, desk)
    with served(tmp_path, url, desk.address):
        _enter(desk, app.code(datetime.now(UTC)))
        _ceremony(desk)
        _rehearse(desk, tokens[0])
    with opened_town(database, tmp_path) as town:
        _vote(town)
        _sessions(town, desk)
    with served(tmp_path, url, desk.address):
        _open(desk)


def _prepare(town: Town, desk: Desk) -> tuple[dict[int, str], App]:
    town.now = PLAN[Fase.PREREGISTRO].inicio - timedelta(days=30)
    town.create(anio=2026, k=2)
    with town.services.database.writing() as db:
        Accounts(db).add_staff("utsi", application(Role.UTSI, "utsi@iecm.mx"), "sistema", town.now)
    town.done(Role.UTSI, "POST", f"{URL}/ceremonia")
    asked = application(Role.CONSEJO_GENERAL, "entra@ine.mx")
    enters = active(town.services.accounts, asked, datetime.now(UTC) - 5 * MINUTE)
    return _sessions(town, desk), enters.app


def _enter(desk: Desk, code: str) -> None:
    password, session = desk.root / "contrasena", desk.root / "sesion"
    password.write_text(GOOD_PASSWORD)
    password.chmod(0o600)
    typed = ("--servicio", desk.address, "--sesion", session, "--correo", "entra@ine.mx")
    wrong = desk.run("custodio", "entrar", *typed, "--codigo", "1", "--contrasena-archivo", password, code=1)
    assert "Hay que iniciar sesión" in wrong
    assert not session.exists()
    told = desk.run("custodio", "entrar", *typed, "--codigo", code, "--contrasena-archivo", password)
    assert "Sesión iniciada" in told
    assert stat.S_IMODE(session.stat().st_mode) == 0o600
    token = json.loads(session.read_text())["testigo"]
    assert token not in told
    # A custodio of no consultation: nothing is in sight, and nothing is handed in.
    where = ("--servicio", desk.address, "--consulta", "otra", "--sesion", session)
    assert "No existe" in desk.run("custodio", "traer", desk.root / "nada", *where, code=1)


def _ceremony(desk: Desk) -> None:
    steps = {"certificado": lambda i: ("--indice", i), "polinomio": lambda _: (), "verificar": lambda _: ()}
    for order, more in steps.items():
        for index in (1, 2, 3):
            desk.online("traer", index, desk.folder(index))
            desk.offline(order, index, desk.folder(index), *more(index))
            told = desk.online("entregar", index, desk.folder(index))
            assert "Entregado y aceptado" in told
    assert "Estado: completa" in told
    assert "Huella de trustees.json" in told
    assert "No hay nada por entregar" in desk.online("entregar", 3, desk.folder(3))
    desk.online("traer", 3, desk.folder(3))
    assert "está completo y correcto" in desk.offline("huella", 3, desk.folder(3))
    (desk.folder(2) / "ceremonia.json").write_text("{}")
    assert "es de otra ceremonia" in desk.online("traer", 2, desk.folder(2), code=1)


def _rehearse(desk: Desk, utsi: str) -> None:
    headers = {"authorization": f"Bearer {utsi}"}
    with httpx.Client(base_url=desk.address, headers=headers, timeout=WAIT_SECONDS) as http:
        assert http.post(f"{URL}/ceremonia/ensayo").is_success
        for index in (1, 3):
            desk.online("traer", index, desk.folder(index))
            desk.offline("ensayo", index, desk.folder(index))
            assert "respuesta-" in desk.online("entregar", index, desk.folder(index))
        assert http.post(f"{URL}/ceremonia/ensayo/acta").json() == {"estado": "lista"}
    told = desk.online("estado", 1)
    assert "lista" in told and "Estado: completa" in told


def _vote(town: Town) -> None:
    for person in VOTES:
        town.register(person, "09-001")
    town.register("leo", "09-002")
    town.now = PLAN[Fase.VALIDACION].fin + timedelta(hours=8)
    town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/apertura")
    town.now = PLAN[Fase.OPINION].inicio + timedelta(hours=3)
    for person, mark in VOTES.items():
        town.opine(person, "09-001", mark)
    town.now = PLAN[Fase.OPINION].fin
    town.look()
    assert town.done(None, "GET", URL)["estado"] == "cerrada"


def _open(desk: Desk) -> None:
    copy = desk.root / "copia"
    assert "Registro público en" in desk.run(
        "custodio", "publico", copy, "--servicio", desk.address, "--consulta", ID
    )
    shares = {index: desk.root / f"aportacion-{index}.jsonl" for index in (1, 2, 3)}
    for index, share in shares.items():
        desk.offline("apertura", index, copy, "--salida", share, "--procesos", "1")
    wrong = desk.root / "alterada.jsonl"
    wrong.write_bytes(spoiled(shares[2].read_bytes()))
    assert "No es válida: " in desk.online("aportar", 2, wrong, code=1)
    assert "aportacion.custodio" in desk.online("aportar", 3, shares[1], code=1)
    first = desk.online("aportar", 1, shares[1])
    assert "es válida" in first and "1 válidas de 2 necesarias" in first
    assert "Con las que llegaron se puede abrir" in desk.online("aportar", 3, shares[3])
    told = desk.online("estado", None)
    assert told.count("✓ aceptada") == 2
    assert "rechazada" in told and "UT 09-002" in told
    where = ("--servicio", desk.address, "--consulta", ID, "--sesion", desk.session(DISTRICT))
    early = desk.run("mesa", "entregar", wrong, "09-002", *where, code=1)
    assert "mesa.publicada" in early


@pytest.mark.parametrize("address", ["http://ejemplo.mx", "ftp://127.0.0.1", "ejemplo", "https://a:b@c.mx"])
def test_a_password_never_travels_in_the_open(address: str) -> None:
    with pytest.raises(screen.CommandFailed):
        remote.service_at(address)


def test_a_session_is_only_for_the_service_that_gave_it(tmp_path: Path) -> None:
    file = tmp_path / "sesion"
    remote.save_session(file, "https://uno.mx", "secreto")
    assert remote.opened_with(file, "https://uno.mx").token == "secreto"
    with pytest.raises(screen.CommandFailed, match="es de otro servicio"):
        remote.opened_with(file, "https://otro.mx")
    file.write_text("[]")
    with pytest.raises(screen.CommandFailed, match="no es una sesión"):
        remote.opened_with(file, "https://uno.mx")
