"""`certeza admin`: the first administrator, and accounts from the machine itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from api import wiring, wiring_accounts
from api.accounts.desk import AccountsDesk
from api.accounts.tables import cuentas, sesiones
from api.acts.tables import actos
from api.cli import screen
from api.cli.main import certeza
from api.database_version import migrate
from api.outbox.outbox import Outbox
from api.outbox.tables import mensajes
from api.settings import Settings
from api.tables import ALL_METADATA
from tests.api.accounts.people import GOOD_PASSWORD, HERE, App

DATA = {
    "--nombre": "Ana de Prueba",
    "--cargo": "Titular",
    "--correo": "ana@ine.mx",
    "--telefono": "5512345678",
    "--oficio": "INE/1/2026",
    "--fecha-oficio": "2026-11-01",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CERTEZA_DATA", str(tmp_path))
    database = wiring.open_database(Settings())
    migrate(database)
    for metadata in ALL_METADATA:
        metadata.create_all(database.engine)
    database.engine.dispose()
    return tmp_path


def desk_of() -> AccountsDesk:
    settings = Settings()
    outbox = Outbox(wiring.system_clock, wiring.os.urandom)
    return wiring_accounts.open_accounts(settings, wiring.open_database(settings), outbox, wiring.os.urandom)


def order(*words: str, **changes: str) -> int:
    data = {**DATA, **{f"--{name.replace('_', '-')}": value for name, value in changes.items()}}
    return screen.run(certeza, ["admin", *words, *(part for pair in data.items() for part in pair)])


def link_in(text: str) -> str:
    return next(line for line in text.splitlines() if "/acceso#" in line).split("#")[1]


@pytest.mark.req("APO-01")
def test_the_first_administrator_gets_a_link_that_works(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert order("iniciar") == screen.OK
    token = link_in(capsys.readouterr().out)
    assert (folder / "cuentas.llave").stat().st_mode & 0o777 == 0o600
    desk, now = desk_of(), wiring.system_clock()
    app = App(desk.enrolment.look(token, now).secret or "")
    assert desk.enrolment.complete(token, GOOD_PASSWORD, app.code(now), HERE, now).recovery
    with desk.means.database.reading() as db:
        assert db.execute(select(mensajes.c.destino)).scalars().all()[0] == "ana@ine.mx"
        assert (
            db.execute(select(actos.c.quien).where(actos.c.tipo == "cuenta.alta")).scalar_one() == "sistema"
        )


def test_there_is_one_first_administrator(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert order("iniciar") == screen.OK
    key = (folder / "cuentas.llave").read_text()
    assert order("iniciar", correo="otra@ine.mx") == screen.REFUSED
    assert "cuenta.primera" in capsys.readouterr().err
    assert (folder / "cuentas.llave").read_text() == key


def test_accounts_are_made_shown_suspended_and_their_sessions_closed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order("iniciar")
    assert order("cuenta", "crear", correo="beto@ine.mx", rol="derfe_operador") == screen.OK
    token = link_in(capsys.readouterr().out.rpartition("beto@ine.mx")[2])
    desk, now = desk_of(), wiring.system_clock()
    app = App(desk.enrolment.look(token, now).secret or "")
    desk.enrolment.complete(token, GOOD_PASSWORD, app.code(now), HERE, now)
    account = ["admin", "cuenta"]
    assert screen.run(certeza, [*account, "sesiones", "BETO@ine.mx"]) == screen.OK
    assert "Navegador de prueba" in capsys.readouterr().out
    assert screen.run(certeza, [*account, "revocar", "beto@ine.mx", "--razon", "por si acaso"]) == screen.OK
    assert "sesiones cerradas, 1" in capsys.readouterr().out
    assert screen.run(certeza, [*account, "suspender", "beto@ine.mx", "--razon", "extravío"]) == screen.OK
    with desk.means.database.reading() as db:
        query = select(cuentas.c.estado).where(cuentas.c.correo == "beto@ine.mx")
        assert db.execute(query).scalar_one() == "suspendida"
        assert db.execute(select(func.count()).select_from(sesiones)).scalar_one() == 0


def test_tables_of_another_version_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CERTEZA_DATA", str(tmp_path))
    assert order("iniciar") == screen.REFUSED
    assert "base.version" in capsys.readouterr().err
    assert not (tmp_path / "cuentas.llave").exists()


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["sesiones", "nadie@ine.mx"], screen.REFUSED, "No hay una cuenta institucional"),
        (["sesiones", "no es"], screen.REFUSED, "cuenta.correo"),
        (["suspender", "nadie@ine.mx"], screen.USAGE, "--razon"),
        (["borrar"], screen.USAGE, "No existe la orden «borrar»"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, text: str
) -> None:
    assert screen.run(certeza, ["admin", "cuenta", *words]) == code
    assert text in capsys.readouterr().err


@pytest.mark.parametrize(("name", "value"), [("fecha_oficio", "ayer"), ("rol", "jefe")])
def test_wrong_values_are_told_in_spanish(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    assert order("cuenta", "crear", **{"rol": "derfe_admin", name: value}) == screen.USAGE
    assert value in capsys.readouterr().err


def test_a_role_of_an_opl_needs_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert order("cuenta", "crear", rol="opl_enlace") == screen.REFUSED
    assert "cuenta.opl" in capsys.readouterr().err
