"""Loops that fail or stop are seen in the figures of the server."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import func, select

from api.worker.beats import EVERY, Beats, TaskFigures
from api.worker.loops import Loop
from api.worker.tables import tareas
from ledger.database import Database, open_engine

NOW = datetime(2026, 11, 27, 18, tzinfo=UTC)


class Clock:
    """Stands until somebody moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def figures(database: Database) -> str:
    registry = CollectorRegistry()
    registry.register(TaskFigures(database))
    return generate_latest(registry).decode()


def test_failures_add_up_until_a_look_ends_well(database: Database) -> None:
    clock = Clock()
    beats = Beats(database, clock)
    beats.bad("registros")
    beats.bad("registros")
    assert 'certeza_tareas_fallas{tarea="registros"} 2.0' in figures(database)
    assert 'certeza_tareas_ultima_buena_segundos{tarea="registros"} 0.0' in figures(database)
    beats.good("registros")
    text = figures(database)
    assert 'certeza_tareas_fallas{tarea="registros"} 0.0' in text
    line = next(line for line in text.splitlines() if line.startswith("certeza_tareas_ultima_buena"))
    assert float(line.split()[-1]) == NOW.timestamp()


def test_good_looks_are_told_now_and_then_and_always_after_a_failure(database: Database) -> None:
    clock = Clock()
    beats = Beats(database, clock)

    def last() -> datetime:
        with database.reading() as db:
            return db.execute(select(func.max(tareas.c.bien))).scalar_one()

    beats.good("mensajes")
    clock.now += EVERY - timedelta(seconds=1)
    beats.good("mensajes")
    assert last() == NOW
    beats.bad("mensajes")
    beats.good("mensajes")
    assert last() == clock.now


def test_a_loop_tells_how_its_looks_end_and_goes_on(database: Database) -> None:
    beats, looked = Beats(database, lambda: datetime.now(UTC)), Event()
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        if len(looks) > 2:
            looked.set()
        raise OSError

    loop = Loop("cifras", look, 0.01)
    loop.start(beats)
    assert looked.wait(10)
    loop.stop()
    assert f'certeza_tareas_fallas{{tarea="cifras"}} {len(looks)}.0' in figures(database)


def test_a_database_that_does_not_answer_stops_neither_loop_nor_figures(tmp_path: Path) -> None:
    broken = Database(open_engine(f"sqlite:///{tmp_path / 'vacia.sqlite'}", 2))
    loop = Loop("orden", lambda: None, 0.01)
    loop.start(Beats(broken, lambda: NOW))
    time.sleep(0.05)
    loop.stop()
    assert figures(broken) == ""
    broken.engine.dispose()
