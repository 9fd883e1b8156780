"""What the worker does for the figures now and then."""

from __future__ import annotations

from api.worker.loops import Loop
from api.worker.services import WorkerServices
from capture.reports import upkeep


def report_loops(services: WorkerServices) -> list[Loop]:
    """Folding the counters, and comparing them with the records: a difference is said in the log."""
    settings, database = services.settings.reports, services.database
    return [
        Loop("cifras", lambda: upkeep.fold(database), settings.fold_seconds),
        Loop("comprobacion-cifras", lambda: upkeep.check(database), settings.check_seconds),
    ]
