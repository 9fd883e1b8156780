"""The OPL's receipt of a package, and what the log holds of it. Pure.

Whoever has the package can make the text again, so nothing more has to be kept to verify the leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from capture.calendar import ZONE
from capture.results.errors import ResultsRefusal

HEADER = "certeza/recepcion/v1"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who received which package. `sealed` and `manifest`: SHA-256 in hexadecimal; `account`: id."""

    opl: str
    periodo: str
    proceso: str | None
    tipo: str
    sealed: str
    manifest: str
    account: str
    received: datetime

    def encode(self) -> bytes:
        """The text that is committed to."""
        pairs = (
            ("opl", self.opl),
            ("periodo", self.periodo),
            ("proceso", self.proceso or "-"),
            ("tipo", self.tipo),
            ("cifrado", self.sealed),
            ("manifiesto", self.manifest),
            ("quien", self.account),
            ("recibido", self.received.astimezone(ZONE).isoformat(timespec="milliseconds")),
        )
        return "".join([f"{HEADER}\n", *(f"{name} {value}\n" for name, value in pairs)]).encode()

    @property
    def entry(self) -> bytes:
        """The log's entry: header, line feed, SHA-256 of the text."""
        return f"{HEADER}\n{sha256(self.encode()).hexdigest()}".encode()

    @property
    def key(self) -> bytes:
        """Its idempotency key: one receipt a package."""
        return f"recepcion/{self.sealed}".encode()


def require_manifest(reported: str, manifest: str) -> None:
    """Refuse a receipt of an OPL that found another manifest: it did not open what was sent."""
    if "".join(reported.split()).lower() != manifest:
        raise ResultsRefusal(
            "resultados.acuse", "acuse del OPL", "el SHA-256 del manifest.json entregado", "otro"
        )
