"""`ceremonia.json`: what the coordinator announces, and trustees hold the whole ceremony to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keys import canonical
from keys.ceremony.terms import Terms
from keys.errors import FormatRefusal
from keys.group import Group, group_named
from keys.randomness import BASE58, Randomness, base58

VERSION = 1
MAX_NAME = 120
_ID = re.compile(rf"[{BASE58}]{{22}}", re.ASCII)
_FIELDS = ("custodios", "grupo", "id", "nombres", "umbral", "version")


@dataclass(frozen=True, slots=True)
class Announcement:
    """The terms of one ceremony, with an identifier that keeps it apart from any other."""

    id: str
    terms: Terms
    names: tuple[str, ...]
    """How each trustee is called in the acta: an office rather than a person."""

    def group(self) -> Group:
        return group_named(self.terms.group, place="ceremonia.json › grupo")

    def encode(self) -> bytes:
        """Canonical JSON with sorted keys."""
        values: dict[str, Any] = {
            "custodios": self.terms.size,
            "grupo": self.terms.group,
            "id": self.id,
            "nombres": list(self.names),
            "umbral": self.terms.threshold,
            "version": VERSION,
        }
        return canonical.encode_bytes(values)

    @classmethod
    def decode(cls, data: bytes, place: str) -> Announcement:
        """Read the canonical bytes; the terms must be fit for a consultation."""
        found = canonical.record(canonical.parse(data, place), place, _FIELDS)
        size, threshold, version = (
            canonical.small_int(found[n], f"{place} › {n}") for n in ("custodios", "umbral", "version")
        )
        identifier = canonical.string(found["id"], f"{place} › id")
        if version != VERSION or not _ID.fullmatch(identifier):
            raise FormatRefusal(
                "ceremonia.anuncio", place, f"versión {VERSION} con su identificador", version
            )
        terms = Terms(canonical.string(found["grupo"], f"{place} › grupo"), size, threshold)
        names = canonical.items(found["nombres"], f"{place} › nombres", read_name, size)
        made = cls(identifier, terms.check_for_consultation(place), tuple(names))
        canonical.require_same(data, made.encode().decode(), place)
        return made


def read_name(value: Any, place: str) -> str:
    """A printable name of at most MAX_NAME characters."""
    text = canonical.string(value, place)
    if not text.strip() or len(text) > MAX_NAME or not text.isprintable():
        raise FormatRefusal("ceremonia.nombre", place, f"un nombre de hasta {MAX_NAME} caracteres", text)
    return text


def announce(terms: Terms, names: Sequence[str] | None, randomness: Randomness) -> Announcement:
    """A new ceremony. Raises CeremonyRefusal for terms unfit for a consultation."""
    terms.check_for_consultation("ceremonia")
    group_named(terms.group, place="ceremonia › grupo")
    found = [f"Custodio {i}" for i in terms.indices()] if names is None else list(names)
    checked = canonical.items(found, "nombres", read_name, terms.size)
    return Announcement(base58(randomness, 22), terms, tuple(checked))
