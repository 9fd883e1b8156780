"""`certeza serve` and `certeza migrate`: the HTTP service and its database."""

from __future__ import annotations

import os
from pathlib import Path

import click
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from api.cli import screen, serving
from api.cli.clock import clock, given
from api.cli.spanish import PATH
from api.http.refusals import fields_of
from api.settings import Settings
from ledger.errors import AnotherSequencer

SETTINGS = click.option(
    "--ajustes",
    metavar="ARCHIVO",
    type=PATH,
    help="TOML con los ajustes; sin él, certeza.toml o lo que diga CERTEZA_SETTINGS.",
)


def load_settings(file: Path | None) -> Settings:
    """The settings of `file` and the environment. Raises CommandFailed, naming each setting that is wrong."""
    named = file or os.environ.get("CERTEZA_SETTINGS")
    if named:
        Path(named).open("rb").close()  # one that cannot be read is not the same as none
        os.environ["CERTEZA_SETTINGS"] = str(named)
    try:
        return _allowed(Settings())
    except ValidationError as error:
        names = "; ".join(f"{name}: {message}" for name, message in fields_of(error.errors()))
        raise screen.CommandFailed(f"Hay ajustes que corregir. {names}") from None
    except ValueError as error:
        raise screen.CommandFailed(f"El archivo de ajustes no es TOML: {error}.") from None


def _allowed(settings: Settings) -> Settings:
    """With people's data there is one clock."""
    if settings.production and given() is not None:
        raise screen.CommandFailed("En producción el servicio solo se rige por el reloj del sistema.")
    return settings


_ANOTHER = (
    "Otro servicio de Certeza ya atiende con esta base de datos, y solo uno a la vez escribe la bitácora. "
    "Detenga aquel antes de iniciar este; si terminó de golpe, espere un minuto."
)


@click.command()
@SETTINGS
@serving.HOST
@serving.PORT
def serve(ajustes: Path | None, direccion: str, puerto: int) -> None:
    """Atiende por HTTP hasta que se detenga con Ctrl+C o SIGTERM."""
    from api import wiring
    from api.http import logs

    settings = load_settings(ajustes)
    logs.configure()
    listening = serving.listen(direccion, puerto)
    try:
        app = wiring.application(settings, clock())
    except AnotherSequencer:
        raise screen.CommandFailed(_ANOTHER) from None
    screen.say(f"Certeza atiende en {serving.address(listening)}")
    serving.serve_service(listening, app, settings.http)


@click.command()
@SETTINGS
@click.option("--estado", is_flag=True, help="Solo dice en qué versión está la base de datos.")
def migrate(ajustes: Path | None, estado: bool) -> None:
    """Lleva las tablas de la base de datos a la versión de este programa."""
    from api import database_version
    from ledger.database import Database, open_engine

    settings = load_settings(ajustes)
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(open_engine(settings.database_url))
    try:
        version = database_version.version_of(database) if estado else database_version.migrate(database)
    except SQLAlchemyError as error:
        raise screen.CommandFailed(f"La base de datos no responde: {type(error).__name__}.") from None
    state = (
        "al día" if version.is_current else f"en {version.present or 'ninguna'}; hace falta {version.needed}"
    )
    screen.say(f"Base de datos: {state}.")
