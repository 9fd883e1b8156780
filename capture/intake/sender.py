"""What the service knows of who sends a packet and of what it is for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from capture.packet.device_key import PublicKey


@dataclass(frozen=True, slots=True)
class Term:
    """A process and its periodo, both ends of which belong to it."""

    proceso: str
    activo: bool
    inicio: datetime
    fin: datetime
    mi_apoyo: bool


@dataclass(frozen=True, slots=True)
class Sender:
    """A registered device and who it belongs to: an auxiliar of one process, or a citizen of «Mi Apoyo».

    `emisor` is the Id Auxiliar or the id of the activation. `proceso` is that of the auxiliar; None for a
    citizen, who may support any process. `cic` is that of the citizen's credential.
    """

    dispositivo: str
    key: PublicKey
    emisor: str
    modalidad: str
    correo: str
    proceso: str | None = None
    dispositivo_baja: datetime | None = None
    emisor_baja: datetime | None = None
    cic: str | None = None
