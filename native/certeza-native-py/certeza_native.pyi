"""Arithmetic of the prime-order group of Ed25519 (curve25519-dalek, crrl). No protocol.

Points are encoded in 32 bytes (RFC 8032, 5.1.2); scalars are 32 bytes, little-endian, below the
group order q = 2**252 + 27742317777372353535851937790883648493. `threads`: 0 is one per core.
Every batch call releases the interpreter lock while it computes.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, final

__version__: str
BACKEND: Literal["avx2", "serial"]

class PointError(ValueError):
    """An encoding that is not an acceptable point."""

    index: int
    """Position in the batch, from 0."""
    rule: Literal["length", "non-canonical", "not-on-curve", "not-prime-order", "identity"]

@final
class Point:
    """A point of the prime-order subgroup, the identity included. Immutable, hashable."""

    @staticmethod
    def identity() -> Point: ...
    @staticmethod
    def generator() -> Point: ...
    def encode(self) -> bytes:
        """32 bytes; kept, so the second call (and that after decode) costs nothing."""
    @property
    def is_identity(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Tables:
    """Precomputation for k fixed bases; its order is that of the fixed scalars of a job."""

    def __new__(cls, points: Iterable[Point]) -> Tables: ...
    def __len__(self) -> int: ...

def decode(encodings: bytes, *, allow_identity: bool = False, threads: int = 1) -> list[Point]:
    """Decode 32*n bytes; raise PointError of the first bad one.

    Refuses y >= p, x = 0 with the sign bit, a y off the curve, small or mixed order and, unless
    allowed, the identity. Variable time.
    """

def encode(points: Iterable[Point], *, threads: int = 1) -> bytes:
    """32*n bytes, 32 a point."""

def combine(points: Iterable[Point]) -> Point:
    """Sum of all points; the identity for none."""

def combine_many(groups: Iterable[Iterable[Point]]) -> list[Point]:
    """Sum of each group."""

def multiply(
    tables: Tables, jobs: Iterable[tuple[bytes, Iterable[Point], bytes]], *, threads: int = 1
) -> list[Point]:
    """Public products, variable time: result i is sum_k f_k*base_k + sum_j s_j*P_j of job i.

    A job is (k fixed scalars, m points, m scalars); scalars are concatenated. Jobs naming the
    same Point object share work. ValueError names the first bad job and scalar.
    """

def multiply_encoded(
    tables: Tables, jobs: Iterable[tuple[bytes, Iterable[Point], bytes]], *, threads: int = 1
) -> bytes:
    """As multiply; the 32-byte encodings of the results, concatenated."""

def decode_multiply(
    tables: Tables,
    encodings: bytes,
    sums: Sequence[Sequence[int]],
    indices: Sequence[int],
    fixed: bytes,
    scalars: bytes,
    *,
    threads: int = 1,
) -> tuple[list[Point], bytes]:
    """decode (without the identity), sums of decoded points, and a product of each: for less than apart.

    Returns the n decoded points followed by the sums, and the encodings of the products: number i is
    sum_k fixed[i,k]*base_k + scalars[i]*P, where P is item indices[i] of those points. Raises PointError
    exactly where decode does. ValueError for an index, a length or a scalar out of range.
    """

def powers(tables: Tables, scalars: Iterable[bytes], *, threads: int = 1) -> list[Point]:
    """Secret powers of the fixed bases, constant time; each item is k scalars, concatenated.

    Fewer scalars (at least one) leave out the last bases: their number is no secret, their values are.
    """

def powers_encoded(tables: Tables, scalars: Iterable[bytes], *, threads: int = 1) -> bytes:
    """As powers; the 32-byte encodings of the results, concatenated."""

def power_each(points: Iterable[Point], scalar: bytes, *, threads: int = 1) -> list[Point]:
    """Each point multiplied by one secret scalar, constant time."""
