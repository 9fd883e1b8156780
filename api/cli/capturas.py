"""`certeza capturas`: where, when and with which device records were captured, on the processing machine."""

from __future__ import annotations

import getpass
import os
from datetime import datetime
from pathlib import Path

import click

from api.cli import screen
from api.cli.serve import SETTINGS, load_settings
from api.cli.spanish import PATH
from capture.records.ports import Done
from keys import atomic_file


@click.command("capturas")
@click.argument("folio", metavar="ID_PROCESO")
@click.option("--salida", metavar="ARCHIVO.csv", type=PATH, required=True, help="Dónde escribirlas.")
@SETTINGS
def capturas(folio: str, salida: Path, ajustes: Path | None) -> None:
    """Escribe días, horas, dispositivos y coordenadas de captura de un proceso (CSV), y deja constancia.

    Se usa donde está la bóveda: las coordenadas reposan cifradas.
    """
    from api.worker.wiring import build_worker
    from capture.reports.captures import Captures, write_csv

    services = build_worker(load_settings(ajustes))
    now = services.clock()
    temporary = salida.with_name(f".{salida.name}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, atomic_file.PRIVATE)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            amount = write_csv(Captures(services.database, services.boveda).of_process(folio, now), file)
            file.flush()
            os.fsync(file.fileno())
        with services.database.writing() as connection:
            services.acts.record(connection, _act(folio, amount, now))
        temporary.replace(salida)
    finally:
        temporary.unlink(missing_ok=True)
        services.database.engine.dispose()
    screen.good(f"{amount:,} capturas de {folio} en {salida}. Solo su dueño puede leer el archivo.")


def _act(folio: str, amount: int, now: datetime) -> Done:
    who = f"consola:{getpass.getuser()}"[:64]
    return Done(who, "derfe_admin", "capturas.exportar", folio, now, detail={"registros": str(amount)})
