"""The cédula electrónica of a record as a document: what it says, with the hash of each image. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from capture.calendar import ZONE
from capture.padron.situacion import Situacion
from capture.processing.datos import Datos
from capture.records.record import Record
from capture.results.cedula import IMAGES
from ledger.document import Document, Facts, Paragraph, Section, Table, Tone

KIND = "cedula-electronica"
_FIELDS = {
    "nombre": "Nombre (s)",
    "apellido_paterno": "Apellido paterno",
    "apellido_materno": "Apellido materno",
    "clave_elector": "Clave de elector",
    "numero_emision": "Número de emisión",
    "cic": "CIC",
    "ocr": "OCR",
}
"""With the words of 002 §7.3 b)."""


def document(
    record: Record, datos: Datos | None, images: Mapping[str, bytes], institute: str, issued: datetime
) -> Document:
    """The document; the images themselves lie beside it."""
    rows = tuple((title, sha256(images[n]).hexdigest()) for n, title in IMAGES.items() if n in images)
    parts = (
        Section("Registro", (Facts(_record_facts(record)),)),
        Section("Datos de la Credencial para Votar", (Facts(_person_facts(datos)),)),
        Section(
            "Testigos visuales",
            (
                Table(("Imagen", "SHA-256 del archivo"), rows),
                Paragraph(
                    "Las imágenes acompañan a este documento en archivos aparte. Cada una es la que envió el "
                    "dispositivo si su SHA-256 es el de la tabla.",
                    tone=Tone.SMALL,
                ),
            ),
        ),
    )
    return Document(KIND, "Cédula electrónica", institute, issued, parts, reference=record.folio)


def _record_facts(record: Record) -> tuple[tuple[str, str], ...]:
    known = (
        ("Folio", record.folio),
        ("Proceso", record.proceso),
        ("Modalidad", record.modalidad),
        ("Id Auxiliar", record.auxiliar),
        ("Captado", _spoken(record.capturado)),
        ("Recibido", _spoken(record.recibido)),
        ("Código de integridad", record.codigo),
        ("Estado", record.estado.value),
        ("Inconsistencia", record.tipo_inconsistencia),
        ("Detalle de inconsistencia", record.detalle_inconsistencia),
        ("Situación registral", record.situacion and Situacion(record.situacion).label),
    )
    return tuple((name, value) for name, value in known if value)


def _person_facts(datos: Datos | None) -> tuple[tuple[str, str], ...]:
    known = [(title, datos.text(name) if datos else None) for name, title in _FIELDS.items()]
    return tuple((title, value or "sin dato") for title, value in known)


def _spoken(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%d/%m/%Y %H:%M:%S} (hora centro)"
