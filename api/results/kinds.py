"""The kinds of jobs, by the names that the web server asks for."""

from __future__ import annotations

from enum import StrEnum

BENCH = "trabajos"
"""The job of the queue that wakes the bench up."""
SOON_SECONDS = 0.5
"""After which it is woken up: the row that asks is committed by then."""


class Kind(StrEnum):
    """The values are stored."""

    CONCILIATION = "conciliacion"
    PACKAGE = "paquete"
    CROSSING = "cruce"
    ANSWER = "requerimiento"
    BACKUP = "respaldo"
    PURGE = "destruccion"
