"""The claves de elector of who opined, for the listados (SEI-23): opened for them and kept nowhere else."""

from __future__ import annotations

from sqlalchemy import Connection

from tally.claves.ports import Keeper
from tally.claves.store_sql import Personas
from tally.participation_sql import SqlParticipation


def who_opined(connection: Connection, keeper: Keeper, consulta: str, uuid: str) -> list[str]:
    """Sorted. The marks were written with the ballots, so that they are as many."""
    persons = Personas(connection, keeper)
    marked = SqlParticipation(connection, consulta).who_opined(uuid)
    return sorted(persons.data(person).clave_elector for person in marked)
