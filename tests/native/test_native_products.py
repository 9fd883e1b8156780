"""Every operation of `certeza_native` against libsodium, one small call at a time."""

from __future__ import annotations

import threading
import time
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings as sodium

native = pytest.importorskip("certeza_native", reason="AVISO: falta certeza_native: native/ NO se probó")

Q = 2**252 + 27742317777372353535851937790883648493
IDENTITY = (1).to_bytes(32, "little")
EDGES = [0, 1, 2, 15, 16, 31, 2**10, 2**11, 2**128 - 1, 2**252 - 1, 2**252, Q - 2, Q - 1]
exponents = st.integers(0, Q - 1) | st.sampled_from(EDGES)


def _scalar(value: int) -> bytes:
    return value.to_bytes(32, "little")


def _packed(values: list[int]) -> bytes:
    return b"".join(map(_scalar, values))


def _power(point: bytes, exponent: int) -> bytes:
    """`exponent * point` by libsodium, which refuses the identity as argument and as result."""
    if exponent == 0 or point == IDENTITY:
        return IDENTITY
    return sodium.crypto_scalarmult_ed25519_noclamp(_scalar(exponent), point)


def _sum(points: list[bytes]) -> bytes:
    return reduce(sodium.crypto_core_ed25519_add, points, IDENTITY)


def _point(exponent: int) -> bytes:
    return sodium.crypto_scalarmult_ed25519_base_noclamp(_scalar(exponent)) if exponent else IDENTITY


def _decode(points: list[bytes]) -> list[native.Point]:
    return native.decode(b"".join(points), allow_identity=True)


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[bytes], list[bytes], list[tuple]]:
    """Fixed bases, dynamic points, and jobs that name the points by index."""
    bases = draw(st.lists(exponents.map(_point), max_size=3))
    points = draw(st.lists(exponents.map(_point), min_size=1, max_size=4))
    fixed = st.lists(exponents, min_size=len(bases), max_size=len(bases))
    dynamic = st.lists(st.tuples(st.integers(0, len(points) - 1), exponents), max_size=3)
    return bases, points, draw(st.lists(st.tuples(fixed, dynamic), max_size=6))


@given(batch=batches(), threads=st.integers(0, 3))
def test_multiply(batch: tuple[list[bytes], list[bytes], list[tuple]], threads: int) -> None:
    bases, points, asked = batch
    decoded = _decode(points)
    tables = native.Tables(_decode(bases))
    assert len(tables) == len(bases)
    jobs = [
        (_packed(fixed), [decoded[i] for i, _ in dynamic], _packed([s for _, s in dynamic]))
        for fixed, dynamic in asked
    ]
    expected = [
        _sum([*map(_power, bases, fixed), *(_power(points[i], s) for i, s in dynamic)])
        for fixed, dynamic in asked
    ]
    assert native.multiply_encoded(tables, jobs, threads=threads) == b"".join(expected)
    assert [p.encode() for p in native.multiply(tables, jobs, threads=threads)] == expected


@given(batch=batches(), threads=st.integers(0, 3))
def test_decode_multiply(batch: tuple[list[bytes], list[bytes], list[tuple]], threads: int) -> None:
    """One product per term of the batch, the last of them over the sum of all points."""
    bases, drawn, asked = batch
    points = [point for point in drawn if point != IDENTITY]
    terms = [(fixed, i % (len(points) + 1), s) for fixed, dynamic in asked for i, s in dynamic]
    every = [*points, _sum(points)]
    decoded, found = native.decode_multiply(
        native.Tables(_decode(bases)),
        b"".join(points),
        [range(len(points))],
        [i for _, i, _ in terms],
        b"".join([_packed(fixed) for fixed, _, _ in terms]),
        _packed([s for _, _, s in terms]),
        threads=threads,
    )
    assert [point.encode() for point in decoded] == every
    expected = [_sum([*map(_power, bases, fixed), _power(every[i], s)]) for fixed, i, s in terms]
    assert found == b"".join(expected)


def test_decode_multiply_refuses_what_does_not_fit() -> None:
    g = native.Point.generator()
    tables, data, one = native.Tables([g]), g.encode() * 2, _scalar(1)
    assert native.decode_multiply(tables, data, [[0, 1]], [2], one, one)[1] == _point(3)
    for sums, indices, fixed, scalars, what in [
        ([[0, 2]], [], b"", b"", "index 2: there are 2 points"),
        ([[0, 1]], [3], one, one, "index 3: there are 3 points"),
        ([], [0], b"", one, "the fixed scalars must be 32 bytes"),
        ([], [0], one, b"", "the scalars must be 32 bytes"),
        ([], [0, 1], one * 2, one + _scalar(Q), "scalar 1 of the scalars is not below"),
        ([], [0], _scalar(Q), one, "scalar 0 of the fixed scalars is not below"),
    ]:
        with pytest.raises(ValueError, match=what):
            native.decode_multiply(tables, data, sums, indices, fixed, scalars)


