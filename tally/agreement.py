"""Which of the accepted shares agree with each other, so that a wrong one above the threshold blocks nothing.

The proof of a partial decryption does not hash the factor (Belenios specification, "Partial decryptions"), so
that who knows a key can make a useless factor whose proof verifies. Right factors are the values, in the
exponent, of one polynomial of degree t - 1 (Shamir 1979): t of them that open a tally foretell every other
one, and whoever handed in another factor forged it. No t factors of which one is forged open a tally, except
with the chance of guessing a number below the group's order among as many as there are ballots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from keys.ceremony.trustees import lagrange
from keys.errors import FormatRefusal
from keys.group import Element, Group
from tally import decryption
from tally.decryption import PartialDecryption
from tally.encrypted_tally import EncryptedTally
from tally.errors import OpeningRefusal

Factors = Sequence[Sequence[Element]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a tally opens to, by question and answer, and the owners of shares that do not fit the others."""

    votes: list[list[int]]
    forged: tuple[int, ...]


def agree(
    group: Group,
    threshold: int,
    tally: EncryptedTally,
    ballots: int,
    partials: Mapping[int, PartialDecryption],
    place: str,
) -> Agreement:
    """Open a tally with the first `threshold` shares that can, and compare the others with them.

    `partials` by owner, their proofs checked before, of trustees who held one ceremony (owner = index of the
    certificate). Raises OpeningRefusal when no `threshold` of them open: then more must arrive.
    """
    factors = {owner: decryption.decode_factors(group, owner, p) for owner, p in sorted(partials.items())}
    for chosen in combinations(factors, threshold):
        known = {owner: factors[owner] for owner in chosen}
        try:
            votes = decryption.result(group, tally, _foretold(group, known, 0), ballots)
        except FormatRefusal:
            continue
        others = [owner for owner in factors if owner not in known]
        return Agreement(votes, tuple(o for o in others if _foretold(group, known, o) != factors[o]))
    raise OpeningRefusal(
        "aportacion.concuerda",
        place,
        f"{threshold} aportaciones que juntas abran la urna",
        f"ninguna combinación de las {len(factors)} recibidas: al menos una es falsa; hace falta otra",
    )


def _foretold(group: Group, known: Mapping[int, Factors], index: int) -> Factors:
    """The factors of trustee `index` that those of `known` determine; of index 0, what opens the tally."""
    return decryption.combine_factors(group, known, lagrange(list(known), group.order, at=index))
