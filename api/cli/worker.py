"""`certeza worker`: the processing service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from api.cli import screen
from api.cli.serve import SETTINGS, load_settings


@click.command()
@SETTINGS
def worker(ajustes: Path | None) -> None:
    """Procesa lo recibido, entrega mensajes y guarda las llaves, hasta que se le detenga (Ctrl+C)."""
    from api.http import logs
    from api.worker import queue, wiring
    from api.worker.beats import Beats

    settings = load_settings(ajustes)
    logs.configure()
    services = wiring.build_worker(settings)
    jobs = queue.open_queue(settings)
    queue.declare(jobs, services, wiring.JOBS)
    consumer = jobs.create_consumer(workers=settings.worker.job_threads, graceful_signal="TERM")
    loops, beats = wiring.loops_of(services), Beats(services.database, services.clock)
    with _vault(services):
        for loop in loops:
            loop.start(beats)
        screen.say("El servicio de procesamiento está en marcha.")
        try:
            consumer.run()
        finally:
            for loop in loops:
                loop.stop()
    screen.say("El servicio de procesamiento se detuvo.")


@contextmanager
def _vault(services: Any) -> Iterator[None]:
    """The bóveda answers on its socket while the block runs."""
    from api.vault.running import running_vault

    socket = services.settings.vault.socket or services.settings.data / "boveda.sock"
    with running_vault(services.chamber, socket, services.settings.vault):
        yield
