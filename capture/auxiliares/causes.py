"""Why an auxiliar is removed: the causes that source 003 lists, and who may give which (002 §2.6, §2.9,
§3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from capture.auxiliares.errors import AuxiliarRefusal
from capture.identity.errors import described
from capture.identity.names import paragraph

MAX_DETAIL_CHARS = 500


class By(StrEnum):
    """On whose behalf an auxiliar is removed."""

    PROMOVENTE = "promovente"
    OPL = "opl"
    DERFE = "derfe"


@dataclass(frozen=True, slots=True)
class Cause:
    """A row of the catalogue. `needs_detail`: the words alone do not say why."""

    code: str
    words: str
    by: frozenset[By]
    needs_detail: bool = False


_OWN = frozenset({By.PROMOVENTE})
_AUTHORITY = frozenset({By.OPL, By.DERFE})
_DERFE = frozenset({By.DERFE})
_ROWS = (
    Cause("cambio-de-correo", "Cambio de correo", _OWN),
    Cause("cambio-de-autenticacion", "Cambio de tipo de autenticación", _OWN),
    Cause("cambio-de-ubicacion", "Cambio de ubicación", _OWN),
    Cause("datos-incorrectos", "Datos incorrectos", _OWN),
    Cause("error-en-el-proceso", "Error en el proceso", _OWN),
    Cause("correo-no-recibido", "No le ha llegado el correo", _OWN),
    Cause("no-puede-acceder", "No puede acceder", _OWN),
    Cause("no-recuerda-contrasena", "No recuerda la contraseña", _OWN),
    Cause("ya-no-tiene-acceso", "Ya no tiene acceso", _OWN),
    Cause(
        "fuera-de-lista-nominal",
        "Los datos registrados del auxiliar no se encuentran en lista nominal (revisión INE)",
        _DERFE,
    ),
    Cause(
        "sin-anverso-y-reverso",
        "Sin anverso y reverso de credencial de elector (revisión INE)",
        _DERFE,
    ),
    Cause(
        "no-corresponde", "Las imágenes captadas no corresponden a la persona auxiliar registrada", _AUTHORITY
    ),
    Cause(
        "dispositivos", "Uso de dispositivos contrario a la normatividad aplicable", _DERFE, needs_detail=True
    ),
    Cause("otra", "Otra", _OWN | _AUTHORITY, needs_detail=True),
)
CAUSES = {cause.code: cause for cause in _ROWS}
"""By code."""


@dataclass(frozen=True, slots=True)
class Baja:
    """A checked removal: its cause in the catalogue, the words that explain it, and for whom."""

    cause: Cause
    detail: str | None
    by: By

    @property
    def words(self) -> str:
        """What the promovente and the auxiliar read."""
        return self.cause.words if self.detail is None else f"{self.cause.words}: {self.detail}"


def read_baja(code: str, detail: str, by: By) -> Baja:
    """Check a removal. Raises AuxiliarRefusal for a cause that is not for `by` to give."""
    cause = CAUSES.get(code)
    if cause is None or by not in cause.by:
        expected = ", ".join(known.code for known in _ROWS if by in known.by)
        raise AuxiliarRefusal("baja.causa", "Causa de la baja", expected, described(code))
    if cause.needs_detail and not detail.strip():
        raise AuxiliarRefusal("baja.detalle", "Motivo de la baja", "una explicación", "nada")
    text = paragraph(detail, "Motivo de la baja", MAX_DETAIL_CHARS) if detail.strip() else None
    return Baja(cause, text, by)
