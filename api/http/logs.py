"""Structured logs: one JSON object a line, with a closed list of fields, so that no personal data slips in.

A field that is not in the list is not written; that it was given is. Nothing takes free text from a request.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

FIELDS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "solicitud",
        "metodo",
        "ruta",
        "estado",
        "milisegundos",
        "cuenta",
        "rol",
        "regla",
        "error",
        "lugar",
        "folio",
        "proceso",
        "tarea",
        "intento",
        "cuantos",
        "segundos",
        "bytes",
        "bitacora",
        "indice",
        "parte",
        "version",
    }
)
"""Everything that may be said. `cuenta`, `folio` and `proceso` name nobody by themselves."""


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Write to `stream` (standard error), once per process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_known_fields,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def only_known_fields(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A processor of structlog: drop what the list does not have, and say how many it were."""
    unknown = [name for name in event if name not in FIELDS]
    for name in unknown:
        del event[name]
    if unknown:
        event["campos_omitidos"] = len(unknown)
    return event


def logger() -> Any:
    """Where to write."""
    return structlog.get_logger()


def place_of(error: BaseException) -> str:
    """File and line where an error arose: never its message, which may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "?"
    last = frames[-1]
    return f"{last.filename.rsplit('/', 3)[-1]}:{last.lineno} {last.name}"
