"""Point 6: one spelling of each value, in every message; and properties of the two writers."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from bel import Parts, dump, edited, write
from certeza_verifier import canonical
from certeza_verifier.errors import Failure
from certeza_verifier.messages.ballot import parse_ballot
from checking import check, rules
from forge import Urn, small_urn
from hypothesis import given
from hypothesis import strategies as st

JSON_RULES = {
    "json-canonico",
    "json-sintaxis",
    "json-campos",
    "json-utf8",
    "json-tipo",
    "json-numero",
    "json-hash",
}


@pytest.fixture(scope="module")
def urn() -> Urn:
    return small_urn()


def first_string(text: bytes) -> bytes:
    """The first value that is a string gets an escape for its first character."""
    at = text.index(b'"') + 1
    if text[:1] == b"{":
        at = text.index(b':"', text.index(b'":')) + 2 if b':"' in text else at
    return text[:at] + b"\\u%04x" % text[at] + text[at + 1 :]


SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "espacio": lambda t: t.replace(b",", b", ", 1) if b"," in t else t.replace(b":", b": ", 1),
    "espacio inicial": lambda t: b" " + t,
    "salto final": lambda t: t + b"\n",
    "NUL final": lambda t: t + b"\0",
    "BOM": lambda t: b"\xef\xbb\xbf" + t,
    "UTF-16": lambda t: t.decode().encode("utf-16"),
    "UTF-8 roto": lambda t: t[:-3] + b"\xff" + t[-3:],
    "texto de más": lambda t: t + b"{}",
    "comentario": lambda t: t[:1] + b"/* */" + t[1:],
    "coma final": lambda t: t[:-1] + b"," + t[-1:],
    "truncado": lambda t: t[:-1],
    "vacío": lambda t: b"",
    "muy anidado": lambda t: b"[" * 100_000,
    "NaN": lambda t: b"NaN",
    "número enorme": lambda t: b"9" * 10_000,
    "escape": first_string,
    "sustituto suelto": lambda t: first_string(t).replace(b"\\u00", b"\\ud8", 1),
}


def message(urn: Urn, name: str) -> tuple[Parts, Callable[[bytes], None], bytes]:
    """A copy of the urn cut after the message, a setter for it and its bytes."""
    parts = deepcopy(urn.parts)
    order = ["election", "trustees", "credentials", "ballot", "tally", "share", "result"]
    late = order.index(name)
    if late < 6:
        parts.result = None
    if late < 5:
        parts.shares = []
    if late < 4:
        parts.tally, parts.closed = None, False
    if late < 3:
        parts.ballots = []
    if name == "ballot":
        return parts, lambda b: parts.ballots.__setitem__(1, b), parts.ballots[1]
    if name == "share":
        owner, share = parts.shares[0]
        return parts, lambda b: parts.shares.__setitem__(0, (owner, b)), share
    return parts, lambda b: setattr(parts, name, b), getattr(parts, name)


MESSAGES = ["election", "trustees", "credentials", "ballot", "tally", "share", "result"]


@pytest.mark.req("VER-03")
@pytest.mark.parametrize("how", SPELLINGS)
@pytest.mark.parametrize("name", MESSAGES)
def test_other_spellings_of_a_message(urn: Urn, tmp_path: Path, name: str, how: str) -> None:
    parts, put, data = message(urn, name)
    assert check(parts, tmp_path).findings == []
    changed = SPELLINGS[how](data)
    if changed == data:
        pytest.skip("no hay texto que escribir de otro modo")
    put(changed)
    found = rules(check(parts, tmp_path))
    assert found
    assert found <= JSON_RULES | {"custodios-tipo"}, found


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every object of a JSON value is."""
    here = [at] if isinstance(value, dict) else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return here + [path for key, item in items for path in paths(item, (*at, key))]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@pytest.mark.req("VER-03")
@pytest.mark.parametrize("name", [name for name in MESSAGES if name != "credentials"])
def test_fields_of_every_object(urn: Urn, tmp_path: Path, name: str) -> None:
    """Each object of each message: one more, one less, in another order, twice the same."""
    _, _, data = message(urn, name)
    for path in paths(json.loads(data))[:40]:
        for change in (add, drop, turn):
            parts, put, _ = message(urn, name)
            put(edited(data, lambda v, c=change, p=path: c(at(v, p))))
            if change is turn and len(at(json.loads(data), path)) < 2:
                continue
            found = rules(check(parts, tmp_path))
            assert found and found <= JSON_RULES | {"boleta-forma"}, (path, change, found)


def add(value: dict[str, Any]) -> None:
    value["de_mas"] = 1


def drop(value: dict[str, Any]) -> None:
    value.pop(next(iter(value)))


def turn(value: dict[str, Any]) -> None:
    items = list(value.items())[::-1]
    value.clear()
    value.update(items)


def test_duplicate_key(urn: Urn, tmp_path: Path) -> None:
    parts, put, data = message(urn, "ballot")
    put(data.replace(b'{"election_uuid":', b'{"election_uuid":"x","election_uuid":', 1))
    assert rules(check(parts, tmp_path)) == {"json-canonico"}


