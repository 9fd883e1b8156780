"""A body against the row of its envelope. Pure."""

from __future__ import annotations

from hashlib import sha256

from capture.processing.errors import BodyRefusal
from capture.processing.ports import Opened
from capture.records.record import Record

_SAME = ("folio", "proceso", "modalidad", "credencial", "numero")


def require_body(record: Record, body: bytes) -> None:
    """Refuse bytes that are not those that were received. Raises BodyRefusal."""
    place = f"registro {record.folio}, cuerpo"
    if len(body) != record.tamano:
        raise BodyRefusal("cuerpo.tamano", place, f"{record.tamano} bytes", f"{len(body)} bytes")
    if (found := sha256(body).digest()) != record.sha256:
        raise BodyRefusal("cuerpo.sha256", place, record.sha256.hex(), found.hex())


def require_same(record: Record, opened: Opened) -> None:
    """Refuse a body whose registro says otherwise than its envelope. Raises BodyRefusal naming the field."""
    for name in _SAME:
        if getattr(opened, name) != getattr(record, name):
            # Neither value is shown: one of them may be another person's number.
            place = f"registro {record.folio}, {name}"
            raise BodyRefusal(f"cuerpo.{name}", place, "lo mismo que el sobre", "otra cosa")
