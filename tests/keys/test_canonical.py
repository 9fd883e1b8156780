"""One spelling of each value: what is read is what is written, and nothing else is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import canonical
from keys.errors import FormatRefusal

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=12,
)


@given(VALUES)
def test_encode_is_read_back_and_written_the_same(value: object) -> None:
    data = canonical.encode_bytes(value)
    read = canonical.parse(data, "x")
    assert read == value
    canonical.require_same(data, canonical.encode(read), "x")
    assert json.loads(data) == value


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), st.integers()))
def test_sorted_form_does_not_depend_on_the_order_of_fields(value: dict[str, int]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical.encode_sorted(value) == canonical.encode_sorted(turned)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b" ", b"{", b"[1,]", b"{'a':1}", b"[1.5]", b"[1e5]", b"[NaN]", b"[Infinity]", b"[-Infinity]"),
        *(b"[01]", b"\xff", b"\xef\xbb\xbf[]", b'["\xc3"]', b"[]x", b"[" * 100_000, b"/**/[]", b"\0", b"nul"),
        *(b"[" + b"9" * 5000 + b"]", b'["\x01"]', b'["\\x"]'),
    ],
)
def test_what_is_not_json_with_integers_is_refused(data: bytes) -> None:
    with pytest.raises(FormatRefusal) as refused:
        canonical.parse(data, "lugar")
    assert refused.value.rule == "formato.json"
    assert refused.value.place == "lugar"


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b' {"a":1}',
        b'{"a":1}\n',
        b'{"\\u0061":1}',
        b'{"b":2,"a":1}',
        b'{"a":-0}',
    ],
)
def test_second_spellings_show_as_a_difference(data: bytes) -> None:
    value = canonical.parse(data, "x")
    expected = canonical.encode({k: value[k] for k in sorted(value)})
    with pytest.raises(FormatRefusal) as refused:
        canonical.require_same(data, expected, "x")
    assert refused.value.rule == "formato.canonico"
    assert "byte" in refused.value.place


@given(TEXTS, st.integers(0, 20))
def test_the_first_different_byte_is_named(text: str, cut: int) -> None:
    data = text.encode()
    other = data[:cut] + b"\xff" + data[cut:]
    with pytest.raises(FormatRefusal) as refused:
        canonical.require_same(other, text, "x")
    assert refused.value.place == f"x, byte {min(cut, len(data))}"


@pytest.mark.parametrize("value", [b"{},", b"[],", b'"",', b"1,"])
def test_a_long_text_of_tiny_values_is_not_even_read(value: bytes) -> None:
    with pytest.raises(FormatRefusal) as refused:
        canonical.parse(b"[" + value * (2**21 // len(value)) + b"0]", "x")
    assert refused.value.rule == "formato.denso"


def test_a_long_text_of_points_is_read() -> None:
    assert len(canonical.parse(canonical.encode_bytes([f"{i:064x}" for i in range(20_000)]), "x")) == 20_000


def further(frames: int, value: object) -> object:
    """Refuse a value some frames deeper than where it was read."""
    return further(frames - 1, value) if frames else canonical.string(value, "x")


def test_a_value_too_deep_to_be_shown_is_refused_in_words() -> None:
    for depth in range(800, 1000):
        with pytest.raises(FormatRefusal) as refused:
            further(20, canonical.parse(b"[" * depth + b"]" * depth, "x"))
        assert refused.value.rule in {"formato.tipo", "formato.json"}


def test_del_is_escaped_as_belenios_writes_it() -> None:
    assert canonical.encode('\x7fñ/"\\\n') == '"\\u007fñ/\\"\\\\\\n"'


@pytest.mark.parametrize("value", [None, [], "x", 1, {"a": 1}, {"a": 1, "b": 2, "c": 3}])
def test_records_have_exactly_their_fields(value: object) -> None:
    assert canonical.record({"a": 1, "b": 2}, "x", ("a", "b")) == {"a": 1, "b": 2}
    with pytest.raises(FormatRefusal):
        canonical.record(value, "x", ("a", "b"))


def test_optional_fields_may_be_absent_and_no_others() -> None:
    assert canonical.record({"a": 1}, "x", ("a", "b"), optional=("b",)) == {"a": 1}
    with pytest.raises(FormatRefusal):
        canonical.record({"b": 1}, "x", ("a", "b"), optional=("b",))


def test_items_are_counted_and_their_place_named() -> None:
    assert canonical.items(["a", "b"], "x", canonical.string, 2) == ["a", "b"]
    for value, count in ((["a"], 2), (["a", "b", "c"], 2), ("ab", None), ({"0": "a"}, None), (None, None)):
        with pytest.raises(FormatRefusal):
            canonical.items(value, "x", canonical.string, count)
    with pytest.raises(FormatRefusal) as refused:
        canonical.items(["a", 1], "x", canonical.string)
    assert refused.value.place == "x[1]"


def test_readers_take_one_type_only() -> None:
    readers = {
        canonical.string: ["a", ""],
        canonical.small_int: [0, 5, 2**30 - 1],
        canonical.boolean: [True, False],
        canonical.digest: ["0" * 64, "f" * 64],
    }
    wrong: list[object] = [
        None,
        -1,
        2**30,
        1.0,
        [],
        {},
        "F" * 64,
        "0" * 63,
        "0" * 65,
        "\ud800",
        "0" * 63 + "g",
    ]
    for reader, right in readers.items():
        assert [reader(v, "x") for v in right] == right  # type: ignore[operator]
        for value in wrong:
            if isinstance(value, str) and reader is canonical.string and value != "\ud800":
                continue
            with pytest.raises(FormatRefusal):
                reader(value, "x")  # type: ignore[operator]
    for reader, value in ((canonical.small_int, True), (canonical.boolean, 1), (canonical.string, 1)):
        with pytest.raises(FormatRefusal):
            reader(value, "x")  # type: ignore[operator]


@given(st.integers(0, 99))
def test_exponents_are_plain_decimals_below_the_order(number: int) -> None:
    assert canonical.exponent(str(number), "x", 100) == number
    for text in (
        f"0{number}",
        f"+{number}",
        f"-{number}",
        f"{number} ",
        f"{number}\n",
        f"{number}.0",
        number,
    ):
        with pytest.raises(FormatRefusal):
            canonical.exponent(text, "x", 100)
    with pytest.raises(FormatRefusal):
        canonical.exponent(str(number), "x", number)
