"""`certeza consulta`: consultations from the server itself, of a TOML that people can read and review."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from api.accounts.administration import SYSTEM
from api.acts.acts import SqlActs
from api.cli import screen
from api.cli.clock import clock
from api.cli.lazy import LazyGroup
from api.cli.serve import SETTINGS, load_settings
from api.cli.spanish import PATH
from api.database_version import require_current
from capture.records.ports import Done
from ledger.database import Database
from tally.consulta.cronograma import NAMES, Fase
from tally.consulta.form import MAX_BYTES, ConsultaForm, read_json, read_toml
from tally.consulta.store_sql import Consultas


@click.group("consulta", cls=LazyGroup)
def consulta() -> None:
    """Las consultas por internet: crearlas de un archivo y ver cómo van."""


@contextmanager
def _database(settings_file: Path | None) -> Iterator[Database]:
    from api import wiring

    database = wiring.open_database(load_settings(settings_file))
    try:
        require_current(database)
        yield database
    finally:
        database.engine.dispose()


@consulta.command("crear")
@click.argument("archivo", metavar="ARCHIVO", type=PATH)
@SETTINGS
def crear(archivo: Path, ajustes: Path | None) -> None:
    """Crea una consulta de un archivo TOML o JSON, en preparación."""
    form = _read(archivo)
    with _database(ajustes) as database, database.writing() as db:
        now = _now()
        Consultas(db).add(form, SYSTEM.account, now)
        detail = {"unidades": str(len(form.unidades))}
        act = Done(SYSTEM.account, SYSTEM.role.value, "consulta.alta", form.id, now, detail=detail)
        SqlActs(os.urandom).record(db, act)
    screen.good(f"Consulta {form.id}: {len(form.unidades)} Unidades Territoriales, en preparación.")
    _say_plan(form)
    screen.say("Sigue: designar las cuentas de las personas custodias y anunciar la ceremonia de llaves.")


def _read(path: Path) -> ConsultaForm:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    return read_json(data, path.name) if path.suffix == ".json" else read_toml(data, path.name)


def _say_plan(form: ConsultaForm) -> None:
    for fase in Fase:
        screen.say(f"  {NAMES[fase]}: {form.cronograma[fase].words}")


@consulta.command("estado")
@SETTINGS
def estado(ajustes: Path | None) -> None:
    """Dice las consultas que hay, su estado y qué fases están abiertas."""
    with _database(ajustes) as database, database.reading() as db:
        found = Consultas(db).all()
    for one in found:
        phases = ", ".join(fase.value for fase in one.cronograma.during(_now()))
        screen.say(f"{one.id}  {one.estado.value}  {phases or 'ninguna fase abierta'}")
    if not found:
        screen.say("No hay consultas.")


def _now() -> datetime:
    return clock()()
