"""The acta of destruction: what there was, what was destroyed and when. Pure.

It names no person and no record: the list of records is given as its SHA-256, which whoever kept the list
(`folio código estado`, a line each, in order) can make again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from capture.calendar import ZONE
from keys.canonical import encode_sorted

SCHEMA = "certeza/acta-de-destruccion/v1"
HEADER = "certeza/destruccion/v1"


@dataclass(frozen=True, slots=True)
class Acta:
    """Instants are of each step; `key` is the SHA-256 of the public key whose identity was destroyed."""

    proceso: str
    periodo: str
    delivered: datetime
    ordered: datetime
    ordered_by: str
    reason: str
    records: int
    by_state: Mapping[str, int]
    list_sha256: str
    key: str
    key_destroyed: datetime
    files_deleted: datetime
    data_deleted: datetime
    concluded: datetime

    def to_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        instants = {
            "resultados_definitivos": self.delivered,
            "ordenada": self.ordered,
            "llave_destruida": self.key_destroyed,
            "archivos_borrados": self.files_deleted,
            "datos_borrados": self.data_deleted,
            "concluida": self.concluded,
        }
        return {
            "esquema": SCHEMA,
            "proceso": self.proceso,
            "periodo": self.periodo,
            "ordenada_por": self.ordered_by,
            "motivo": self.reason,
            "registros": self.records,
            "por_estado": dict(self.by_state),
            "lista_sha256": self.list_sha256,
            "llave_sha256": self.key,
            "instantes": {name: _spell(moment) for name, moment in instants.items()},
        }

    def encode(self) -> bytes:
        """Canonical JSON."""
        return encode_sorted(self.to_json())

    @property
    def entry(self) -> bytes:
        """Its entry in the log."""
        return entry_of(self.encode())


def entry_of(text: bytes) -> bytes:
    """The log's entry for an acta's canonical JSON: header, line feed, SHA-256."""
    return f"{HEADER}\n{sha256(text).hexdigest()}".encode()


def key_of(proceso: str) -> bytes:
    """The idempotency key of its leaf."""
    return f"destruccion/{proceso}".encode()


def list_digest(rows: Iterable[tuple[str, str, str]]) -> tuple[int, str]:
    """How many records, and the SHA-256 of their list. Rows: folio, code, state, in order of the folios."""
    digest, count = sha256(), 0
    for folio, code, state in rows:
        digest.update(f"{folio} {code} {state}\n".encode())
        count += 1
    return count, digest.hexdigest()


def _spell(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="milliseconds")
