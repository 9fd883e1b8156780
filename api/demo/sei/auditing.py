"""A challenged ballot (Benaloh): what its device reveals, and how any other one checks it.

A ciphertext of the choice m under the key y, with the randomness r, is (g^r, g^m · y^r). Whoever knows r and
m makes it again: if it is the same, the device encrypted what it said.
"""

from __future__ import annotations

from typing import Any

from api.demo.errors import UnexpectedOutcome
from keys.group import Group
from keys.randomness import Randomness
from tally.ballot import Ballot
from tally.casting import read_ballot
from tally.election import Election


class Draws:
    """A source that remembers what was drawn of it."""

    def __init__(self, source: Randomness) -> None:
        self._source = source
        self.drawn: list[int] = []

    def below(self, limit: int) -> int:
        """See `Randomness`."""
        self.drawn.append(self._source.below(limit))
        return self.drawn[-1]

    def child(self, label: str) -> Randomness:
        """See `Randomness`. What a child gives is not remembered."""
        return self._source.child(label)


def audited(group: Group, data: bytes, slip: dict[str, Any], draws: Draws, mark: int) -> dict[str, Any]:
    """What the page shows, and the other device checks. Raises UnexpectedOutcome where they differ.

    The first numbers that an encryption draws are the randomness of its ciphertexts, in their order.
    """
    election = Election.from_bytes(slip["eleccion"].encode(), "eleccion")
    ballot = read_ballot(data, group.order)
    size = election.questions[0].size
    shown = {
        "unidad": slip["clave"],
        "rastreador": ballot.tracker,
        "opciones": [int(i == mark) for i in range(size)],
        "aleatoriedad": [str(number) for number in draws.drawn[:size]],
    }
    check(group, election, ballot, shown)
    return shown


def check(group: Group, election: Election, ballot: Ballot, shown: dict[str, Any]) -> None:
    """Make the ciphertexts again from what was shown. Raises UnexpectedOutcome when they are others."""
    (key,) = group.decode([election.public_key], "eleccion.public_key")
    tables = group.tables([group.generator, key])
    rows: list[tuple[int, ...]] = []
    for number, choice in zip(shown["aleatoriedad"], shown["opciones"], strict=True):
        rows += [(int(number),), (choice, int(number))]
    again = group.encoded_powers(tables, rows)
    texts = [text for pair in ballot.answers[0].choices for text in pair]
    if list(again) != texts:
        raise UnexpectedOutcome("una boleta auditada no decía lo que su dispositivo mostró")
