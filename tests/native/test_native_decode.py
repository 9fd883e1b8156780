"""What `certeza_native.decode` refuses, by which rule, at which index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings as sodium

native = pytest.importorskip("certeza_native", reason="AVISO: falta certeza_native: native/ NO se probó")

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
SIGN = 1 << 255

# The eight points of small order (RFC 8032 encodings): order 1, 2, 4, 4, 8, 8, 8, 8.
ORDER_8_Y = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
IDENTITY = 1
SMALL_ORDER = [
    P - 1,
    0,
    SIGN,
    ORDER_8_Y,
    ORDER_8_Y | SIGN,
    P - ORDER_8_Y,
    (P - ORDER_8_Y) | SIGN,
]


def _bytes(value: int) -> bytes:
    return value.to_bytes(32, "little")


def _power(exponent: int) -> bytes:
    """`exponent * generator` by libsodium, which refuses 0."""
    exponent %= Q
    return sodium.crypto_scalarmult_ed25519_base_noclamp(_bytes(exponent)) if exponent else _bytes(IDENTITY)


def _refusal(data: bytes, **options: bool) -> tuple[int, str]:
    with pytest.raises(native.PointError) as caught:
        native.decode(data, **options)
    assert isinstance(caught.value, ValueError)
    return caught.value.index, caught.value.rule


@pytest.mark.parametrize("value", SMALL_ORDER)
def test_small_order_is_refused(value: int) -> None:
    assert _refusal(_bytes(value)) == (0, "not-prime-order")


@pytest.mark.parametrize("sign", [0, SIGN])
@pytest.mark.parametrize("value", range(P, 2**255))
def test_y_not_below_p_is_refused(value: int, sign: int) -> None:
    assert _refusal(_bytes(value | sign)) == (0, "non-canonical")


@pytest.mark.parametrize("value", [1, P - 1])
def test_zero_x_with_the_sign_bit_is_refused(value: int) -> None:
    assert _refusal(_bytes(value | SIGN), allow_identity=True) == (0, "non-canonical")


def test_y_without_a_point_is_refused() -> None:
    assert _refusal(_bytes(2)) == (0, "not-on-curve")


def test_identity_is_refused_unless_allowed() -> None:
    assert _refusal(_bytes(IDENTITY)) == (0, "identity")
    assert native.decode(_bytes(IDENTITY), allow_identity=True) == [native.Point.identity()]


@pytest.mark.parametrize("extra", [1, 31])
def test_a_partial_encoding_is_refused(extra: int) -> None:
    assert _refusal(_power(3) + bytes(extra)) == (1, "length")


_GOOD = [_power(n) for n in range(1, 4)]
_BAD = [
    _bytes(P),
    _bytes(1 | SIGN),
    _bytes(2),
    _bytes(IDENTITY),
    *map(_bytes, SMALL_ORDER),
    *[sodium.crypto_core_ed25519_add(_power(5), _bytes(torsion)) for torsion in SMALL_ORDER],
    _power(6)[:31],
]


@pytest.mark.parametrize("asked", [[], [0], [0, 0, 2], [3], [0, 1, 2, 3]])
@pytest.mark.parametrize("bad", _BAD)
def test_decode_multiply_refuses_as_decode_does(bad: bytes, asked: list[int]) -> None:
    """At the same index and by the same rule, whether or not anything is asked of the bad point."""
    tables = native.Tables([])
    for at in range(3):
        points = [*_GOOD[:at], bad, *_GOOD[at:]] if len(bad) == 32 else [*_GOOD, bad]
        data = b"".join(points)
        with pytest.raises(native.PointError) as caught:
            native.decode_multiply(tables, data, [[0, 1]], asked, b"", _bytes(7) * len(asked))
        assert (caught.value.index, caught.value.rule) == _refusal(data)


@pytest.mark.parametrize("torsion", SMALL_ORDER)
@given(exponent=st.integers(1, Q - 1))
def test_mixed_order_is_refused(torsion: int, exponent: int) -> None:
    mixed = sodium.crypto_core_ed25519_add(_power(exponent), _bytes(torsion))
    assert _refusal(mixed) == (0, "not-prime-order")


@given(data=st.binary(min_size=32, max_size=32))
def test_any_bytes_are_judged_as_libsodium_judges_them(data: bytes) -> None:
    try:
        accepted = [point.encode() for point in native.decode(data)] == [data]
    except native.PointError:
        accepted = False
    assert accepted == sodium.crypto_core_ed25519_is_valid_point(data)


@pytest.mark.parametrize("threads", [0, 1, 2, 5])
def test_the_first_bad_index_is_named(threads: int) -> None:
    good = [_power(n) for n in range(1, 100)]
    data = b"".join([*good[:41], _bytes(P), *good[41:70], _bytes(0), *good[70:]])
    with pytest.raises(native.PointError) as caught:
        native.decode(data, threads=threads)
    assert (caught.value.index, caught.value.rule) == (41, "non-canonical")


def test_points_are_values() -> None:
    one, other = native.decode(_power(7) + _power(7))
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other, native.Point.generator()}) == 2
    assert one != 7
    with pytest.raises(AttributeError):
        one.is_identity = True
    assert repr(one).startswith("<Point ")
    assert native.Point.generator().encode() == _power(1)
    assert native.BACKEND in {"avx2", "serial"}
