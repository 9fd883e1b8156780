"""Ed25519 by the textbook: affine coordinates, modular inverses. Slow, and independent of what it judges."""

from __future__ import annotations

from functools import cache

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
_ROOT = pow(2, (P - 1) // 4, P)

Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


def add(a: Point, b: Point) -> Point:
    """The addition law of the twisted Edwards curve."""
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, -1, P)
    return x % P, y % P


def multiply(point: Point, scalar: int) -> Point:
    """Double and add."""
    total = NEUTRAL
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point = add(point, point)
        scalar >>= 1
    return total


def decompress(number: int) -> Point | None:
    """The point of an encoding; None when there is none on the curve. Any y is reduced."""
    y, sign = number % 2**255 % P, number >> 255
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    square = u * pow(v, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * _ROOT % P
    if x * x % P != square:
        return None
    return (-x % P if x % 2 != sign else x), y


def text(point: Point) -> str:
    """The one spelling of a point."""
    x, y = point
    return f"{y | (x & 1) << 255:064x}"


BASE = decompress(4 * pow(5, -1, P) % P) or NEUTRAL


@cache
def torsion() -> list[Point]:
    """The eight points of order dividing 8: multiples of one of order 8."""
    y = 2
    while True:
        point = decompress(y)
        if point is not None:
            small = multiply(point, L)
            if multiply(small, 4) != NEUTRAL:
                return [multiply(small, k) for k in range(8)]
        y += 1


def plus_torsion(element: str, order: int) -> str | None:
    """The text of the element plus a point of small order; None when the text is no point."""
    point = decompress(int(element, 16))
    if point is None:
        return None
    return text(add(point, torsion()[8 // order]))