@pytest.mark.req("VER-03")
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda n: "0" + n, "json-canonico"),
        (lambda n: "+" + n, "json-canonico"),
        (lambda n: " " + n, "json-canonico"),
        (lambda n: n[:3] + "_" + n[3:], "json-canonico"),
        (lambda n: "".join(chr(0xFF10 + int(c)) for c in n), "json-canonico"),
        (lambda n: "-" + n, "json-numero"),
        (lambda n: "-0", "json-canonico"),
        (lambda n: str(int(n) + 2**252 + 27742317777372353535851937790883648493), "json-numero"),
        (lambda n: n + ".0", "json-numero"),
        (lambda n: "0x10", "json-numero"),
        (lambda n: "", "json-numero"),
        (lambda n: "1" * 5000, "json-tipo"),
        (int, "json-tipo"),
        (lambda n: None, "json-tipo"),
    ],
)
def test_numbers(urn: Urn, tmp_path: Path, change: Callable[[str], Any], rule: str) -> None:
    for name, path in (
        ("ballot", ("signature", "proof")),
        ("ballot", ("answers", 0, "individual_proofs", 1, 1)),
        ("ballot", ("answers", 0, "overall_proof", 0)),
        ("ballot", ("answers", 0, "blank_proof", 1)),
        ("share", ("decryption_proofs", 0, 1)),
        ("trustees", (0, 1, "signatures", 0)),
        ("trustees", (0, 1, "verification_keys", 0, "pok")),
    ):
        for field in ("challenge", "response"):
            parts, put, data = message(urn, name)
            value = json.loads(data)
            at(value, path)[field] = change(at(value, path)[field])
            put(dump(value))
            assert rules(check(parts, tmp_path)) == {rule}, (name, path, field)


def test_upper_case_hexadecimal(urn: Urn, tmp_path: Path) -> None:
    parts, put, data = message(urn, "tally")
    put(edited(data, lambda t: t[0][0].update(alpha=t[0][0]["alpha"].upper())))
    assert rules(check(parts, tmp_path)) == {"punto-forma"}


def test_names_that_belenios_writes(tmp_path: Path) -> None:
    from forge import Maker, keys_of, question

    m = Maker(seed=5)
    names = {"name": "Ñandú \U0001f1f2\U0001f1fd / «x» \u2028", "description": "ú"}
    urn = Urn(m, keys_of(m, (3, 2)), [question()], names=names)
    urn.vote(0, [0, 0, 1, 0])
    assert check(urn.parts, tmp_path).findings == []


CONTROLS = '{"a":"\\" \\\\ \\b \\n \\f \\r \\t \\u0000 \\u001f \\u007f / é"}'


def test_escapes_of_belenios() -> None:
    text = json.loads(CONTROLS)["a"]
    assert f'{{"a":{canonical.quote(text)}}}' == CONTROLS


@given(st.text())
def test_quote_reads_back(text: str) -> None:
    assert json.loads(canonical.quote(text)) == text


documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcñ-_ "[:3] + "_- Z", max_size=5), inner),
    max_leaves=30,
)


@given(documents)
def test_documents_of_ours_read_and_write_the_same_bytes(value: Any) -> None:
    data = canonical.write_sorted(value).encode()
    assert canonical.load_sorted(data, "x") == value
    assert json.loads(data) == value


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = canonical.load_sorted(data, "x")
    except Failure:
        return
    assert canonical.write_sorted(value).encode() == data


@given(documents, st.data())
def test_another_spelling_of_a_document_is_refused(value: Any, data: st.DataObject) -> None:
    """Whatever a lenient writer would produce, only one text is accepted."""
    indent = data.draw(st.sampled_from([None, 0, 1]))
    ascii_only = data.draw(st.booleans())
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    if text != canonical.write_sorted(value).encode():
        with pytest.raises(Failure):
            canonical.load_sorted(text, "x")


@pytest.mark.parametrize(
    "text", [b"1.0", b"1e3", b"-0", b"9007199254740992", b'{"\xc3\xa9":1}', b'"\\u0041"', b"[1,2,]"]
)
def test_values_outside_the_subset(text: bytes) -> None:
    with pytest.raises(Failure):
        canonical.load_sorted(text, "x")


@given(st.data())
def test_a_mutated_ballot_is_read_identically_or_refused(data: st.DataObject) -> None:
    """Bytes in, the same bytes out, or a Failure: never anything else."""
    ballot = bytearray(_ballot())
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.integers(0, len(ballot) - 1))
        ballot[where : where + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    try:
        parsed = parse_ballot(bytes(ballot), 2**252 + 27742317777372353535851937790883648493)
    except Failure:
        return
    assert bytes(ballot).startswith(parsed.unsigned[:-1].encode())


_kept: list[bytes] = []


def _ballot() -> bytes:
    if not _kept:
        _kept.append(write(small_urn().parts).members[5][1])
    return _kept[0]


@pytest.mark.parametrize("value", [b"{},", b"[],", b'"",', b"1,", b'"a":0,'])
def test_a_long_text_of_tiny_values_is_not_even_read(value: bytes) -> None:
    """A few megabytes of them would be gigabytes in memory."""
    text = b"[" + value * (2**21 // len(value)) + b"0]"
    with pytest.raises(Failure) as caught:
        canonical.load(text, "x")
    assert caught.value.rule == "json-denso"


def test_a_long_text_of_points_is_read(urn: Urn) -> None:
    credentials = dump([f"{i:064x}" for i in range(20_000)])
    assert len(canonical.load(credentials, "x")) == 20_000
    assert (
        len(canonical.load(b"[" + urn.parts.ballots[0] + (b"," + urn.parts.ballots[0]) * 200 + b"]", "x"))
        == 201
    )


def further(frames: int, value: Any) -> str:
    """Refuse a value some frames deeper than where it was read."""
    return further(frames - 1, value) if frames else canonical.digest(value, "x")


def test_a_value_too_deep_to_be_shown_is_refused_in_words() -> None:
    for depth in range(800, 1000):
        with pytest.raises(Failure) as caught:
            further(20, canonical.load(b"[" * depth + b"]" * depth, "x"))
        assert caught.value.rule in {"json-hash", "json-sintaxis"}
