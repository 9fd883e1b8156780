"""Ed25519 on the optional accelerator `certeza_native`, which does arithmetic only."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import certeza_native
from certeza_native import decode_multiply  # where it is missing, the extension is older than this package

from certeza_verifier.groups import edwards
from certeza_verifier.groups.base import Group, IndexedJob, Job, PointError

_RULES = {
    "length": "punto-forma",
    "non-canonical": "punto-no-canonico",
    "not-on-curve": "punto-fuera-de-la-curva",
    "not-prime-order": "punto-fuera-del-grupo",
    "identity": "punto-identidad",
}
_TABLES = 64


class NativeGroup(Group[Any]):
    """Elements are `certeza_native.Point`."""

    name = "Ed25519"
    order = edwards.ORDER
    backend = "nativa"

    def __init__(self) -> None:
        self.generator = certeza_native.Point.generator()
        self._tables: OrderedDict[tuple[Any, ...], Any] = OrderedDict()

    def parse(self, texts: Sequence[str], *, allow_identity: bool = False, threads: int = 1) -> list[Any]:
        """All texts in one call; the accelerator checks canonical form and prime order of each."""
        data = edwards.encodings(texts)
        try:
            return list(certeza_native.decode(data, allow_identity=allow_identity, threads=threads))
        except certeza_native.PointError as error:
            raise PointError(error.index, _RULES[error.rule]) from None

    def text(self, element: Any) -> str:
        """64 hexadecimal digits."""
        return bytes(element.encode())[::-1].hex()

    def combine(self, elements: Sequence[Any]) -> Any:
        """Sum of points."""
        return certeza_native.combine(list(elements))

    def multiply(self, bases: Sequence[Any], jobs: Sequence[Job[Any]]) -> list[Any]:
        """All jobs in one call."""
        return list(certeza_native.multiply(self._table(bases), _packed(jobs)))

    def multiply_text(self, bases: Sequence[Any], jobs: Sequence[Job[Any]]) -> list[str]:
        """All jobs and their encodings in one call."""
        return edwards.texts(certeza_native.multiply_encoded(self._table(bases), _packed(jobs)))

    def parse_and_multiply(
        self,
        texts: Sequence[str],
        products: Sequence[Sequence[int]],
        bases: Sequence[Any],
        jobs: Sequence[IndexedJob],
    ) -> tuple[list[Any], list[str]]:
        """One call, in which the multiples of an element also show its order."""
        indices = [i for _, i, _ in jobs]
        fixed = b"".join([e.to_bytes(32, "little") for row, _, _ in jobs for e in row])
        exponents = b"".join([e.to_bytes(32, "little") for _, _, e in jobs])
        data, table = edwards.encodings(texts), self._table(bases)
        try:
            points, found = decode_multiply(table, data, products, indices, fixed, exponents)
        except certeza_native.PointError as error:
            raise PointError(error.index, _RULES[error.rule]) from None
        return list(points), edwards.texts(found)

    def sort_key(self, text: str) -> int:
        """See `edwards.sort_key`."""
        return edwards.sort_key(text)

    def _table(self, bases: Sequence[Any]) -> Any:
        """Tables of the bases in use; the oldest are dropped, so that memory does not grow with the urns."""
        key = tuple(bases)
        if key not in self._tables:
            self._tables[key] = certeza_native.Tables(list(bases))
            if len(self._tables) > _TABLES:
                self._tables.popitem(last=False)
        return self._tables[key]


def _packed(jobs: Sequence[Job[Any]]) -> list[tuple[bytes, list[Any], bytes]]:
    """Exponents as concatenated 32-byte little-endian numbers."""
    return [
        (
            b"".join([e.to_bytes(32, "little") for e in fixed]),
            list(elements),
            b"".join([e.to_bytes(32, "little") for e in exponents]),
        )
        for fixed, elements, exponents in jobs
    ]
