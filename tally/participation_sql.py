"""Who has taken part, in SQL (SEI-16, SEI-20, SEI-23): one row a person, whichever the urn.

The row is written in the transaction that adds the ballot, so that the listado and the urn cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from tally.casting import already_opined
from tally.tables import participaciones


class SqlParticipation:
    """The marks of one consultation, in the caller's transaction."""

    def __init__(self, connection: Connection, consulta: str) -> None:
        self._db = connection
        self._consulta = consulta

    def urn_of(self, persona: str) -> str | None:
        """The uuid of the urn that the person's opinion is in."""
        c = participaciones.c
        mine = select(c.uuid).where(c.consulta == self._consulta, c.persona == persona)
        return self._db.execute(mine).scalar_one_or_none()

    def record_all(self, marks: Sequence[tuple[str, str]], now: datetime) -> None:
        """Mark people: (person, uuid of the urn). Raises CastingRefusal when another device of one of them
        was first; the transaction is over.

        In one order whoever marks: two processes that mark the same people wait, and not for each other.
        """
        consulta = self._consulta
        rows = [{"consulta": consulta, "persona": p, "uuid": u, "cuando": now} for p, u in sorted(marks)]
        try:
            self._db.execute(insert(participaciones), rows)
        except IntegrityError as error:
            raise already_opined() from error

    def who_opined(self, uuid: str) -> list[str]:
        """The persons of one urn's listado, sorted."""
        c = participaciones.c
        mine = select(c.persona).where(c.consulta == self._consulta, c.uuid == uuid)
        return sorted(self._db.execute(mine).scalars())

    def count(self) -> int:
        """How many have taken part."""
        mine = select(func.count()).where(participaciones.c.consulta == self._consulta)
        return int(self._db.execute(mine).scalar_one())
