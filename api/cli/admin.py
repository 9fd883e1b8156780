"""`certeza admin`: accounts, from the machine itself: the first administrator, and what cannot wait."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from api.accounts.administration import SYSTEM
from api.accounts.desk import AccountsDesk
from api.accounts.permissions import INSTITUTIONAL, Role
from api.accounts.service_key import make_key
from api.accounts.staff import Account, Application, Oficio, normal_email
from api.accounts.states import Event
from api.accounts.store_sessions import Sessions
from api.accounts.store_sql import Accounts
from api.cli import screen
from api.cli.clock import clock
from api.cli.lazy import LazyGroup
from api.cli.serve import SETTINGS, load_settings
from api.cli.spanish import Day, OneOf
from api.cli.times import spoken
from api.database_version import require_current
from api.outbox.outbox import Outbox

ROLES = OneOf(*sorted(role.value for role in INSTITUTIONAL))
EMAIL = click.argument("correo")
REASON = click.option("--razon", required=True, metavar="TEXTO", help="Por qué; queda en la bitácora.")


@click.group("admin", cls=LazyGroup)
def admin() -> None:
    """La administración de cuentas desde el servidor."""


@admin.group("cuenta", cls=LazyGroup)
def account_group() -> None:
    """Cuentas institucionales: alta, suspensión y sesiones."""


def _data(function: click.decorators.FC) -> click.decorators.FC:
    """The data of source 001, 4.3."""
    options = (
        click.option("--nombre", required=True, metavar="TEXTO", help="Nombre completo."),
        click.option("--cargo", required=True, metavar="TEXTO", help="Cargo."),
        click.option("--correo", required=True, metavar="CORREO", help="Correo electrónico institucional."),
        click.option("--telefono", required=True, metavar="NÚMERO", help="Diez dígitos; admite « ext. 123»."),
        click.option("--oficio", required=True, metavar="NÚMERO", help="Número del oficio que la pide."),
        click.option(
            "--fecha-oficio",
            required=True,
            metavar="AAAA-MM-DD",
            type=Day(),
            help="Fecha del oficio.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@contextmanager
def _desk(settings_file: Path | None, *, first: bool = False) -> Iterator[AccountsDesk]:
    from api import wiring, wiring_accounts

    settings = load_settings(settings_file)
    database = wiring.open_database(settings)
    outbox = Outbox(clock(), os.urandom)
    try:
        require_current(database)
        key_file = settings.accounts.key_file or settings.data / "cuentas.llave"
        if first and not key_file.exists():
            make_key(key_file)
            screen.good(
                f"Se hizo la llave de las cuentas: {key_file}. Respáldela aparte de la base de datos."
            )
        yield wiring_accounts.open_accounts(settings, database, outbox, os.urandom)
    finally:
        database.engine.dispose()


def _now() -> datetime:
    return clock()()


@admin.command("iniciar")
@SETTINGS
@_data
def iniciar(ajustes: Path | None, fecha_oficio: date, **data: str) -> None:
    """Da de alta la primera cuenta derfe_admin. Se niega cuando ya hay una."""
    asked = _application(data, Role.DERFE_ADMIN, None, fecha_oficio)
    with _desk(ajustes, first=True) as desk, desk.means.database.writing() as db:
        account, address = desk.administration.create_first(db, asked, _now())
    _say_created(account, address)


@account_group.command("crear")
@SETTINGS
@_data
@click.option("--rol", type=ROLES, required=True, help="Qué podrá hacer.")
@click.option("--opl", metavar="ID", help="El OPL de quien trabaja en uno.")
def crear(ajustes: Path | None, fecha_oficio: date, rol: str, opl: str | None, **data: str) -> None:
    """Da de alta una cuenta institucional y muestra su enlace de un solo uso."""
    asked = _application(data, Role(rol), opl, fecha_oficio)
    with _desk(ajustes) as desk, desk.means.database.writing() as db:
        account, address = desk.administration.create(db, asked, SYSTEM, _now())
    _say_created(account, address)


def _application(data: dict[str, str], role: Role, opl: str | None, day: date) -> Application:
    oficio = Oficio(data["oficio"], day)
    named = (data["nombre"], data["cargo"], data["correo"], data["telefono"])
    return Application(*named, role, opl, oficio)


def _say_created(account: Account, address: str) -> None:
    screen.good(f"Cuenta {account.id} ({account.correo}). El enlace también va por correo:")
    screen.say_whole(address)


@account_group.command("suspender")
@SETTINGS
@EMAIL
@REASON
def suspender(ajustes: Path | None, correo: str, razon: str) -> None:
    """Suspende una cuenta; sus sesiones se cierran en este momento."""
    with _desk(ajustes) as desk, desk.means.database.writing() as db:
        account = _found(Accounts(db), correo)
        state = desk.administration.happen(db, account.id, Event.SUSPENSION, SYSTEM, _now(), razon)
    screen.good(f"{account.correo}: {state.value}")


@account_group.command("sesiones")
@SETTINGS
@EMAIL
def sesiones(ajustes: Path | None, correo: str) -> None:
    """Muestra las sesiones abiertas de una cuenta. No escribe nada."""
    with _desk(ajustes) as desk, desk.means.database.reading() as db:
        found = Sessions(db).of_account(_found(Accounts(db), correo).id)
    now = _now()
    for one in [session for session in found if session.vence > now]:
        seen = spoken(int(one.vista.timestamp()))
        screen.say(f"{one.id}  {one.grant.role.value}  última vez {seen}  {one.agente}")


@account_group.command("revocar")
@SETTINGS
@EMAIL
@REASON
def revocar(ajustes: Path | None, correo: str, razon: str) -> None:
    """Cierra todas las sesiones de una cuenta."""
    with _desk(ajustes) as desk, desk.means.database.writing() as db:
        account = _found(Accounts(db), correo)
        closed = desk.administration.revoke(db, account.id, SYSTEM, _now(), razon)
    screen.good(f"{account.correo}: sesiones cerradas, {closed}")


def _found(accounts: Accounts, email: str) -> Account:
    account = accounts.staff_with(normal_email(email))
    if account is None:
        raise screen.CommandFailed(f"No hay una cuenta institucional con el correo {email}.")
    return account
