"""`certeza worker`: the processing service."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from types import FrameType

import click

from api.cli import screen
from api.cli.clock import clock
from api.cli.serve import SETTINGS, load_settings


@click.command()
@SETTINGS
def worker(ajustes: Path | None) -> None:
    """Procesa lo recibido, entrega mensajes y guarda las llaves, hasta que se le detenga (Ctrl+C)."""
    from api.database_version import require_current
    from api.http import logs
    from api.reading import faces
    from api.vault.running import running_vault
    from api.worker import queue, wiring
    from api.worker.beats import Beats
    from api.worker.loops import running_loops
    from api.worker.yielding import yield_processor
    from capture.face.errors import EngineRefusal

    settings = load_settings(ajustes)
    logs.configure()
    yield_processor(settings.worker.niceness)
    try:
        services = wiring.build_worker(settings, clock())
    except EngineRefusal as refusal:
        raise screen.CommandFailed(faces.explained(refusal)) from None
    require_current(services.database)
    if (notice := services.reading.notice()) is not None:
        screen.warn(notice)
    consumer = queue.open_consumer(settings, services, wiring.JOBS)
    socket = settings.vault.socket or settings.data / "boveda.sock"
    loops, beats = wiring.loops_of(services), Beats(services.database, services.clock)
    with (
        running_vault(services.chamber, socket, settings.vault),
        running_loops(loops, settings.worker.stop_seconds, beats),
    ):
        consumer.start()
        stop = _told_to_stop()
        screen.say("El servicio de procesamiento está en marcha.")
        stop.wait()
        consumer.stop(graceful=True)
    services.reading.close()
    screen.say("El servicio de procesamiento se detuvo.")


def _told_to_stop() -> Event:
    """Set by the first SIGTERM or Ctrl+C; the second one ends the process where it is."""
    stop = Event()

    def tell(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    return stop
