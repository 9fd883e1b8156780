"""Devices with their ballots made beforehand: each person acts once in a whole run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tally.entrada.sessions_sql import VoterSessions
from tests.api.consultas.town import ID
from tests.api.opinion.open_now import OpenNow, entry_of
from tests.tally.opinion.polling import person_data, person_id
from tools.bench.opinion_sender import Device


class Maker:
    """Takes the people of a consultation one after another. `bodies`: the file of their ballots."""

    def __init__(self, consultation: OpenNow, folder: Path) -> None:
        self.bodies = folder / "boletas"
        self._open = consultation
        self._next = 0

    def with_session(self, instants: Sequence[float]) -> list[Device]:
        """Devices that cast at these instants, in sessions that begin now."""
        people = self._taken(len(instants))
        now = datetime.now(UTC)
        with self._open.database.writing() as db:
            for person in people:
                who = person_id(person)
                VoterSessions(db).open(who, who, ID, _secret(person), now)
        where = self._written(people)
        return [
            Device(due, session=_secret(person), offset=offset, size=size)
            for due, person, (offset, size) in zip(instants, people, where, strict=True)
        ]

    def entering(self, instants: Sequence[float], *, ballots: bool) -> list[Device]:
        """Devices that enter at these instants, and cast and leave when they have ballots."""
        people = self._taken(len(instants))
        where = self._written(people) if ballots else iter([(0, 0)] * len(people))
        return [
            Device(due, "", entry_of(person), person_data(person).telefono, offset, size)
            for due, person, (offset, size) in zip(instants, people, where, strict=True)
        ]

    def _taken(self, many: int) -> range:
        first, self._next = self._next, self._next + many
        return range(first, self._next)

    def _written(self, people: Sequence[int]) -> Iterator[tuple[int, int]]:
        """(offset, size) of the ballot of each, in the file."""
        offset, found = 0, []
        with self.bodies.open("wb") as file:
            for ballot in self._open.ballots(people):
                file.write(ballot)
                found.append((offset, len(ballot)))
                offset += len(ballot)
        return iter(found)


def _secret(person: int) -> str:
    """Of a session, as long as those that the service makes."""
    return f"{person:043}"
