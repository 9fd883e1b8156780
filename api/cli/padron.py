"""`certeza padron`: loading the padrón of a cut-off date, and saying which one answers."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

import click
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from api.cli import screen
from api.cli.lazy import LazyGroup
from api.cli.serve import SETTINGS, load_settings
from api.cli.spanish import PATH, Number
from api.padron.settings import make_key, read_key
from capture.padron import loading, store_sql
from capture.padron.line import Refused
from ledger.database import Database, open_engine

_HEADINGS = ("renglon", "columna", "se_esperaba", "se_encontro")
_STAGES = {"leer": "Leyendo el archivo", "guardar": "Guardando personas"}


class Day(click.ParamType):  # type: ignore[type-arg]
    """A date, AAAA-MM-DD."""

    name = "fecha"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"se esperaba una fecha, como 2026-11-27; se encontró «{value}».", param, ctx)


@click.group("padron", cls=LazyGroup)
def padron() -> None:
    """El padrón electoral con el que se hacen las compulsas."""


@padron.command("llave")
@click.argument("archivo", metavar="ARCHIVO", type=PATH)
def llave(archivo: Path) -> None:
    """Crea la llave que protege la tabla del padrón. Nunca sustituye una que exista."""
    make_key(archivo)
    screen.good(f"Llave en {archivo}. Anótela en los ajustes como padron.key_file.")
    screen.say("Sin ella no se puede consultar lo que se cargue: respáldela aparte de la base de datos.")


@padron.command("cargar")
@click.argument("archivo", metavar="ARCHIVO.csv", type=PATH)
@click.option("--corte", metavar="FECHA", type=Day(), required=True, help="Fecha de corte, AAAA-MM-DD.")
@click.option(
    "--rechazados",
    metavar="ARCHIVO",
    type=PATH,
    help="Dónde anotar los renglones rechazados; por omisión, ARCHIVO-rechazados.csv.",
)
@click.option(
    "--maximo-rechazados",
    "most",
    metavar="N",
    type=Number(0),
    default=0,
    show_default=True,
    help="Con más renglones rechazados que estos, el corte no entra en vigor.",
)
@SETTINGS
def cargar(archivo: Path, corte: date, rechazados: Path | None, most: int, ajustes: Path | None) -> None:
    """Carga un corte del padrón; entra en vigor solo cuando está completo.

    Columnas: clave_elector, cic, ocr, situacion, entidad. Mientras carga, responde el corte anterior.
    """
    settings = load_settings(ajustes)
    key = read_key(settings.padron.key_file)
    target = rechazados or archivo.with_name(f"{archivo.stem}-rechazados.csv")
    refusals = RefusalFile(target)
    with _database(settings.database_url) as database, archivo.open("rb") as file, refusals:
        with Bar(archivo.stat().st_size) as bar:
            work = loading.Loading(database, key, refusals.add, bar.show, lambda: datetime.now(UTC))
            try:
                made = work.run(loading.Source(file, archivo.name, corte, most))
            finally:
                refusals.flush()
        _say_loaded(made, corte, target)


def _say_loaded(made: loading.Loaded, corte: date, target: Path) -> None:
    screen.good(f"Corte del {corte:%d/%m/%Y} en vigor: {_people(made.accepted)}.")
    if made.refused:
        screen.warn(f"{made.refused:,} renglones rechazados; por qué, en {target}.")
    screen.say_whole(f"SHA-256 del archivo: {made.sha256.hex()}")


@padron.command("estado")
@SETTINGS
def estado(ajustes: Path | None) -> int:
    """Dice qué corte responde y qué cargas hubo. Con código de salida 1 cuando no hay ninguno."""
    with _database(load_settings(ajustes).database_url) as database, database.reading() as connection:
        loads = store_sql.history(connection)
    for one in loads:
        refused = f", {one.rechazados:,} renglones rechazados" if one.rechazados else ""
        screen.say(f"{one.fecha:%d/%m/%Y}  {one.estado:9}  {_people(one.aceptados)}{refused}")
    if any(one.estado == "vigente" for one in loads):
        return screen.OK
    screen.warn("ningún corte está en vigor: no se pueden hacer compulsas.")
    return screen.REFUSED


@contextmanager
def _database(url: str) -> Iterator[Database]:
    engine = open_engine(url)
    try:
        yield Database(engine)
    finally:
        engine.dispose()


class RefusalFile:
    """A CSV of refused lines, made when there is a first one. Only its owner reads it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, refused: Refused) -> None:
        """One line."""
        if self._file is None:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(_HEADINGS)
        row = (refused.renglon, refused.columna, refused.esperado, refused.encontrado)
        csv.writer(self._file).writerow(row)

    def flush(self) -> None:
        """Tell where the lines are, also when the load was refused because of them."""
        if self._file is not None:
            self._file.flush()
            screen.warn(f"hubo renglones rechazados; por qué, en {self._path}.")


class Bar:
    """The two stages of a load on the screen; nothing when the screen is a file."""

    def __init__(self, size: int) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
        console = screen.console(to_error=True)
        self._size = size
        self._bar = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
        self._tasks: dict[str, TaskID] = {}
        self._accepted = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, progress: loading.Progress) -> None:
        """How far it is."""
        if progress.stage not in self._tasks:
            total = self._size if progress.stage == "leer" else self._accepted
            self._tasks[progress.stage] = self._bar.add_task(_STAGES[progress.stage], total=total, told="")
        self._accepted = progress.accepted if progress.stage == "leer" else self._accepted
        told = f"{_people(progress.accepted)}, {progress.refused:,} rechazados"
        self._bar.update(self._tasks[progress.stage], completed=progress.done, told=told)


def _people(number: int) -> str:
    return f"{number:,} {'persona' if number == 1 else 'personas'}"
