"""Ed25519 on libsodium: slower than the accelerator, present everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from nacl._sodium import ffi, lib

from certeza_verifier.groups import edwards
from certeza_verifier.groups.base import Group, Job, PointError
from certeza_verifier.groups.edwards import IDENTITY, ORDER, PRIME

# PyNaCl's wrappers of these four functions spend a tenth of a ballot's time on checks of arguments that are
# settled here. The one buffer for results means: one thread (several processes are fine).
_OUT = ffi.new("unsigned char[32]")
_RESULT = ffi.buffer(_OUT, 32)
_D = -121665 * pow(121666, -1, PRIME) % PRIME


class SodiumGroup(Group[bytes]):
    """Elements are their 32-byte encodings."""

    name = "Ed25519"
    order = ORDER
    backend = "libsodium"
    generator = (4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little")

    def parse(self, texts: Sequence[str], *, allow_identity: bool = False, threads: int = 1) -> list[bytes]:
        """libsodium's own check: canonical, on the curve, in the prime-order subgroup, not of small order."""
        data = edwards.encodings(texts)
        points = [data[i : i + 32] for i in range(0, len(data), 32)]
        for index, point in enumerate(points):
            if point == IDENTITY and allow_identity:
                continue
            if not lib.crypto_core_ed25519_is_valid_point(point):
                raise PointError(index, _reason(point))
        return points

    def text(self, element: bytes) -> str:
        """64 hexadecimal digits."""
        return element[::-1].hex()

    def combine(self, elements: Sequence[bytes]) -> bytes:
        """Sum of points."""
        total = IDENTITY
        for element in elements:
            total = _add(total, element)
        return total

    def multiply(self, bases: Sequence[bytes], jobs: Sequence[Job[bytes]]) -> list[bytes]:
        """One scalar multiplication per exponent that is not zero."""
        return [self._job(bases, job) for job in jobs]

    def _job(self, bases: Sequence[bytes], job: Job[bytes]) -> bytes:
        fixed, elements, exponents = job
        total = IDENTITY
        for base, exponent in zip(bases, fixed, strict=True):
            total = _add(total, self._power(base, exponent))
        for element, exponent in zip(elements, exponents, strict=True):
            total = _add(total, self._power(element, exponent))
        return total

    def _power(self, point: bytes, exponent: int) -> bytes:
        if exponent == 0 or point == IDENTITY:
            return IDENTITY
        scalar = exponent.to_bytes(32, "little")
        if point == self.generator:
            return _done(lib.crypto_scalarmult_ed25519_base_noclamp(_OUT, scalar))
        return _done(lib.crypto_scalarmult_ed25519_noclamp(_OUT, scalar, point))

    def sort_key(self, text: str) -> int:
        """See `edwards.sort_key`."""
        return edwards.sort_key(text)


def _add(left: bytes, right: bytes) -> bytes:
    if left == IDENTITY:
        return right
    if right == IDENTITY:
        return left
    return _done(lib.crypto_core_ed25519_add(_OUT, left, right))


def _done(code: int) -> bytes:
    """The result of the last call. It fails only for points that `parse` does not let in."""
    if code != 0:
        raise ArithmeticError("libsodium")
    return bytes(_RESULT)


def _reason(point: bytes) -> str:
    """Why libsodium refused an encoding, in the accelerator's order of checks."""
    number = int.from_bytes(point, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if y >= PRIME:
        return "punto-no-canonico"
    x2 = (y * y - 1) * pow(_D * y * y + 1, -1, PRIME) % PRIME
    if x2 == 0 and sign:
        return "punto-no-canonico"
    if x2 != 0 and pow(x2, (PRIME - 1) // 2, PRIME) != 1:
        return "punto-fuera-de-la-curva"
    return "punto-identidad" if point == IDENTITY else "punto-fuera-del-grupo"
