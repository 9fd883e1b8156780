"""What never changes of an urn once its Setup is there, read once in each process."""

from __future__ import annotations

import io
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection, select

from keys.group import Group
from ledger.database import Database
from tally.archive import members
from tally.checking import BallotChecker
from tally.election import Election
from tally.errors import CastingRefusal
from tally.public_credentials import PublicCredentials
from tally.tables import urna_bloques, urnas
from tally.urna import Step, UrnaRecord


@dataclass(frozen=True, slots=True)
class Booth:
    """One urn's election and what checks its ballots. `timestamp`: the one of its archive."""

    uuid: str
    consulta: str
    unidad: str
    election: Election
    setup: str
    checker: BallotChecker
    timestamp: int


class Booths:
    """The urns that this process was asked for. Safe from any thread; nothing in it can grow old."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self._known: dict[str, Booth] = {}
        self._lock = Lock()

    def of(self, connection: Connection, consulta: str, uuid: str) -> Booth:
        """One urn of a consultation. Raises CastingRefusal when it has none with this uuid."""
        booth = self._known.get(uuid) or self._read(connection, uuid)
        if booth is None or booth.consulta != consulta:
            raise CastingRefusal("boleta.eleccion", "boleta.election_uuid", "una urna de esta consulta", uuid)
        with self._lock:
            return self._known.setdefault(uuid, booth)

    def found(self, database: Database, consulta: str, uuid: str) -> Booth:
        """The same, with a transaction only for one that was not asked for before."""
        booth = self._known.get(uuid)
        if booth is not None and booth.consulta == consulta:
            return booth
        with database.reading() as db:
            return self.of(db, consulta, uuid)

    def _read(self, connection: Connection, uuid: str) -> Booth | None:
        mine = (
            select(urnas.c.consulta, urnas.c.unidad, urna_bloques.c.contenido)
            .join(urna_bloques, urna_bloques.c.uuid == urnas.c.uuid)
            .where(urnas.c.uuid == uuid, urna_bloques.c.desde == 0)
        )
        row = connection.execute(mine).one_or_none()
        return None if row is None else self._made(uuid, row.consulta, row.unidad, bytes(row.contenido))

    def _made(self, uuid: str, consulta: str, unidad: str, blocks: bytes) -> Booth:
        step, timestamp = _setup(blocks, f"urna {unidad}")
        election = Election.from_bytes(step.data["election"], f"urna {unidad} › eleccion")
        listed = PublicCredentials.from_bytes(self.group, step.data["credentials"], f"urna {unidad}")
        checker = BallotChecker(self.group, election, listed)
        return Booth(uuid, consulta, unidad, election, step.event.hash, checker, timestamp)


def _setup(blocks: bytes, place: str) -> tuple[Step, int]:
    record = UrnaRecord(place)
    steps = (record.advance(member) for member in members(io.BytesIO(blocks), place))
    setup = next(step for step in steps if step is not None)
    return setup, record.timestamp or 0
