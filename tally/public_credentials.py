"""The list of public credentials of an election (Belenios specification, section "Credentials").

Consultations give every person one opinion, so that a list with weights is refused here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from keys import canonical, credentials
from keys.errors import FormatRefusal
from keys.group import Group


@dataclass(frozen=True)
class PublicCredentials:
    """Texts of group elements, distinct, in the group's order."""

    texts: tuple[str, ...]

    @cached_property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_bytes(list(self.texts))

    @cached_property
    def listed(self) -> frozenset[str]:
        """For membership tests."""
        return frozenset(self.texts)

    @classmethod
    def from_bytes(cls, group: Group, data: bytes, place: str) -> PublicCredentials:
        """Read strictly: elements of the group, sorted, none twice. Raises Refusal."""
        texts = canonical.items(canonical.parse(data, place), place, canonical.string)
        weighted = next((t for t in texts if "," in t), None)
        if weighted is not None:
            raise FormatRefusal("credenciales.peso", place, "credenciales sin peso", weighted)
        group.decode(texts, place)
        for index, (before, after) in enumerate(pairwise(texts)):
            if group.sort_key(before) >= group.sort_key(after):
                where = f"{place}[{index + 1}]"
                raise FormatRefusal("credenciales.orden", where, "lista ordenada y sin repetidas", after)
        made = cls(tuple(texts))
        canonical.require_same(data, made.data.decode(), place)
        return made


def derive(group: Group, uuid: str, private: Sequence[str]) -> list[str]:
    """The public credential in the election `uuid` of each private credential, in the same order."""
    tables = group.tables([group.generator])
    return group.encoded_powers(tables, [[credentials.exponent(group.order, uuid, c)] for c in private])


def listing(group: Group, texts: Iterable[str]) -> PublicCredentials:
    """The sorted list. Raises FormatRefusal when a credential appears twice."""
    ordered = sorted(texts, key=group.sort_key)
    for before, after in pairwise(ordered):
        if before == after:
            raise FormatRefusal("credenciales.orden", "credenciales", "credenciales distintas", after)
    return PublicCredentials(tuple(ordered))
