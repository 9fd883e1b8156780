"""Whose credentials an urn lists when it is set up: of who holds a Clave that opens something."""

from __future__ import annotations

from sqlalchemy import Connection, select

from tally.claves.states import MAY_ENTER
from tally.claves.tables import credenciales, personas


def listed_credentials(connection: Connection, consulta: str) -> dict[str, list[str]]:
    """By uuid of the urn, the public credentials of the people of a consultation, sorted.

    Who has a disabled Clave is not listed: such a person opines at the Mesa (source 000, 7.4.1).
    """
    wanted = (
        select(credenciales.c.uuid, credenciales.c.publica)
        .join(personas, personas.c.id == credenciales.c.persona)
        .where(personas.c.consulta == consulta, personas.c.estado.in_([s.value for s in MAY_ENTER]))
        .order_by(credenciales.c.uuid, credenciales.c.publica)
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(wanted):
        found.setdefault(row.uuid, []).append(row.publica)
    return found
