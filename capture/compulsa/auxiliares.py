"""The situación registral of auxiliares (002 §2.4, §3.3): asked at their registration and at each new corte.

Only their clave is known here, so only the clave is asked about; a removal because of the answer is decided
by a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from capture.auxiliares.tables import auxiliares
from capture.padron.ports import Padron, Pregunta
from ledger.database import Database

BATCH = 200


def ask_about_auxiliares(database: Database, padron: Callable[[Connection], Padron]) -> int:
    """Ask about all active auxiliares that the newest corte has not answered for; how many they are.

    Raises PadronRefusal when no corte can answer.
    """
    asked, after = 0, ""
    while True:
        with database.reading() as connection:
            corte = padron(connection).consultas([]).corte
            waiting = _waiting(connection, after, corte)
            answers = padron(connection).consultas([Pregunta(clave) for _, clave in waiting])
        if not waiting:
            return asked
        rows = [
            {"who": identifier, "situacion": situacion.value, "corte": answers.corte}
            for (identifier, _), situacion in zip(waiting, answers.situaciones, strict=True)
        ]
        with database.writing() as connection:
            _keep(connection, rows)
        asked, after = asked + len(rows), waiting[-1][0]


def _waiting(connection: Connection, after: str, corte: Any) -> Sequence[Any]:
    unknown = or_(auxiliares.c.situacion_corte.is_(None), auxiliares.c.situacion_corte < corte)
    chosen = select(auxiliares.c.id, auxiliares.c.clave_elector).where(
        auxiliares.c.baja.is_(None), auxiliares.c.id > after, unknown
    )
    return connection.execute(chosen.order_by(auxiliares.c.id).limit(BATCH)).all()


def _keep(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    made = update(auxiliares).where(auxiliares.c.id == bindparam("who"))
    made = made.values(situacion=bindparam("situacion"), situacion_corte=bindparam("corte"))
    connection.execute(made, list(rows))
