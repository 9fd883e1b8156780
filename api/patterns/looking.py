"""How the worker looks for patterns, again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.http import logs
from api.settings import Settings
from api.worker.loops import Loop
from capture.patterns.looking import SqlPatterns
from capture.patterns.ports import Sealer
from ledger.database import Database


def open_patterns(
    settings: Settings, database: Database, boveda: Sealer, clock: Callable[[], datetime]
) -> SqlPatterns:
    """With the thresholds of the settings; the log says how the loading of an index goes."""
    return SqlPatterns(database, boveda, clock, settings.patterns.limits, _tell)


def pattern_loop(patterns: SqlPatterns, settings: Settings) -> Loop:
    """A thread of its own: records go on to the mesa while an index is loaded."""
    return Loop("patrones", patterns.look, settings.patterns.look_seconds)


def _tell(proceso: str, done: int, _total: int) -> None:
    logs.logger().info("indice-de-patrones", proceso=proceso, cuantos=done)
