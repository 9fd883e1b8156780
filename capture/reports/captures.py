"""Where, when and with which device each record was captured (002 §6.5; APO-25): for the authority only.

Coordinates rest sealed in the data of a record: this runs in the processing service, which can open them. The
file holds no name, clave or number of a credential.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from capture.compulsa.ports import Unsealer
from capture.processing.datos import parse_datos
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Cursor, Filter, Record
from capture.reports.days import ZONE
from keys.errors import Refusal
from ledger.database import Database

HEADERS = (
    "folio",
    "modalidad",
    "auxiliar",
    "activacion",
    "dispositivo",
    "dia",
    "hora",
    "capturado",
    "recibido",
    "latitud",
    "longitud",
    "exactitud_metros",
    "ubicacion",
)
"""Of the CSV. `dia` and `hora` of the capture, hora centro; `capturado` and `recibido` in UTC, ISO 8601."""
_PAGE = 200
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Millionths of a degree, and metres."""

    latitud: int
    longitud: int
    exactitud: int | None


@dataclass(frozen=True, slots=True)
class Capture:
    """One record. Without a place `ubicacion` says why: `no-registrada`, `sin-procesar` or `no-abre`."""

    record: Record
    place: Place | None
    ubicacion: str


class Captures:
    """Goes over the records of a process in the order of their reception."""

    def __init__(self, database: Database, boveda: Unsealer) -> None:
        self._database = database
        self._boveda = boveda

    def of_process(self, proceso: str, before: datetime) -> Iterator[Capture]:
        """What was received before an instant. Raises OSError when the bóveda cannot be reached."""
        which = Filter(procesos=(proceso,), hasta=before)
        after: Cursor | None = None
        while True:
            with self._database.reading() as connection:
                reading = SqlRecordReading(connection)
                page = reading.page(which, after, _PAGE)
                sealed = [reading.blob(record.folio, "datos") for record in page]
            if not page:
                return
            for record, data in zip(page, sealed, strict=True):
                yield self._capture(record, data)
            after = Cursor(page[-1].recibido, page[-1].folio)

    def _capture(self, record: Record, sealed: bytes | None) -> Capture:
        if sealed is None:
            return Capture(record, None, "sin-procesar")
        try:
            clear = self._boveda.unseal(record.proceso, sealed)
            place = _place(parse_datos(clear, f"registro {record.folio}").contexto)
        except Refusal:
            return Capture(record, None, "no-abre")
        return Capture(record, place, "no-registrada" if place is None else "registrada")


def _place(context: object) -> Place | None:
    if not isinstance(context, dict):
        return None
    latitude, longitude = context.get("latitud"), context.get("longitud")
    metres = context.get("exactitud")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    accuracy = round(metres) if isinstance(metres, int | float) else None
    return Place(round(latitude * _MILLION), round(longitude * _MILLION), accuracy)


def write_csv(captures: Iterable[Capture], file: TextIO) -> int:
    """The header and a line for each; how many. `file` is open with `newline=""`."""
    lines = csv.writer(file)
    lines.writerow(HEADERS)
    written = 0
    for one in captures:
        lines.writerow(_line(one))
        written += 1
    return written


def _line(one: Capture) -> list[str]:
    record, place = one.record, one.place
    local = record.capturado.astimezone(ZONE)
    where = ["", "", ""]
    if place is not None:
        metres = "" if place.exactitud is None else str(place.exactitud)
        where = [_degrees(place.latitud), _degrees(place.longitud), metres]
    return [
        record.folio,
        record.modalidad,
        record.auxiliar or "",
        record.activacion or "",
        record.dispositivo or "",
        f"{local:%Y-%m-%d}",
        f"{local:%H:%M:%S}",
        record.capturado.isoformat(timespec="milliseconds"),
        record.recibido.isoformat(timespec="milliseconds"),
        *where,
        one.ubicacion,
    ]


def _degrees(millionths: int) -> str:
    """Decimal degrees, exactly."""
    sign = "-" if millionths < 0 else ""
    whole, rest = divmod(abs(millionths), _MILLION)
    return f"{sign}{whole}.{rest:06d}"
