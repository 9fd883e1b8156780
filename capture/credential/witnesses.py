"""How sure a value is, from all the places of a card that say it. Pure.

Sure is what a code or a check digit vouches for, or two places that agree; never one printed text alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from capture.imaging.picture import Box
from capture.processing.datos import Fuente
from capture.reading.results import SURE, Found, Missing, Side

AGREED, CHECKED, DISPUTED = 0.99, 0.97, 0.6
"""Two places agree; a code or check digit alone; the surer of two places that differ."""
MOST_ALONE = 0.9
"""A printed text that nothing confirms."""
_CLEAR = 0.9


@dataclass(frozen=True, slots=True)
class Witness:
    """One place that says a value. `checked`: it is a code, or has a check digit that agrees."""

    value: str = field(repr=False)
    source: Fuente
    side: Side
    sure: float = 1.0
    where: Box | None = None
    checked: bool = False

    @property
    def clear(self) -> bool:
        """Read so well that its disagreement counts."""
        return self.checked or self.sure >= _CLEAR

    @property
    def place(self) -> tuple[Fuente, Side]:
        """Witnesses of one place are one."""
        return self.source, self.side


def settle(witnesses: Sequence[Witness]) -> Found:
    """The value that most of the places say, or none with its reason."""
    if not witnesses:
        return Found(None, missing=Missing.NOT_FOUND)
    best = max(witnesses, key=lambda one: (_weight(one.value, witnesses), one.checked, one.sure))
    places = {one.place for one in witnesses if one.value == best.value}
    rivals = [one for one in witnesses if one.value != best.value]
    weight = _weight(best.value, witnesses)
    equals = [one for one in rivals if _weight(one.value, witnesses) == weight]
    if any(one.checked for one in rivals) or any(one.clear for one in equals):
        return Found(None, missing=Missing.CONTRADICTED)
    if weight > 1 and not equals:
        return _found(best, AGREED if len(places) > 1 else CHECKED)
    return _found(best, min(best.sure, DISPUTED if rivals else MOST_ALONE))


def contradicted(witnesses: Sequence[Witness]) -> bool:
    """Whether two places that were read clearly say different things."""
    return len({one.value for one in witnesses if one.clear}) > 1


def confirmed(found: Found) -> Found:
    """The same value when something independent vouches for it."""
    return Found(found.value, found.source, max(found.sure, SURE), found.side, found.where)


def doubted(found: Found, most: float) -> Found:
    """The same value, no surer than `most`."""
    return Found(found.value, found.source, min(found.sure, most), found.side, found.where, found.missing)


def _found(best: Witness, sure: float) -> Found:
    return Found(best.value, best.source, sure, best.side, best.where)


def _weight(value: str, witnesses: Sequence[Witness]) -> int:
    """Places that say it; a checked one counts double."""
    of_value = [one for one in witnesses if one.value == value]
    return len({one.place for one in of_value}) + any(one.checked for one in of_value)
