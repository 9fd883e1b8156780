"""Who sends and for what, from the tables of processes and devices: two look-ups by key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from capture.auxiliares.tables import activaciones, auxiliares, dispositivos
from capture.intake.errors import UnknownSender
from capture.intake.sender import Sender, Term
from capture.packet.device_key import parse_public_key
from capture.processes.tables import periodos, procesos

_TERM = select(
    procesos.c.folio,
    procesos.c.activo,
    periodos.c.activo.label("periodo_activo"),
    periodos.c.inicio,
    periodos.c.fin,
    periodos.c.mi_apoyo,
).join(periodos, periodos.c.id == procesos.c.periodo)
_SENDER = (
    select(
        dispositivos.c.id,
        dispositivos.c.llave,
        dispositivos.c.auxiliar,
        dispositivos.c.activacion,
        dispositivos.c.baja,
        auxiliares.c.proceso,
        auxiliares.c.correo,
        auxiliares.c.baja.label("auxiliar_baja"),
        activaciones.c.correo.label("activacion_correo"),
        activaciones.c.baja.label("activacion_baja"),
        activaciones.c.cic,
    )
    .outerjoin(auxiliares, auxiliares.c.id == dispositivos.c.auxiliar)
    .outerjoin(activaciones, activaciones.c.id == dispositivos.c.activacion)
)


def term_of(connection: Connection, proceso: str) -> Term:
    """The process and its periodo. Raises UnknownSender (paquete.proceso)."""
    row = connection.execute(_TERM.where(procesos.c.folio == proceso)).one_or_none()
    if row is None:
        raise UnknownSender("paquete.proceso", "sobre, proceso", "un proceso registrado", proceso)
    return Term(row.folio, row.activo and row.periodo_activo, row.inicio, row.fin, row.mi_apoyo)


def sender_of(connection: Connection, dispositivo: str) -> Sender:
    """The device and who it belongs to. Raises UnknownSender (paquete.dispositivo)."""
    row = connection.execute(_SENDER.where(dispositivos.c.id == dispositivo)).one_or_none()
    if row is None:
        expected = "un dispositivo registrado; a lo más dos por persona auxiliar"
        raise UnknownSender("paquete.dispositivo", "sobre, dispositivo", expected, dispositivo)
    return _sender(row)


def _sender(row: Any) -> Sender:
    key = parse_public_key(bytes(row.llave))
    if row.auxiliar is not None:
        return Sender(
            row.id, key, row.auxiliar, "auxiliar", row.correo, row.proceso, row.baja, row.auxiliar_baja
        )
    return Sender(
        row.id,
        key,
        row.activacion,
        "mi-apoyo",
        row.activacion_correo,
        None,
        row.baja,
        row.activacion_baja,
        row.cic,
    )