@given(bases=st.lists(exponents.map(_point), min_size=1, max_size=2), data=st.data())
def test_powers(bases: list[bytes], data: st.DataObject) -> None:
    tables = native.Tables(_decode(bases))
    item = st.lists(exponents, min_size=1, max_size=len(bases))
    items = data.draw(st.lists(item, max_size=4))
    expected = [_sum(list(map(_power, bases, item))) for item in items]
    packed = [_packed(item) for item in items]
    assert native.powers_encoded(tables, packed) == b"".join(expected)
    assert native.encode(native.powers(tables, packed, threads=2)) == b"".join(expected)


@given(points=st.lists(exponents.map(_point), max_size=20), exponent=exponents, threads=st.integers(0, 2))
def test_power_each(points: list[bytes], exponent: int, threads: int) -> None:
    raised = native.power_each(_decode(points), _scalar(exponent), threads=threads)
    assert [p.encode() for p in raised] == [_power(point, exponent) for point in points]


@given(groups=st.lists(st.lists(exponents.map(_point), max_size=5), max_size=4))
def test_combine(groups: list[list[bytes]]) -> None:
    decoded = [_decode(group) for group in groups]
    expected = [_sum(group) for group in groups]
    assert [p.encode() for p in native.combine_many(decoded)] == expected
    assert [native.combine(group).encode() for group in decoded] == expected


def test_identity_results() -> None:
    tables = native.Tables([native.Point.generator()])
    job = (_scalar(5), [native.Point.generator()], _scalar(Q - 5))
    assert native.multiply(tables, [job])[0].is_identity
    assert native.powers(tables, [_scalar(0)]) == [native.Point.identity()]


@pytest.mark.parametrize("bad", [Q, 2**256 - 1])
def test_scalars_not_below_the_order_are_refused(bad: int) -> None:
    g = native.Point.generator()
    tables = native.Tables([g])
    good = (_scalar(1), [g], _scalar(1))
    for job in [(_scalar(bad), [g], _scalar(1)), (_scalar(1), [g], _scalar(bad))]:
        with pytest.raises(ValueError, match="item 1: scalar 0"):
            native.multiply(tables, [good, job])
    with pytest.raises(ValueError, match="item 2: scalar 0"):
        native.powers(tables, [_scalar(1), _scalar(2), _scalar(bad)])
    with pytest.raises(ValueError, match="scalar 0"):
        native.power_each([g], _scalar(bad))


def test_lengths_are_checked() -> None:
    g = native.Point.generator()
    tables = native.Tables([g])
    for job in [(b"", [], b""), (_scalar(1), [g], b""), (_scalar(1), [], _scalar(1)), (bytes(31), [], b"")]:
        with pytest.raises(ValueError, match="item 0"):
            native.multiply(tables, [job])
    for item in [b"", bytes(31), bytes(33), bytes(64)]:
        with pytest.raises(ValueError, match="item 1: the scalars must be 32 bytes"):
            native.powers(tables, [_scalar(1), item])
    with pytest.raises(ValueError, match="must be 32 bytes"):
        native.power_each([g], bytes(33))
    with pytest.raises(TypeError):
        native.combine([g, b"not a point"])


def _large_batch() -> tuple[native.Tables, list[tuple]]:
    points = _decode([_point(n) for n in range(1, 51)])
    jobs = [(_scalar(Q // (n + 2)), [points[n % 50]], _scalar(Q // (n + 3))) for n in range(4000)]
    return native.Tables([native.Point.generator()]), jobs


def test_threads_do_not_change_the_result() -> None:
    tables, jobs = _large_batch()
    results = {native.multiply_encoded(tables, jobs[:500], threads=n) for n in (0, 1, 2, 7)}
    assert len(results) == 1


def test_points_made_on_the_fly_are_not_confused() -> None:
    """Jobs share work by object; an object that dies at once must not lend its address to another."""
    tables = native.Tables([])
    encodings = [_point(n) for n in range(1, 200)]
    jobs = ((b"", native.decode(e), _scalar(1)) for e in encodings)
    assert native.multiply_encoded(tables, jobs) == b"".join(encodings)


def test_the_interpreter_lock_is_released() -> None:
    """While one thread computes, this one goes on counting."""
    tables, jobs = _large_batch()
    native.multiply_encoded(tables, jobs[:1])
    worker = threading.Thread(target=native.multiply_encoded, args=(tables, jobs))
    worker.start()
    longest, last = 0.0, time.perf_counter()
    started = last
    while worker.is_alive():
        time.sleep(0)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    assert longest < 0.6 * (time.perf_counter() - started)
