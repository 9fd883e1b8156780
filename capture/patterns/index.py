"""All records of one process in memory, and which of them a new one is like.

At 1.4 million records with all their images it takes some 650 MB, in the processing service only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capture.patterns.index_faces import FaceIndex
from capture.patterns.index_hashes import HashIndex, Keys, grown
from capture.patterns.rules import Regla
from capture.patterns.seen import ROW, Place, Rows, folio_of, has_face, has_file, has_view, place_in
from capture.patterns.settings import PatternLimits
from capture.patterns.views import BYTES, EXACT_BYTES, FILES, VIEWS, View

FACE = "rostro"
"""The `objeto` of patterns of faces."""
_WHOLE = {View.RETRATO: View.ANVERSO.value, View.HUELLA: View.REVERSO.value}
"""Parts of a card: who has the same card photographed twice has the same part twice, and is no pattern."""
_KEPT = np.dtype(
    [(name, ROW[name]) for name in ("folio", "clave", "has", "latitud", "longitud", "exactitud")]
)


@dataclass(frozen=True, slots=True)
class Match:
    """What a record is like in one respect: places in the index, and the measure of each, in UNIT."""

    rule: Regla
    objeto: str
    ordenes: Keys
    measures: NDArray[np.float64]


class ProcessIndex:
    """Records by their place, 0 on. For one thread at a time."""

    def __init__(self) -> None:
        self._prints = {view: HashIndex(BYTES) for view in VIEWS}
        self._exact = {name: HashIndex(EXACT_BYTES) for name in FILES}
        self._faces = FaceIndex()
        self._rows = np.zeros(1_024, _KEPT)
        self._count = 0
        self._homes: dict[tuple[Regla, str], NDArray[np.int64]] = {}
        self.homes_known = 0
        """Records up to here have their patterns in `home`."""

    def __len__(self) -> int:
        return self._count

    @property
    def memory(self) -> int:
        """Bytes."""
        indices: list[HashIndex | FaceIndex] = [*self._prints.values(), *self._exact.values(), self._faces]
        homes = sum(one.nbytes for one in self._homes.values())
        return self._rows.nbytes + homes + sum(one.memory for one in indices)

    def extend(self, rows: Rows) -> None:
        """Add records, which take the next places."""
        end = self._count + len(rows)
        places = np.arange(self._count, end, dtype=np.int32)
        for view, prints in self._prints.items():
            having = has_view(rows, view)
            prints.extend(places[having], rows["prints"][having, VIEWS.index(view)])
        for name, exact in self._exact.items():
            having = has_file(rows, name)
            exact.extend(places[having], rows["exact"][having, FILES.index(name)])
        having = has_face(rows)
        self._faces.extend(places[having], rows["face"][having])
        self._rows = grown(self._rows, end)
        for name in _KEPT.names or ():
            self._rows[name][self._count : end] = rows[name]
        self._count = end

    def folio(self, orden: int) -> str:
        """Of the record at a place."""
        return folio_of(self._rows["folio"][orden])

    def place(self, orden: int) -> Place | None:
        """Where it was captured."""
        return place_in(self._rows[orden])

    def home(self, rule: Regla, objeto: str, ordenes: Keys) -> NDArray[np.int64]:
        """The pattern that each record came into first; 0 for none."""
        return self._home(rule, objeto)[ordenes]

    def settle(self, rule: Regla, objeto: str, orden: int, pattern: int) -> None:
        """Remember the pattern of a record, if it is its first one of this kind."""
        homes = self._home(rule, objeto)
        if homes[orden] == 0:
            homes[orden] = pattern

    def _home(self, rule: Regla, objeto: str) -> NDArray[np.int64]:
        homes = self._homes.get((rule, objeto), np.zeros(0, np.int64))
        self._homes[rule, objeto] = homes = grown(homes, self._count + 1)
        return homes

    def matches(self, row: Rows, limits: PatternLimits) -> Iterator[Match]:
        """What a record (one row, not added yet) is like; never twice, the second time as something less."""
        told: dict[str, Keys] = {}
        for name in FILES:
            if has_file(row, name)[0]:
                found, apart = self._exact[name].within(row["exact"][0, FILES.index(name)], 0)
                told[name] = found
                yield from _match(Regla.IMAGEN_IDENTICA, name, found, apart)
        for view in VIEWS:
            if has_view(row, view)[0]:
                yield from self._near(row, view, limits, told)
        if has_face(row)[0]:
            yield from self._alike(row, limits, told)

    def _near(self, row: Rows, view: View, limits: PatternLimits, told: dict[str, Keys]) -> Iterator[Match]:
        is_signature = view is View.FIRMA
        bits = limits.signature_bits if is_signature else limits.near_bits
        found, apart = self._prints[view].within(row["prints"][0, VIEWS.index(view)], bits)
        whole = _WHOLE.get(view, view.value)
        chosen = ~np.isin(found, told.get(whole, found[:0]))
        if view in _WHOLE:
            chosen &= self._others(row, found)
        else:
            told[whole] = np.union1d(told.get(whole, found[:0]), found)
        rule = Regla.FIRMA if is_signature else Regla.IMAGEN_PARECIDA
        yield from _match(rule, view.value, found[chosen], apart[chosen])

    def _alike(self, row: Rows, limits: PatternLimits, told: dict[str, Keys]) -> Iterator[Match]:
        found, cosines = self._faces.alike(row["face"][0], limits.face_cosine)
        chosen = self._others(row, found) & ~np.isin(found, told.get(View.FOTO.value, found[:0]))
        yield from _match(Regla.ROSTRO, FACE, found[chosen], cosines[chosen])

    def _others(self, row: Rows, found: Keys) -> NDArray[np.bool_]:
        """Which are of another person, by the clave de elector; who has none that was read may be anybody."""
        claves, mine = self._rows["clave"][found], row["clave"][0]
        return np.asarray((claves != mine) | (mine == 0), np.bool_)


def _match(rule: Regla, objeto: str, found: Keys, measures: NDArray[np.generic]) -> Iterator[Match]:
    if found.size:
        yield Match(rule, objeto, found, measures.astype(np.float64))
