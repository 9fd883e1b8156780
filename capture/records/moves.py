"""A record as it is received, and one change of its state with what the change needs. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from capture.records.errors import RecordRefusal
from capture.records.states import Causa, Estado, Quien, require_allowed

SYSTEM = "sistema"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes a state: the account, as what, and its role in the service."""

    id: str
    quien: Quien
    role: str


SISTEMA = Actor(SYSTEM, Quien.SISTEMA, SYSTEM)
"""The service itself."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What reception knows of a record. `sha256` (32 bytes) and `tamano` (bytes) are of the body."""

    folio: str
    proceso: str
    modalidad: str
    credencial: str
    """`cic` or `ocr`."""
    numero: str
    capturado: datetime
    recibido: datetime
    tamano: int
    sha256: bytes
    sobre: bytes
    """The envelope as it came."""
    cuerpo: str
    """Path of the body in the blob store."""
    acuse: bytes
    codigo: str
    auxiliar: str | None = None
    activacion: str | None = None
    dispositivo: str | None = None


class Changes(TypedDict, total=False):
    """Columns of `registros` that a change of state sets beside it."""

    inciso: str
    tipo_inconsistencia: str
    detalle_inconsistencia: str
    catalogo: int
    situacion: str
    acreditado: str
    duplicado_de: str
    datos: bytes
    huella_clave: bytes


NEEDED: dict[Estado, tuple[str, ...]] = {
    Estado.CON_INCONSISTENCIA: ("inciso", "tipo_inconsistencia", "detalle_inconsistencia", "catalogo"),
    Estado.DUPLICADO: ("duplicado_de",),
    Estado.COMPULSADO: ("situacion",),
}
"""What a change into a state must say."""
CLEARED = dict.fromkeys(
    ("inciso", "tipo_inconsistencia", "detalle_inconsistencia", "situacion", "acreditado"), None
)
"""What a record that goes (again) to the padrón no longer has."""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of state. Raises RecordRefusal when TABLE does not have it or what it needs is missing."""

    folio: str
    de: Estado
    a: Estado
    actor: Actor
    cuando: datetime
    causa: Causa
    detalle: str | None = None
    """Nothing personal: it is shown wherever the history is."""
    changes: Changes = field(default_factory=Changes)

    def __post_init__(self) -> None:
        require_allowed(self.de, self.a, self.actor.quien, self.causa, f"registro {self.folio}")
        missing = [name for name in self._needed() if self.changes.get(name) is None]
        if missing:
            place = f"registro {self.folio}, paso a {self.a.value}"
            raise RecordRefusal("registro.falta", place, ", ".join(missing), "nada")

    def _needed(self) -> tuple[str, ...]:
        return ("acreditado",) if self.de is self.a is Estado.COMPULSADO else NEEDED.get(self.a, ())

    def values(self) -> dict[str, object]:
        """The columns of `registros` after the change."""
        cleared = CLEARED if self.a is Estado.PARA_COMPULSA else {}
        return {**cleared, **self.changes, "estado": self.a.value}
