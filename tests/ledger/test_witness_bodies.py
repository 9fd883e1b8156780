"""The body of add-checkpoint: one spelling, limits, and an answer for any garbage."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import FormatRefusal
from ledger.witness import MAX_REQUEST_BYTES, Request, Witness, parse_request

from .witnessing import TRUE, watching

pytestmark = pytest.mark.req("VER-02")

# The example of tlog-witness, as printed there.
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()  # noqa: E501


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    witness, store = watching(tmp_path)
    yield witness
    store.close()


def test_the_example_of_the_specification_is_read_to_the_letter(witness: Witness) -> None:
    request = parse_request(EXAMPLE)
    assert request.encode() == EXAMPLE
    assert (request.old, len(request.proof), request.signed.head.size) == (20852014, 4, 20852163)
    assert request.signed.head.origin == "example.com/behind-the-sofa"
    assert len(request.signed.note.signatures) == 2
    assert witness.add_checkpoint(EXAMPLE).status == 404


LINE = b64encode(bytes(32)).decode()
NOTE = TRUE.signed(3).encode().decode()
MALFORMED = {
    "nothing": ("", r"testigo\.separador"),
    "no note": ("old 0\n", r"testigo\.separador"),
    "empty note": ("old 0\n\n", r"checkpoint.*nota\.final"),
    "word": (f"new 0\n\n{NOTE}", r"línea 1.*testigo\.anterior"),
    "empty first line": (f"\n\n{NOTE}", r"línea 1.*testigo\.anterior"),
    "no number": (f"old \n\n{NOTE}", r"línea 1.*formato\.decimal"),
    "leading zero": (f"old 00\n\n{NOTE}", r"línea 1.*formato\.decimal"),
    "sign": (f"old +1\n\n{NOTE}", r"línea 1.*formato\.decimal"),
    "two blanks": (f"old  1\n\n{NOTE}", r"línea 1.*formato\.decimal"),
    "other digits": (f"old ١\n\n{NOTE}", r"línea 1.*formato\.decimal"),
    "huge": (f"old {2**63}\n\n{NOTE}", r"línea 1.*formato\.decimal"),
    "carriage return": (f"old 0\r\n\n{NOTE}", r"línea 1.*formato\.decimal"),
    "hash": (f"old 1\n{LINE}\n{LINE[:-4]}\n\n{NOTE}", r"línea 3.*formato\.hash"),
    "base64": (f"old 1\n{LINE[:-2]}B=\n\n{NOTE}", r"línea 2.*formato\.base64"),
    "64 hashes": ("old 1\n" + f"{LINE}\n" * 64 + f"\n{NOTE}", r"limite\.hashes"),
    "unsigned": (f"old 0\n\n{TRUE.head(3).encode()}\n", r"nota\."),
    "no line feed": (f"old 0\n\n{NOTE[:-1]}", r"checkpoint.*nota\.final"),
    "size": ("x" * (MAX_REQUEST_BYTES + 1), r"limite\.tamano"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_body_is_refused_with_line_and_reason(witness: Witness, name: str) -> None:
    text, message = MALFORMED[name]
    with pytest.raises(FormatRefusal, match=message):
        parse_request(text.encode())
    assert witness.add_checkpoint(text.encode()).status == 400


def test_63_hashes_are_read(witness: Witness) -> None:
    data = ("old 1\n" + f"{LINE}\n" * 63 + f"\n{NOTE}").encode()
    assert parse_request(data).encode() == data
    assert witness.add_checkpoint(data).status == 409


@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_any_request_reads_back(old: int, proof: list[bytes]) -> None:
    request = Request(old, tuple(proof), TRUE.signed(3))
    assert parse_request(request.encode()) == request


GOOD = TRUE.request(20, 30).encode()


@given(st.integers(0, len(GOOD)), st.integers(0, 3), st.binary(max_size=4))
def test_what_is_read_as_a_request_is_written_the_same(at: int, cut: int, inserted: bytes) -> None:
    changed = GOOD[:at] + inserted + GOOD[at + cut :]
    try:
        request = parse_request(changed)
    except FormatRefusal:
        return
    assert request.encode() == changed


@settings(max_examples=60)
@given(
    st.binary(max_size=300)
    | st.text(alphabet="old 0123456789\n—+/=Aabcé\0\r", max_size=200).map(str.encode)
    | st.builds(
        lambda at, cut, new: GOOD[:at] + new + GOOD[at + cut :],
        st.integers(0, len(GOOD)),
        st.integers(0, 60),
        st.binary(max_size=8),
    )
)
def test_garbage_is_answered(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        witness, store = watching(Path(folder))
        witness.add_checkpoint(TRUE.request(0, 20).encode())
        assert witness.add_checkpoint(data).status in (200, 400, 403, 404, 409, 422)
        store.close()
