"""One row of a result: what the OPL gets of each record, and who it is only where 002 §8.1 says so. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from capture.calendar import ZONE
from capture.processing.datos import Datos
from capture.records.record import Record
from capture.results.figures import counts, is_nominative

OPEN = (
    *("folio", "modalidad", "auxiliar", "dispositivo", "fecha_captura", "fecha_recepcion", "estado"),
    *("inciso", "tipo_inconsistencia", "detalle_inconsistencia", "situacion_registral"),
    *("acreditado_en_audiencia", "duplicado_de", "valido", "codigo_integridad", "hoja"),
)
NOMINATIVE = (
    *("nombre", "apellido_paterno", "apellido_materno", "clave_elector", "numero_emision", "cic", "ocr"),
)
COLUMNS = (*OPEN, *NOMINATIVE)
BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def row(record: Record, leaf: int, datos: Datos | None) -> dict[str, Any]:
    """The row. `leaf`: index of its acuse in the log; `datos` are used only for a nominative record."""
    known = {
        "folio": record.folio,
        "modalidad": record.modalidad,
        "auxiliar": record.auxiliar,
        "dispositivo": record.dispositivo,
        "fecha_captura": record.capturado,
        "fecha_recepcion": record.recibido,
        "estado": record.estado.value,
        "inciso": record.inciso,
        "tipo_inconsistencia": record.tipo_inconsistencia,
        "detalle_inconsistencia": record.detalle_inconsistencia,
        "situacion_registral": record.situacion,
        "acreditado_en_audiencia": record.acreditado,
        "duplicado_de": record.duplicado_de,
        "valido": counts(record),
        "codigo_integridad": record.codigo,
        "hoja": leaf,
    }
    return {**known, **person(record, datos)}


def person(record: Record, datos: Datos | None) -> dict[str, str | None]:
    """The nominative columns; all empty unless the record is nominative."""
    if datos is None or not is_nominative(record):
        return dict.fromkeys(NOMINATIVE)
    found = {name: datos.text(name) for name in NOMINATIVE}
    # The number that the acuse names is the one that was compared; the other one may have been misread.
    return {**found, record.credencial: record.numero}


def csv_header() -> bytes:
    """The first line, after a mark by which spreadsheets know that it is UTF-8."""
    return (BOM + _line(dict(zip(COLUMNS, COLUMNS, strict=True)))).encode()


def csv_line(values: Mapping[str, Any]) -> bytes:
    """One row as RFC 4180 writes it."""
    return _line(values).encode()


def _line(values: Mapping[str, Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([cell(values[name]) for name in COLUMNS])
    return text.getvalue()


def cell(value: object) -> str:
    """A value as text. An apostrophe goes before what a spreadsheet would take for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "si" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat(timespec="milliseconds")
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
