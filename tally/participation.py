"""Who has taken part (SEI-16, SEI-20): one opinion per person over all urns.

Held in memory and derived: the issue of credentials says whose each is, the urns say which were used.
So the listado and the urn cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from threading import Lock

from keys.errors import FormatRefusal


class Participants:
    """`issued`: (uuid, public credential, person). A person of several UTs has a credential in each."""

    def __init__(self, issued: Iterable[tuple[str, str, str]]) -> None:
        self._persons: dict[tuple[str, str], str] = {}
        self._opinions: dict[str, tuple[str, str]] = {}
        self._turn = Lock()
        for uuid, credential, person in issued:
            if self._persons.setdefault((uuid, credential), person) != person:
                raise FormatRefusal(
                    "credenciales.persona", uuid, "una persona por credencial", "dos personas"
                )

    def person_of(self, uuid: str, credential: str) -> str | None:
        return self._persons.get((uuid, credential))

    def opinion_of(self, person: str) -> tuple[str, str] | None:
        return self._opinions.get(person)

    def turn(self) -> AbstractContextManager[object]:
        """One act at a time over all urns, among the threads of this process."""
        return self._turn

    def record(self, person: str, uuid: str, tracker: str) -> None:
        self._opinions[person] = (uuid, tracker)

    def who_opined(self, uuid: str) -> list[str]:
        """The persons of one urn's listado, sorted."""
        return sorted(person for person, (urn, _) in self._opinions.items() if urn == uuid)
