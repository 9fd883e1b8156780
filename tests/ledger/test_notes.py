"""Notes, keys and checkpoints: one spelling, and every other refused with line and reason."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.checkpoint import Checkpoint, parse_checkpoint, parse_signed
from ledger.cosignature import parse_verifier
from ledger.errors import FormatRefusal, SignatureRefusal
from ledger.limits import MAX_NOTE_BYTES, MAX_SIGNATURES
from ledger.note import Note, Signature, parse_note, sign_note, verify_note
from ledger.vkey import ED25519, Ed25519Signer, VerifierKey, parse_private, parse_vkey

from .signing import LOG, ORIGIN, signed_log

NAMES = st.text(
    st.characters(exclude_characters="+", exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=20
)
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs",)) | st.just("\n"), max_size=80).map(
    lambda text: text + "\n"
)
SIGNATURES = st.builds(
    Signature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=90)
)
NOTES = st.builds(Note, TEXTS, st.lists(SIGNATURES, min_size=1, max_size=17).map(tuple))
CHECKPOINT = signed_log([b"uno", b"dos", b"tres"])
GOOD = CHECKPOINT.encode().decode()
LINE = GOOD.splitlines()[-1]


@given(NOTES)
def test_a_note_reads_back_as_it_was_written(note: Note) -> None:
    assert parse_note(note.encode()) == note


@given(st.binary(max_size=120) | NOTES.map(Note.encode), st.integers(0, 200), st.binary(max_size=2))
def test_what_is_read_as_a_note_is_written_the_same(data: bytes, at: int, inserted: bytes) -> None:
    changed = data[:at] + inserted + data[at + 1 :]
    try:
        note = parse_note(changed)
    except FormatRefusal:
        return
    assert note.encode() == changed


MALFORMED_NOTES = {
    "utf-8": (b"a\nb\xff\n\n" + LINE.encode() + b"\n", r"línea 2.*byte ff.*formato\.utf8"),
    "control": (f"a\nb\tc\n\n{LINE}\n", r"línea 2.*nota\.control"),
    "carriage return": (GOOD.replace("\n", "\r\n"), r"línea 1.*nota\.control"),
    "no end": (GOOD[:-1], r"nota\.final"),
    "no blank line": (f"a\n{LINE}\n", r"nota\.separador"),
    "no signatures": ("a\n\n", r"nota\.firmas"),
    "blank at end": (GOOD + "\n", r"nota\.firmas"),
    "hyphen": (f"a\n\n-{LINE[1:]}\n", r"línea 3.*nota\.firma\]"),
    "two spaces": (f"a\n\n{LINE.replace(' ', '  ', 1)}\n", r"línea 3"),
    "three words": (f"a\n\n{LINE} x\n", r"línea 3"),
    "plus in name": (f"a\n\n— a+b {LINE.split()[2]}\n", r"línea 3.*nota\.nombre"),
    "no-break space in name": (f"a\n\n— a\u00a0b {LINE.split()[2]}\n", r"línea 3.*nota\.nombre"),
    "empty name": (f"a\n\n—  {LINE.split()[2]}\n", r"línea 3.*nota\.nombre"),
    "long name": (f"a\n\n— {'a' * 256} {LINE.split()[2]}\n", r"línea 3.*255"),
    "base64": (f"a\n\n{LINE[:-2]}*=\n", r"línea 3.*formato\.base64"),
    "no padding": (f"a\n\n{LINE.rstrip('=')}\n", r"línea 3.*formato\.base64"),
    "spare bits": (f"a\n\n— a {b64encode(bytes(7)).decode()[:-3]}B==\n", r"línea 3.*formato\.base64"),
    "only the key id": (f"a\n\n— a {b64encode(bytes(4)).decode()}\n", r"línea 3.*4 bytes"),
    "line separator": (f"a\n\n{LINE}\u2028{LINE}\n", r"línea 3"),
    "many signatures": (f"a\n\n{(LINE + chr(10)) * (MAX_SIGNATURES + 1)}", r"limite\.firmas"),
    "size": ("a" * MAX_NOTE_BYTES + GOOD, r"limite\.tamano"),
}


@pytest.mark.parametrize("name", MALFORMED_NOTES)
def test_a_malformed_note_is_refused_with_line_and_reason(name: str) -> None:
    data, message = MALFORMED_NOTES[name]
    with pytest.raises(FormatRefusal, match=message):
        parse_note(data if isinstance(data, bytes) else data.encode())


def test_the_last_empty_line_separates() -> None:
    note = sign_note("uno\n\ndos\n\n\ntres\n", [LOG])
    assert parse_note(note.encode()) == note
    verify_note(note, [LOG.verifier])


def test_signatures_of_unknown_keys_are_ignored_but_do_not_count() -> None:
    strangers = [
        Signature(ORIGIN, b"\0\0\0\0", b"x" * 64),
        Signature("otro.mx", LOG.key_id, b"x" * 64),
        Signature("cuántico.mx", b"1234", b"x" * 3000),
    ]
    note = CHECKPOINT.note.with_signatures(strangers)
    assert [v.name for v in verify_note(note, [LOG.verifier]).values()] == [ORIGIN]
    with pytest.raises(SignatureRefusal, match=rf"{LOG.key_id.hex()}.*nota\.desconocida"):
        verify_note(Note(note.text, tuple(strangers)), [LOG.verifier])
    with pytest.raises(SignatureRefusal, match="ninguna"):
        verify_note(note, [])


def test_a_known_key_that_fails_spoils_the_note() -> None:
    other = Ed25519Signer("otra.mx", b"2" * 32)
    bad = Signature(other.name, other.key_id, other.sign("otro texto\n"))
    note = CHECKPOINT.note.with_signatures([bad])
    verify_note(note, [LOG.verifier])
    with pytest.raises(SignatureRefusal, match=r"línea 6.*firma\.invalida"):
        verify_note(note, [LOG.verifier, other.verifier])
    short = Note(note.text, (Signature(ORIGIN, LOG.key_id, b"x" * 63),))
    with pytest.raises(SignatureRefusal, match=r"línea 5.*63 bytes.*firma\.longitud"):
        verify_note(short, [LOG.verifier])


def test_a_key_counts_once() -> None:
    line = CHECKPOINT.note.signatures[0]
    assert len(verify_note(Note(CHECKPOINT.note.text, (line, line)), [LOG.verifier])) == 1
    assert CHECKPOINT.note.with_signatures([line]) == CHECKPOINT.note


@given(NAMES, st.binary(min_size=32, max_size=32))
def test_keys_read_back(name: str, seed: bytes) -> None:
    signer = Ed25519Signer(name, seed)
    assert parse_vkey(signer.key.encode()) == signer.key
    assert parse_private(signer.encode()).key == signer.key
    verify_note(sign_note("hola\n", [signer]), [parse_verifier(signer.key.encode())])


MALFORMED_KEYS = {
    "two parts": ("a+00000000", "forma"),
    "upper case": (LOG.key.encode().replace(LOG.key_id.hex(), LOG.key_id.hex().upper()), "forma"),
    "id": (LOG.key.encode().replace(LOG.key_id.hex(), "00000000"), r"vkey\.id"),
    "type": (f"a+00000000+{b64encode(bytes([9] * 33)).decode()}", r"vkey\.tipo"),
    "length": (f"a+00000000+{b64encode(bytes([1] * 32)).decode()}", r"32 bytes.*31 bytes"),
    "empty": ("a+00000000+", r"vkey\.tipo"),
    "no name": (LOG.key.encode().removeprefix(ORIGIN), r"nota\.nombre"),
    "long": ("a" * 5000, r"limite\.tamano"),
}


@pytest.mark.parametrize("name", MALFORMED_KEYS)
def test_a_malformed_key_is_refused(name: str) -> None:
    text, message = MALFORMED_KEYS[name]
    with pytest.raises(FormatRefusal, match=message):
        parse_vkey(text)


@pytest.mark.parametrize("part", ["x", "PRIVATE+KEY+a+00000000", "bits", "type", "id"])
def test_a_malformed_private_key_is_refused_without_being_shown(part: str) -> None:
    good = LOG.encode()
    bad = {
        "bits": good[:-2] + "!!",
        "type": "PRIVATE+KEY+a+00000000+" + b64encode(b"\x02" + b"s" * 32).decode(),
        "id": good.replace(LOG.key_id.hex(), "00000000"),
    }.get(part, part)
    with pytest.raises(FormatRefusal) as caught:
        parse_private(bad)
    assert good[-20:-4] not in str(caught.value)


LINES = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs",)), min_size=1, max_size=20)


@given(
    LINES,
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(LINES, max_size=3).map(tuple),
)
def test_a_checkpoint_reads_back(origin: str, size: int, root: bytes, extensions: tuple[str, ...]) -> None:
    head = Checkpoint(origin, size, root, extensions)
    assert parse_checkpoint(head.encode()) == head


@given(st.text(st.sampled_from("a0123456789\n=+/AB é"), max_size=80))
def test_what_is_read_as_a_checkpoint_is_written_the_same(text: str) -> None:
    try:
        head = parse_checkpoint(text)
    except FormatRefusal:
        return
    assert head.encode() == text


ROOT = GOOD.splitlines()[2]
MALFORMED_CHECKPOINTS = {
    "two lines": (f"{ORIGIN}\n3\n", r"checkpoint\.lineas"),
    "no origin": (f"\n3\n{ROOT}\n", r"línea 1.*checkpoint\.vacia"),
    "long origin": (f"{'a' * 256}\n3\n{ROOT}\n", r"línea 1.*checkpoint\.origen"),
    "leading zero": (f"{ORIGIN}\n03\n{ROOT}\n", r"línea 2.*formato\.decimal"),
    "sign": (f"{ORIGIN}\n+3\n{ROOT}\n", r"línea 2.*formato\.decimal"),
    "negative": (f"{ORIGIN}\n-3\n{ROOT}\n", r"línea 2"),
    "other digits": (f"{ORIGIN}\n٣\n{ROOT}\n", r"línea 2"),
    "huge": (f"{ORIGIN}\n{2**63}\n{ROOT}\n", r"línea 2.*formato\.decimal"),
    "many digits": (f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n", r"línea 2"),
    "short root": (f"{ORIGIN}\n3\n{b64encode(bytes(31)).decode()}\n", r"línea 3.*31 bytes"),
    "root": (f"{ORIGIN}\n3\n{ROOT[:-1]}\n", r"línea 3.*formato\.base64"),
    "space": (f"{ORIGIN}\n3\n{ROOT} \n", r"línea 3"),
    "empty extension": (f"{ORIGIN}\n3\n{ROOT}\n\n", r"línea 4.*checkpoint\.vacia"),
    "extensions": (f"{ORIGIN}\n3\n{ROOT}\n" + "x\n" * 17, r"limite\.extensiones"),
    "no end": (f"{ORIGIN}\n3\n{ROOT}", r"nota\.final"),
}


@pytest.mark.parametrize("name", MALFORMED_CHECKPOINTS)
def test_a_malformed_checkpoint_is_refused_with_line_and_reason(name: str) -> None:
    text, message = MALFORMED_CHECKPOINTS[name]
    with pytest.raises(FormatRefusal, match=message):
        parse_checkpoint(text)
    with pytest.raises(FormatRefusal):
        parse_signed(f"{text}\n{LINE}\n".encode())


@pytest.mark.parametrize("head", [Checkpoint("a\nb", 1, bytes(32)), Checkpoint("a", 1, bytes(32), ("b\nc",))])
def test_a_checkpoint_that_would_read_otherwise_is_not_written(head: Checkpoint) -> None:
    with pytest.raises(FormatRefusal):
        head.encode()


def test_a_key_of_another_size_is_refused() -> None:
    with pytest.raises(FormatRefusal, match="32 bytes"):
        VerifierKey("a", ED25519, bytes(31))
