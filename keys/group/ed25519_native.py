"""Ed25519 through the `certeza_native` extension: crrl for public data, curve25519-dalek for secrets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import certeza_native as native

from keys.group import ed25519_text as form
from keys.group.interface import Element, Job, Tables, refuse


class NativeEd25519:
    """Elements are `certeza_native.Point`. `threads` is the number of threads per batch, 0 for all cores."""

    name = form.NAME
    order = form.ORDER
    arithmetic = "nativa"

    def __init__(self, threads: int = 1) -> None:
        self.generator: Element = native.Point.generator()
        self.identity: Element = native.Point.identity()
        self._threads = threads

    def decode(self, texts: Sequence[str], place: str) -> list[Element]:
        data = form.to_bytes(texts, place)
        try:
            return list(native.decode(data, threads=self._threads))
        except native.PointError as error:
            raise refuse(place, error.index, error.rule, texts[error.index]) from None

    def encode(self, elements: Sequence[Element]) -> list[str]:
        return form.from_bytes(native.encode(elements))

    def sort_key(self, text: str) -> bytes:
        return bytes.fromhex(text)[::-1]

    def product(self, elements: Sequence[Element]) -> Element:
        return native.combine(elements)

    def tables(self, bases: Sequence[Element]) -> Tables:
        return _tables(tuple(bases))

    def products(self, tables: Tables, jobs: Sequence[Job]) -> list[Element]:
        return list(native.multiply(tables, _packed(jobs), threads=self._threads))

    def encoded_products(self, tables: Tables, jobs: Sequence[Job]) -> list[str]:
        return form.from_bytes(native.multiply_encoded(tables, _packed(jobs), threads=self._threads))

    def powers(self, tables: Tables, exponents: Sequence[Sequence[int]]) -> list[Element]:
        rows = [b"".join(map(form.scalar, row)) for row in exponents]
        return list(native.powers(tables, rows, threads=self._threads))

    def encoded_powers(self, tables: Tables, exponents: Sequence[Sequence[int]]) -> list[str]:
        rows = [b"".join(map(form.scalar, row)) for row in exponents]
        return form.from_bytes(native.powers_encoded(tables, rows, threads=self._threads))

    def power_each(self, elements: Sequence[Element], exponent: int) -> list[Element]:
        return list(native.power_each(elements, form.scalar(exponent), threads=self._threads))


@lru_cache(maxsize=8)
def _tables(bases: tuple[Element, ...]) -> Tables:
    # Milliseconds and megabytes each: all urns of a consultation share one election key.
    return native.Tables(bases)


def _packed(jobs: Sequence[Job]) -> list[tuple[bytes, Sequence[Element], bytes]]:
    scalar = form.scalar
    return [
        (b"".join([scalar(e) for e in fixed]), elements, b"".join([scalar(e) for e in exponents]))
        for fixed, elements, exponents in jobs
    ]
