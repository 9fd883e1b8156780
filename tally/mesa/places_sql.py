"""Where each Mesa is on the day of the Jornada presencial, for everybody (SEI-26), in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tally.mesa.tables import mesa_ubicaciones

_C = mesa_ubicaciones.c


class Places:
    """Of one consultation, in the caller's transaction."""

    def __init__(self, connection: Connection, consulta: str) -> None:
        self._db, self._consulta = connection, consulta

    def put(self, unidad: str, addresses: Sequence[str], who: str, now: datetime) -> None:
        """The addresses of the Mesas of a UT, in the place of those before."""
        told = {"ubicaciones": json.dumps(list(addresses)), "fijada": now, "fijada_por": who}
        mine = update(mesa_ubicaciones).where(_C.consulta == self._consulta, _C.unidad == unidad)
        if self._db.execute(mine.values(**told)).rowcount == 0:
            row = {"consulta": self._consulta, "unidad": unidad, **told}
            self._db.execute(insert(mesa_ubicaciones).values(**row))

    def all(self) -> dict[str, list[str]]:
        """By clave of the UT; those without an address yet are missing."""
        mine = select(_C.unidad, _C.ubicaciones).where(_C.consulta == self._consulta)
        return {row.unidad: json.loads(row.ubicaciones) for row in self._db.execute(mine)}
