"""The cédula electrónica of a record: both sides, live photo, signature, and what they say. Pure.

Source: 001 §14.1, «anverso y reverso de la Credencial para Votar, fotografía viva del ciudadano y firma
manuscrita».
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from capture.calendar import ZONE
from capture.processing.datos import Datos
from capture.records.record import Record
from keys.canonical import encode_sorted

SCHEMA = "certeza/cedula/v1"
IMAGES = {
    "anverso.jpg": "Anverso de la Credencial para Votar",
    "reverso.jpg": "Reverso de la Credencial para Votar",
    "foto.jpg": "Fotografía viva",
    "firma.png": "Firma manuscrita digitalizada",
}
DATA = "registro.json"
ACUSE = "acuse.txt"


def document(record: Record, datos: Datos | None, images: Mapping[str, bytes]) -> bytes:
    """`registro.json`: canonical JSON of what the record is, what was read, and the hash of each image."""
    whole: dict[str, Any] = {
        "esquema": SCHEMA,
        "folio": record.folio,
        "proceso": record.proceso,
        "modalidad": record.modalidad,
        "auxiliar": record.auxiliar,
        "dispositivo": record.dispositivo,
        "credencial": {record.credencial: record.numero},
        "capturado": record.capturado.astimezone(ZONE).isoformat(timespec="milliseconds"),
        "recibido": record.recibido.astimezone(ZONE).isoformat(timespec="milliseconds"),
        "codigo_integridad": record.codigo,
        "cuerpo_sha256": record.sha256.hex(),
        "estado": record.estado.value,
        "inciso": record.inciso,
        "tipo_inconsistencia": record.tipo_inconsistencia,
        "detalle_inconsistencia": record.detalle_inconsistencia,
        "situacion_registral": record.situacion,
        "duplicado_de": record.duplicado_de,
        "datos": {} if datos is None else {name: value.valor for name, value in sorted(datos.campos.items())},
        "contexto": {} if datos is None else {name: str(v) for name, v in sorted(datos.contexto.items())},
        "imagenes": {name: sha256(images[name]).hexdigest() for name in sorted(IMAGES) if name in images},
    }
    return encode_sorted(whole)


def files(
    record: Record, datos: Datos | None, images: Mapping[str, bytes], acuse: bytes
) -> list[tuple[str, bytes]]:
    """The files of the cédula by name, in order."""
    found = {name: images[name] for name in IMAGES if name in images}
    return sorted({**found, DATA: document(record, datos, images), ACUSE: acuse}.items())
