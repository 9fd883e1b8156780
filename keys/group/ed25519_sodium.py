"""Ed25519 over libsodium (PyNaCl): slower than the native extension, present everywhere.

libsodium's `scalarmult` and `is_valid_point` refuse the identity and small-order points, so zero
exponents and identity factors are handled here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nacl import bindings as sodium
from nacl.exceptions import RuntimeError as SodiumError

from keys.group import ed25519_text as form
from keys.group.interface import Element, Job, Tables, refuse

_IDENTITY = bytes([1]) + bytes(31)
_FIELD = 2**255 - 19
_GENERATOR = bytes([0x58]) + bytes([0x66]) * 31
# The generator plus the point of order 2: on the curve, outside the prime-order subgroup.
_MIXED_ORDER = bytes([0x95]) + bytes([0x99]) * 31


class SodiumEd25519:
    """Elements are 32-byte RFC 8032 encodings of points already checked.

    Raises ImportError with a libsodium that does not check the subgroup (CVE-2025-69277).
    """

    name = form.NAME
    order = form.ORDER
    arithmetic = "libsodium"
    generator: Element = _GENERATOR
    identity: Element = _IDENTITY

    def __init__(self) -> None:
        if sodium.crypto_core_ed25519_is_valid_point(_MIXED_ORDER):
            raise ImportError(
                "esta libsodium acepta puntos fuera del subgrupo primo: instale PyNaCl 1.6.2 o posterior"
            )

    def decode(self, texts: Sequence[str], place: str) -> list[Element]:
        data = form.to_bytes(texts, place)
        points = [data[i : i + 32] for i in range(0, len(data), 32)]
        for index, point in enumerate(points):
            if not sodium.crypto_core_ed25519_is_valid_point(point):
                raise refuse(place, index, _broken_rule(point), texts[index])
        return points

    def encode(self, elements: Sequence[Element]) -> list[str]:
        return form.from_bytes(b"".join(elements))

    def sort_key(self, text: str) -> bytes:
        return bytes.fromhex(text)[::-1]

    def product(self, elements: Sequence[Element]) -> Element:
        return _sum(elements)

    def tables(self, bases: Sequence[Element]) -> Tables:
        return tuple(bases)

    def products(self, tables: Tables, jobs: Sequence[Job]) -> list[Element]:
        return [
            _sum([*map(_power, tables, fixed), *map(_power, elements, exponents)])
            for fixed, elements, exponents in jobs
        ]

    def encoded_products(self, tables: Tables, jobs: Sequence[Job]) -> list[str]:
        return self.encode(self.products(tables, jobs))

    def powers(self, tables: Tables, exponents: Sequence[Sequence[int]]) -> list[Element]:
        return [_sum(map(_power, tables, row)) for row in exponents]

    def encoded_powers(self, tables: Tables, exponents: Sequence[Sequence[int]]) -> list[str]:
        return self.encode(self.powers(tables, exponents))

    def power_each(self, elements: Sequence[Element], exponent: int) -> list[Element]:
        return [_power(element, exponent) for element in elements]


def _power(point: bytes, exponent: int) -> bytes:
    if exponent == 0 or point == _IDENTITY:
        return _IDENTITY
    scalar = form.scalar(exponent)
    if point == _GENERATOR:
        return bytes(sodium.crypto_scalarmult_ed25519_base_noclamp(scalar))
    return bytes(sodium.crypto_scalarmult_ed25519_noclamp(scalar, point))


def _sum(points: Iterable[bytes]) -> bytes:
    total = _IDENTITY
    for point in points:
        if total == _IDENTITY:
            total = point
        elif point != _IDENTITY:
            total = sodium.crypto_core_ed25519_add(total, point)
    return total


def _broken_rule(point: bytes) -> str:
    """Which rule an encoding that libsodium refused breaks."""
    y = int.from_bytes(point, "little") & (2**255 - 1)
    if point == _IDENTITY:
        return "identity"
    if y >= _FIELD or (y in (1, _FIELD - 1) and point[31] & 0x80):
        return "non-canonical"
    try:
        # Adding checks that both are on the curve, and nothing about the subgroup.
        sodium.crypto_core_ed25519_add(point, _IDENTITY)
    except SodiumError:
        return "not-on-curve"
    return "not-prime-order"
