"""A voter's program that encrypts what no question allows and proves as well as it can.

The honest prover cannot do it: the branch that is claimed to be true is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

from tally import encryption
from tally.ballot import Ballot
from tally.encryption import BallotMaker
from tally.questions import Question


class CheatingMaker(BallotMaker):
    """`BallotMaker` without its scruples: the nearest allowed value is what each proof pretends."""

    def make(self, private_credential: str, choices: Sequence[Sequence[int]]) -> Ballot:
        with (
            mock.patch.object(Question, "require_vote", lambda *_: None),
            mock.patch.object(encryption, "branches", _branches),
            mock.patch.object(encryption.blank, "branches", _branches),
            mock.patch.object(encryption.blank, "overall_branches", _overall),
        ):
            return super().make(private_credential, choices)


_honest = encryption.branches
_honest_overall = encryption.blank.overall_branches


def _branches(order, statements, true_branch, randomness):  # type: ignore[no-untyped-def]
    statements = [(r, d % order) for r, d in statements]
    return _honest(order, statements, min(max(true_branch, 0), len(statements) - 1), randomness)


def _overall(order, blank, chosen, values, randomness):  # type: ignore[no-untyped-def]
    """Claims blank when that is half true, else the nearest number of answers."""
    chosen = (chosen[0], chosen[1] % order)
    statements = [(blank[0], (blank[1] - 1) % order)] + [(chosen[0], (chosen[1] - v) % order) for v in values]
    near = min(max(chosen[1], values[0]), values[-1])
    true_branch = 0 if blank[1] == 1 else 1 + list(values).index(near)
    return _honest(order, statements, true_branch, randomness)
