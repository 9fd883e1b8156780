"""The log's formats as the producer and the verifier read them: two programs, one specification.

They share no code, so whatever one takes and the other refuses is a mistake in one of them.
"""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Callable, Iterator

import pytest
from certeza_verifier.errors import Failure
from certeza_verifier.tlog import acuse as read_acuse
from certeza_verifier.tlog import checkpoint as read_checkpoint
from certeza_verifier.tlog import note as read_note
from certeza_verifier.tlog import policy as read_policy
from certeza_verifier.tlog import proof as read_proof
from tlogs import Log, Signer

from ledger import acuse
from ledger.checkpoint import parse_signed
from ledger.errors import Refusal
from ledger.note import parse_note
from ledger.policy_text import parse_policy
from ledger.proof import parse_proof
from ledger.vkey import parse_vkey

WITNESSES = [Signer(f"testigo{i}.example", 4) for i in range(3)]
PIECES = [
    *(
        b"\n",
        b"\n\n",
        b" ",
        b"+",
        b"=",
        b"-",
        b"0",
        b"01",
        b"\t",
        b"\r",
        b"\x00",
        b"\x0b",
        b"\x1c",
        b"\x7f",
        b"#",
    ),
    *(b"\xff", *(c.encode() for c in "\x85\xa0\u1680\u180e\u2003\u200b\u2028\u3000\ufeffñ—")),
    *(b"extra ", b"extra \n", b"index ", b"none", b"all", b"quorum none\n", b"\xe2\x80\x94 "),
]


def seeds(log: Log) -> dict[str, bytes]:
    """One good file of each form."""
    note = log.checkpoint()
    witnesses = "".join(f"witness w{i} {w.vkey} https://w{i}.example/\n" for i, w in enumerate(WITNESSES))
    policy = f"log {log.signer.vkey}\n{witnesses}group g 2 w0 w1\ngroup h any g w2\nquorum h\n"
    proof = log.proof(2)
    return {
        "note": note,
        "proof": proof,
        "extra": proof.replace(b"\nindex", b"\nextra " + b64encode(b"hola") + b"\nindex", 1),
        "policy": policy.encode(),
        "key": log.signer.vkey.encode(),
    }


READERS: dict[str, tuple[Callable[[bytes], object], Callable[[bytes], object]]] = {
    "note": (parse_note, lambda d: read_note.parse_note(d, "p")),
    "checkpoint": (parse_signed, lambda d: read_checkpoint.parse_checkpoint(d, "p")),
    "proof": (parse_proof, lambda d: read_proof.parse_proof(d, "p")),
    "policy": (parse_policy, lambda d: read_policy.parse_policy(d, "p")),
    "key": (
        lambda d: parse_vkey(d.decode("utf-8", "surrogateescape")),
        lambda d: read_note.parse_key(d.decode("utf-8", "surrogateescape"), "p"),
    ),
}
FORMS = {
    "note": ("note", "checkpoint"),
    "proof": ("proof",),
    "extra": ("proof",),
    "policy": ("policy",),
    "key": ("key",),
}


def mutations(data: bytes, rng: random.Random, count: int) -> Iterator[bytes]:
    """Near misses: bits, pieces, lines and words changed, moved, doubled and left out."""
    for _ in range(count):
        file = data
        for _ in range(rng.choice((1, 1, 2, 3))):
            file = rng.choice((_bit, _piece, _cut, _lines, _word))(file, rng)
        yield file


def _bit(data: bytes, rng: random.Random) -> bytes:
    file = bytearray(data or b"\n")
    file[rng.randrange(len(file))] ^= 1 << rng.randrange(8)
    return bytes(file)


def _piece(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(PIECES) + data[at:]


def _cut(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.choice((1, 1, 2, 40, len(data))) :]


def _lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(3):
        case 0:
            lines[first], lines[second] = lines[second], lines[first]
        case 1:
            lines.insert(first, lines[second])
        case _:
            del lines[first]
    return b"\n".join(lines)


def _word(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    words = lines[at].split(b" ")
    piece = rng.choice(PIECES)
    word = rng.randrange(len(words))
    words[word] = rng.choice((piece, piece + words[word], words[word] + piece))
    lines[at] = b" ".join(words)
    return b"\n".join(lines)


def takes(reader: Callable[[bytes], object], data: bytes) -> bool:
    """Whether a reader accepts the bytes; any other error than its own refusal comes out."""
    try:
        reader(data)
    except (Refusal, Failure):
        return False
    return True


@pytest.mark.req("VER-02")
@pytest.mark.parametrize("form", FORMS)
def test_producer_and_verifier_take_and_refuse_the_same_bytes(
    form: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = Log(tmp_path_factory.mktemp("log"), [b"entrada %d" % i for i in range(7)], witnesses=WITNESSES[:2])
    good = seeds(log)[form]
    rng, taken = random.Random(form), 0
    for data in (good, *mutations(good, rng, 1500)):
        for reader in FORMS[form]:
            ours, theirs = READERS[reader]
            assert takes(ours, data) == takes(theirs, data), (reader, data)
            taken += takes(ours, data)
    assert taken > 10


def test_a_proof_with_empty_extra_is_taken_by_both(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Other programs write the line whenever they are given extra data, of whatever length."""
    log = Log(tmp_path_factory.mktemp("log"), [b"a", b"b"])
    data = log.proof(1).replace(b"\nindex", b"\nextra \nindex", 1)
    assert parse_proof(data).extra == read_proof.parse_proof(data, "p").extra == b""
    assert parse_proof(data).encode() == read_proof.parse_proof(data, "p").render() == data


@pytest.mark.parametrize("between", ["", " ", "-", ".", "·", "\n", "\u00a0"])
def test_a_code_is_read_however_its_groups_are_parted(between: str) -> None:
    code = "0123456789abcdef" * 4
    typed = between.join(code[at : at + 4] for at in range(0, 64, 4)).upper()
    assert acuse.parse_code(typed) == read_acuse.parse_code(typed) == code
