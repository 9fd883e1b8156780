"""The kinds of jobs, by the names that the web server asks for."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The values are stored."""

    CONCILIATION = "conciliacion"
    PACKAGE = "paquete"
    CROSSING = "cruce"
    ANSWER = "requerimiento"
    BACKUP = "respaldo"
    PURGE = "destruccion"
