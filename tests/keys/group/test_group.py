"""One suite for all implementations of a prime-order group, and the textbook curve as their judge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import ElementRefusal, FormatRefusal
from keys.group import Element, Group, group_named
from keys.group.choice import NAMES
from keys.group.interface import RULES
from tests.conftest import make_group
from tests.keys.group import curve
from tests.keys.group.curve import P

SEEDS = st.integers(1, 2**256)


def power(group: Group, exponent: int) -> Element:
    """g to the exponent."""
    return group.powers(group.tables([group.generator]), [[exponent % group.order]])[0]


def rule_of(group: Group, text: object) -> str:
    with pytest.raises(ElementRefusal) as refused:
        group.decode([text], "lugar")  # type: ignore[list-item]
    assert refused.value.place == "lugar[0]"
    return refused.value.rule.removeprefix("elemento.")


# --- laws, the same for all -----------------------------------------------------------------------------


@given(a=SEEDS, b=SEEDS, c=SEEDS)
def test_product_is_a_commutative_group(group: Group, a: int, b: int, c: int) -> None:
    x, y, z = (power(group, n) for n in (a, b, c))
    product = group.product
    assert product([x, y]) == product([y, x])
    assert product([product([x, y]), z]) == product([x, product([y, z])]) == product([x, y, z])
    assert product([x, group.identity]) == x
    assert product([x, power(group, -a)]) == group.identity


@given(a=SEEDS, b=SEEDS)
def test_exponents_add_and_multiply(group: Group, a: int, b: int) -> None:
    x, y = power(group, a), power(group, b)
    assert group.product([x, y]) == power(group, a + b)
    assert group.power_each([x, y], b % group.order) == [power(group, a * b), power(group, b * b)]


@given(a=SEEDS, b=SEEDS, r=SEEDS, s=SEEDS)
def test_powers_products_and_texts_agree(group: Group, a: int, b: int, r: int, s: int) -> None:
    q = group.order
    x, y = power(group, a), power(group, b)
    tables = group.tables([group.generator, y])
    row = [r % q, s % q]
    expected = group.product([power(group, r), *group.power_each([y], s % q)])
    assert group.powers(tables, [row]) == group.products(tables, [(row, (), ())]) == [expected]
    assert group.encoded_powers(tables, [row]) == group.encode([expected])
    job = (row, (x,), (r % q,))
    (full,) = group.products(tables, [job])
    assert full == group.product([expected, *group.power_each([x], r % q)])
    assert group.encoded_products(tables, [job]) == group.encode([full])


def test_order_of_the_generator(group: Group) -> None:
    assert power(group, group.order - 1) != group.identity
    assert group.product([power(group, group.order - 1), group.generator]) == group.identity


def test_zero_exponents_and_identity_factors_give_the_identity(group: Group) -> None:
    one, g, minus = group.identity, group.generator, group.order - 1
    tables = group.tables([g, one])
    assert group.powers(tables, [[0, 0], [0, 5], [3, 0]]) == [one, one, power(group, 3)]
    assert (
        group.products(tables, [((0, 0), (), ()), ((1, 0), (g,), (minus,)), ((0, 0), (one,), (7,))])
        == [one] * 3
    )
    assert group.products(group.tables([]), [((), (), ()), ((), (g, g), (1, minus))]) == [one] * 2
    assert group.power_each([one, g], 0) == [one, one]
    assert group.power_each([one], 5) == [one]
    assert group.power_each([], 5) == []
    assert group.product([]) == one
    assert group.encoded_powers(tables, [[0, 0]]) == group.encode([one])
    assert group.encoded_products(tables, [((0, 0), (), ())]) == group.encode([one])


def test_empty_batches(group: Group) -> None:
    tables = group.tables([group.generator])
    assert group.decode([], "x") == group.encode([]) == group.powers(tables, []) == []
    assert group.products(tables, []) == group.encoded_products(tables, []) == []
    assert group.encoded_powers(tables, []) == []


def test_batches_keep_their_order(group: Group) -> None:
    exponents = list(range(40))
    tables = group.tables([group.generator])
    texts = group.encoded_powers(tables, [[e] for e in exponents])
    assert texts == [group.encode([power(group, e)])[0] for e in exponents]
    assert group.encode(group.decode(texts[1:], "x")) == texts[1:]


@given(a=SEEDS)
def test_decode_undoes_encode(group: Group, a: int) -> None:
    element = power(group, a) if a % group.order else group.generator
    (text,) = group.encode([element])
    (read,) = group.decode([text], "x")
    assert read == element
    assert hash(read) == hash(element)
    assert group.encode([read]) == [text]


def test_elements_compare_by_value(group: Group) -> None:
    assert power(group, 3) == group.product([group.generator] * 3)
    assert power(group, 3) != power(group, 4)
    assert len({power(group, 3), group.product([group.generator] * 3)}) == 1


# --- refusals of all ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["", " ", "x", "-1", "+1", "1.0", "1e5", "0x1", "1_0", "١", "ñ" * 64, None, 5, b"1"]
)
def test_other_texts_are_refused(group: Group, value: object) -> None:
    assert rule_of(group, value) == "text"


def test_the_identity_is_encoded_and_never_decoded(group: Group) -> None:
    assert rule_of(group, group.encode([group.identity])[0]) == "identity"


def test_spellings_of_a_right_element_with_something_more_are_refused(group: Group) -> None:
    (text,) = group.encode([power(group, 12345)])
    for other in (f" {text}", f"{text} ", f"{text}\n", f"0{text}", f"{text}\0", text[:-1] + "g", f"{text},"):
        assert rule_of(group, other) == "text"


def test_the_place_of_the_first_bad_element_is_named(group: Group) -> None:
    (good,) = group.encode([group.generator])
    with pytest.raises(ElementRefusal) as refused:
        group.decode([good, good, "x", "y"], "boleta.elementos")
    assert refused.value.place == "boleta.elementos[2]"
    with pytest.raises(ElementRefusal) as refused:
        group.decode([good, group.encode([group.identity])[0]], "boleta.elementos")
    assert refused.value.place == "boleta.elementos[1]"


# --- Ed25519 --------------------------------------------------------------------------------------------


def hexadecimal(number: int) -> str:
    return f"{number:064x}"


ENCODINGS = {
    **{f"torsión {k}": (curve.text(p), "not-prime-order") for k, p in enumerate(curve.torsion()) if k},
    "y = p": (hexadecimal(P), "non-canonical"),
    "y = p + 1": (hexadecimal(P + 1), "non-canonical"),
    "y = p + 3, de la curva": (hexadecimal(P + 3), "non-canonical"),
    "y = 2^255 - 1": (hexadecimal(2**255 - 1), "non-canonical"),
    "neutro con signo": (hexadecimal(2**255 + 1), "non-canonical"),
    "orden 2 con signo": (hexadecimal(2**255 + P - 1), "non-canonical"),
    "todo unos": ("f" * 64, "non-canonical"),
    "y = 2": (hexadecimal(2), "not-on-curve"),
    "y = 2 con signo": (hexadecimal(2**255 + 2), "not-on-curve"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_encodings_that_are_no_element_are_refused(ed25519: Group, name: str) -> None:
    text, rule = ENCODINGS[name]
    assert rule_of(ed25519, text) == rule


@given(a=SEEDS, k=st.integers(1, 7))
def test_every_element_plus_torsion_is_refused(ed25519: Group, a: int, k: int) -> None:
    point = curve.add(curve.multiply(curve.BASE, a % curve.L), curve.torsion()[k])
    assert rule_of(ed25519, curve.text(point)) == "not-prime-order"


@given(number=st.integers(0, 2**256 - 1))
def test_any_64_digits_are_judged_as_the_textbook_does(ed25519: Group, number: int) -> None:
    point = curve.decompress(number)
    text = hexadecimal(number)
    if point is None:
        assert rule_of(ed25519, text) in ("not-on-curve", "non-canonical")
    elif curve.text(point) != text:
        assert rule_of(ed25519, text) == "non-canonical"
    elif point == curve.NEUTRAL or curve.multiply(point, curve.L) != curve.NEUTRAL:
        assert rule_of(ed25519, text) in ("not-prime-order", "identity")
    else:
        assert ed25519.encode(ed25519.decode([text], "x")) == [text]


def test_a_libsodium_that_does_not_check_the_subgroup_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    from nacl import bindings

    mixed = curve.text(curve.add(curve.BASE, curve.torsion()[4]))
    right = bindings.crypto_core_ed25519_is_valid_point
    old = lambda point: True if point.hex() == bytes.fromhex(mixed)[::-1].hex() else right(point)  # noqa: E731
    monkeypatch.setattr(bindings, "crypto_core_ed25519_is_valid_point", old)
    with pytest.raises(ImportError, match="PyNaCl"):
        group_named("Ed25519", "libsodium")


def test_upper_case_and_other_lengths_are_refused(ed25519: Group) -> None:
    (text,) = ed25519.encode([power(ed25519, 99)])
    assert text != text.upper()
    for other in (
        text.upper(),
        text[:-2] + text[-2:].upper(),
        text[2:],
        f"00{text}",
        text * 2,
        text[::-1] + "0",
    ):
        if other != text:
            assert rule_of(ed25519, other) == "text"


@given(exponent=SEEDS)
def test_powers_are_those_of_the_textbook(ed25519: Group, exponent: int) -> None:
    expected = curve.text(curve.multiply(curve.BASE, exponent % curve.L))
    assert ed25519.encode([power(ed25519, exponent)]) == [expected]


@given(a=SEEDS, rows=st.lists(st.tuples(SEEDS, SEEDS, SEEDS), max_size=5))
def test_native_and_libsodium_agree(a: int, rows: list[tuple[int, int, int]]) -> None:
    texts = []
    for name in ("nativa", "libsodium"):
        group = make_group(name)
        q = group.order
        tables = group.tables([group.generator, power(group, a)])
        jobs = [((r % q, s % q), (power(group, s),), (t % q,)) for r, s, t in rows]
        exponents = [[r % q, t % q] for r, _, t in rows]
        each = group.encode(group.power_each([power(group, r) for r, _, _ in rows], a % q))
        texts.append([group.encoded_products(tables, jobs), group.encoded_powers(tables, exponents), each])
    assert texts[0] == texts[1]


def test_exponents_out_of_range_are_never_taken_for_others(ed25519: Group) -> None:
    with pytest.raises(OverflowError):
        ed25519.powers(ed25519.tables([ed25519.generator]), [[-1]])
    with pytest.raises(OverflowError):
        ed25519.power_each([ed25519.generator], 2**256)


def test_credentials_sort_as_belenios_sorts_them(ed25519: Group) -> None:
    texts = ["01" + "00" * 30 + "02", "02" + "00" * 30 + "01"]
    # The last digits are the first byte of the encoding.
    assert sorted(texts, key=ed25519.sort_key) == texts[::-1]


def test_native_threads_give_the_same() -> None:
    make_group("nativa")
    one, many = (group_named("Ed25519", "nativa", threads=n) for n in (1, 0))
    rows = [[n, n * n] for n in range(300)]
    assert one.encoded_powers(one.tables([one.generator] * 2), rows) == many.encoded_powers(
        many.tables([many.generator] * 2), rows
    )


# --- BELENIOS-2048 --------------------------------------------------------------------------------------


def test_numbers_that_are_no_element_are_refused() -> None:
    group = make_group("enteros")
    p = 1 - group.product([power(group, 1), power(group, -1)]) + _modulus()
    assert pow(group.generator, group.order, p) == 1
    refused = {
        "0": "text",
        "1": "identity",
        str(p): "non-canonical",
        str(p + 1): "non-canonical",
        str(p + group.generator): "non-canonical",
        str(p - 1): "not-prime-order",
        str(p - group.generator): "not-prime-order",
        "2": "not-prime-order",
        str(group.order): "not-prime-order",
        f"0{group.generator}": "text",
        f"-{group.generator}": "text",
        hex(group.generator): "text",
        "9" * 700: "text",
        "9" * 100_000: "text",
    }
    assert {t: rule_of(group, t) for t in refused} == refused


def _modulus() -> int:
    from keys.group import finite_field

    return finite_field._P


def test_the_parameters_are_those_of_the_specification() -> None:
    p, group = _modulus(), make_group("enteros")
    assert p.bit_length() == 2048
    assert (p - 1) % group.order == 0
    assert pow(group.generator, group.order, p) == 1
    for n in (2, 3, 5, 7, 11, 13):
        assert pow(n, p - 1, p) == 1
        assert pow(n, group.order - 1, group.order) == 1


def test_numbers_sort_by_value() -> None:
    group = make_group("enteros")
    assert sorted(["10", "9", "100"], key=group.sort_key) == ["9", "10", "100"]


# --- choice ---------------------------------------------------------------------------------------------


def test_groups_are_found_by_name(group: Group) -> None:
    assert group.name in NAMES
    assert group.arithmetic in ("nativa", "libsodium", "enteros")


@pytest.mark.parametrize("name", ["", "ed25519", "RFC-3526-2048", "Ed25519 ", "BELENIOS-2048\n"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(FormatRefusal) as refused:
        group_named(name, place="election.group")
    assert refused.value.rule == "grupo.nombre"
    assert refused.value.place == "election.group"


def test_rules_of_the_interface_are_all_that_implementations_use() -> None:
    assert {rule for _, rule in ENCODINGS.values()} <= set(RULES)
