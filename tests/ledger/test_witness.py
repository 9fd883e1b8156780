"""The witness: statuses of the specification to the letter, and nothing inconsistent is ever cosigned."""

from __future__ import annotations

import sqlite3
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.checkpoint import Checkpoint, SignedCheckpoint, parse_signed
from ledger.cosignature import Cosigner, MlDsa44Cosigner
from ledger.errors import StateRefusal
from ledger.note import Note, Signature, parse_note, sign_note, verify_note
from ledger.tree import EMPTY_ROOT
from ledger.vkey import Ed25519Signer
from ledger.witness import Answer, Decision, Held, Request, Witness
from ledger.witness_store import SqliteWitnessStore, conflicts, origin_hash

from .signing import LOG, ORIGIN, TIME
from .witnessing import FALSE, KEY, TRUE, History, require_cosigned, watching

pytestmark = pytest.mark.req("VER-02")


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Witness, SqliteWitnessStore]]:
    witness, store = watching(tmp_path)
    yield witness, store
    store.close()


@pytest.fixture
def witness(held: tuple[Witness, SqliteWitnessStore]) -> Witness:
    return held[0]


@pytest.fixture
def store(held: tuple[Witness, SqliteWitnessStore]) -> SqliteWitnessStore:
    return held[1]


def test_a_cosignature_made_by_hand(witness: Witness) -> None:
    """Request and answer byte by byte from the texts of tlog-witness, tlog-cosignature and signed-note."""
    leaf = sha256(b"\x00entrada").digest()
    text = f"{ORIGIN}\n1\n{b64encode(leaf).decode()}\n"
    seed = b"bitacora".ljust(32, b".")
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    public = secret.public_key().public_bytes_raw()
    key_id = sha256(f"{ORIGIN}\n".encode() + b"\x01" + public).digest()[:4]
    line = f"— {ORIGIN} {b64encode(key_id + secret.sign(text.encode())).decode()}\n"
    answer = witness.add_checkpoint(f"old 0\n\n{text}\n{line}".encode())
    assert (answer.status, answer.body.count(b"\n")) == (200, 1)
    dash, name, value = answer.body.decode().removesuffix("\n").split(" ")
    data = b64decode(value)
    own = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32).public_key().public_bytes_raw()
    assert (dash, name, len(value), len(data)) == ("—", "testigo1.ejemplo.mx", 104, 76)
    assert data[:4] == sha256(b"testigo1.ejemplo.mx\n\x04" + own).digest()[:4]
    assert data[4:12] == TIME.to_bytes(8, "big")
    message = f"cosignature/v1\ntime {TIME}\n{text}".encode()
    Ed25519PublicKey.from_public_bytes(own).verify(data[12:], message)


def test_a_log_that_grows_is_cosigned_step_by_step(witness: Witness, store: SqliteWitnessStore) -> None:
    for old, new in ((0, 0), (0, 7), (7, 7), (7, 8), (8, 40)):
        require_cosigned(witness.add_checkpoint(TRUE.request(old, new).encode()), TRUE.signed(new))
        shown = parse_signed(witness.checkpoint(origin_hash(ORIGIN)) or b"")
        assert shown.head == TRUE.head(new)
        assert len(verify_note(shown.note, [LOG.verifier, Cosigner(KEY.key)])) == 2
    assert [note.signed.head.size for note in store.notes(ORIGIN)] == [0, 7, 8, 40]


def body(old: int, head: Checkpoint, proof: list[bytes] | None = None) -> bytes:
    signed = SignedCheckpoint(sign_note(head.encode(), [LOG]), head)
    return Request(old, tuple(proof or ()), signed).encode()


ROOT = bytes(32)
REFUSED = {
    "old above size": (lambda: body(21, TRUE.head(20), [ROOT]), 400),
    "old above size and everything": (lambda: body(41, TRUE.head(40)), 400),
    "old is not what was cosigned": (lambda: TRUE.request(10, 30).encode(), 409),
    "old from nothing": (lambda: TRUE.request(0, 30).encode(), 409),
    "old beyond": (lambda: TRUE.request(25, 30).encode(), 409),
    "same size, other root": (lambda: FALSE.request(20, 20).encode(), 422),
    "same size, proof not empty": (lambda: body(20, TRUE.head(20), [ROOT]), 422),
    "a fork": (lambda: FALSE.request(20, 30).encode(), 422),
    "no proof": (lambda: body(20, TRUE.head(30)), 422),
    "a proof too long": (lambda: body(20, TRUE.head(30), [*TRUE.book.consistency(20, 30), ROOT]), 422),
    "a proof in another order": (lambda: body(20, TRUE.head(30), TRUE.book.consistency(20, 30)[::-1]), 422),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_continue_is_refused(witness: Witness, name: str) -> None:
    make, status = REFUSED[name]
    witness.add_checkpoint(TRUE.request(0, 20).encode())
    before = witness.checkpoint(origin_hash(ORIGIN))
    answer = witness.add_checkpoint(make())
    assert answer.status == status, answer
    if status == 409:
        assert (answer.body, answer.content_type) == (b"20\n", "text/x.tlog.size")
    assert witness.checkpoint(origin_hash(ORIGIN)) == before


def test_the_rules_of_size_zero(witness: Witness, store: SqliteWitnessStore) -> None:
    conflict = witness.add_checkpoint(TRUE.request(5, 7).encode())
    assert (conflict.status, conflict.body) == (409, b"0\n")
    assert witness.checkpoint(origin_hash(ORIGIN)) is None
    assert witness.add_checkpoint(body(0, TRUE.head(7), [ROOT])).status == 422
    assert witness.add_checkpoint(body(0, Checkpoint(ORIGIN, 0, ROOT))).status == 422
    assert [c.size for c in conflicts(store.notes(ORIGIN))] == [0], "esa nota se contradice sola"
    assert witness.add_checkpoint(body(0, Checkpoint(ORIGIN, 0, EMPTY_ROOT), [ROOT])).status == 422
    assert witness.add_checkpoint(body(0, Checkpoint(ORIGIN, 0, EMPTY_ROOT))).status == 200


def test_who_signed_matters(witness: Witness, store: SqliteWitnessStore) -> None:
    text, good = TRUE.signed(3).note.text, TRUE.signed(3).note.signatures[0]
    false = Signature(good.name, good.key_id, bytes(64))
    stranger = Signature(good.name, b"zzzz", bytes(64))
    other = Ed25519Signer("otra.mx", b"o" * 32)

    def ask(*lines: Signature) -> Answer:
        return witness.add_checkpoint(b"old 0\n\n" + Note(text, lines).encode())

    assert ask(stranger).status == 403
    assert ask(false).status == 403
    assert ask(good, false).status == 403
    foreign = sign_note(Checkpoint("otra.mx", 3, TRUE.head(3).root).encode(), [other])
    assert witness.add_checkpoint(b"old 0\n\n" + foreign.encode()).status == 404
    assert not store.notes(ORIGIN)
    assert ask(stranger, good, other_line(text, other)).status == 200
    assert parse_signed(witness.checkpoint(origin_hash(ORIGIN)) or b"").note.signatures[0] == good
    assert store.notes(ORIGIN)[0].signed.note.signatures == (good,), "sin líneas de extraños"


def other_line(text: str, signer: Ed25519Signer) -> Signature:
    return Signature(signer.name, signer.key_id, signer.sign(text))


def test_a_log_may_change_its_key(witness: Witness, store: SqliteWitnessStore) -> None:
    second = Ed25519Signer(ORIGIN, b"2" * 32)
    witness.add_checkpoint(TRUE.request(0, 5).encode())
    head = TRUE.head(6)
    renewed = SignedCheckpoint(sign_note(head.encode(), [second]), head)
    request = Request(5, tuple(TRUE.book.consistency(5, 6)), renewed).encode()
    assert witness.add_checkpoint(request).status == 403
    assert store.add_log(ORIGIN, second.key)
    assert not store.add_log(ORIGIN, second.key)
    assert witness.add_checkpoint(request).status == 200
    assert store.origins() == [ORIGIN]


def test_extension_lines_are_cosigned_with_the_rest(witness: Witness, store: SqliteWitnessStore) -> None:
    plain, extended = TRUE.head(4), Checkpoint(ORIGIN, 4, TRUE.head(4).root, ("extensión",))
    assert witness.add_checkpoint(body(0, plain)).status == 200
    answer = witness.add_checkpoint(body(4, extended))
    require_cosigned(answer, SignedCheckpoint(sign_note(extended.encode(), [LOG]), extended))
    assert len(store.notes(ORIGIN)) == 2
    assert not conflicts(store.notes(ORIGIN))


# Evidence


def test_two_histories_are_kept_whole_and_prove_it(witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(TRUE.request(0, 20).encode())
    assert witness.add_checkpoint(FALSE.request(20, 20).encode()).status == 422
    again = SqliteWitnessStore(tmp_path / "testigo.db")
    (found,) = conflicts(again.notes(ORIGIN))
    assert [n.signed.encode() for n in found.notes] == [h.signed(20).encode() for h in (TRUE, FALSE)]
    assert [n.cosigned for n in found.notes] == [True, False]
    for note in found.notes:
        verify_note(note.signed.note, [LOG.verifier])
    again.close()


def test_a_contradiction_is_kept_whatever_the_answer(witness: Witness, store: SqliteWitnessStore) -> None:
    for old, new in ((0, 15), (15, 30)):
        witness.add_checkpoint(TRUE.request(old, new).encode())
    assert witness.add_checkpoint(FALSE.request(0, 15).encode()).status == 409
    assert witness.add_checkpoint(body(31, FALSE.head(30))).status == 400
    assert [c.size for c in conflicts(store.notes(ORIGIN))] == [15, 30]


def test_what_proves_nothing_is_not_called_a_contradiction(
    witness: Witness, store: SqliteWitnessStore
) -> None:
    witness.add_checkpoint(TRUE.request(0, 20).encode())
    for _ in range(3):
        witness.add_checkpoint(body(20, TRUE.head(30)))
    assert [(n.signed.head.size, n.cosigned) for n in store.notes(ORIGIN)] == [(20, True), (30, False)]
    assert not conflicts(store.notes(ORIGIN))
    witness.add_checkpoint(TRUE.request(0, 25).encode())
    assert len(store.notes(ORIGIN)) == 2, "un 409 sin contradicción no deja nada"
    witness.add_checkpoint(TRUE.request(20, 30).encode())
    assert [n.cosigned for n in store.notes(ORIGIN)] == [True, True]


# What goes wrong


def test_an_answer_that_was_lost_is_asked_for_again(witness: Witness) -> None:
    witness.add_checkpoint(TRUE.request(0, 20).encode())
    again = witness.add_checkpoint(TRUE.request(0, 20).encode())
    assert (again.status, again.body) == (409, b"20\n")
    require_cosigned(witness.add_checkpoint(TRUE.request(20, 20).encode()), TRUE.signed(20))


@pytest.mark.parametrize("processes", [False, True])
@pytest.mark.parametrize("rival", [TRUE, History("rival", 40, 20)])
def test_of_two_successors_at_once_one_is_cosigned(tmp_path: Path, rival: History, processes: bool) -> None:
    """Through one connection, as threads do, or through one each, as processes would."""
    for number in range(8):
        (folder := tmp_path / str(number)).mkdir()
        first, store = watching(folder)
        second, other = watching(folder) if processes else (first, store)
        first.add_checkpoint(TRUE.request(0, 20).encode())
        bodies = [TRUE.request(20, 30).encode(), rival.request(20, 31).encode()]
        assert sorted(at_once([first, second], bodies)) == [200, 409]
        assert store.latest(ORIGIN) == other.latest(ORIGIN)
        store.close()
        other.close()


def at_once(witnesses: list[Witness], bodies: list[bytes]) -> list[int]:
    barrier = Barrier(len(bodies))

    def ask(witness: Witness, body: bytes) -> int:
        barrier.wait()
        return witness.add_checkpoint(body).status

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(ask, witnesses, bodies))


def test_nothing_is_cosigned_that_cannot_be_written(witness: Witness, store: SqliteWitnessStore) -> None:
    def fails(_: Held) -> Decision:
        raise sqlite3.OperationalError("disk full")

    with pytest.raises(sqlite3.OperationalError):
        store.update(TRUE.head(3), fails)
    assert witness.add_checkpoint(TRUE.request(0, 3).encode()).status == 200
    store.close()
    with pytest.raises(sqlite3.Error):
        witness.add_checkpoint(TRUE.request(3, 4).encode())


def test_a_clock_without_time_cosigns_nothing(store: SqliteWitnessStore) -> None:
    with pytest.raises(StateRefusal, match=r"testigo\.hora"):
        Witness([KEY], store, lambda: 0).add_checkpoint(TRUE.request(0, 3).encode())
    assert store.latest(ORIGIN) is None


def test_a_witness_with_both_kinds_of_key(store: SqliteWitnessStore) -> None:
    try:
        quantum = MlDsa44Cosigner("testigo1.ejemplo.mx", b"q" * 32)
    except UnsupportedAlgorithm:
        pytest.skip("AVISO: cryptography no ofrece ML-DSA-44 aquí: NO se probó")
    answer = Witness([KEY, quantum], store, lambda: TIME).add_checkpoint(TRUE.request(0, 3).encode())
    note = parse_note(TRUE.signed(3).note.text.encode() + b"\n" + answer.body)
    assert len(verify_note(note, [Cosigner(KEY.key), Cosigner(quantum.key)])) == 2


# Whatever is asked, in whatever order

Step = tuple[History, int, int | None, str]
STEP = st.tuples(
    st.sampled_from([TRUE, FALSE]),
    st.integers(0, 40),
    st.integers(0, 40) | st.none(),  # None: the size the witness holds
    st.sampled_from(["good", "empty", "of the other", "spoiled"]),
)


@settings(max_examples=60)
@given(st.lists(STEP, max_size=25))
def test_no_two_inconsistent_checkpoints_are_ever_cosigned(
    steps: list[tuple[History, int, int | None, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        witness, store = watching(Path(folder))
        cosigned: list[Checkpoint] = []
        for history, size, old, kind in steps:
            request = variant(
                history, size, cosigned[-1].size if old is None and cosigned else old or 0, kind
            )
            if (answer := witness.add_checkpoint(request.encode())).status == 200:
                require_cosigned(answer, request.signed)
                cosigned.append(request.signed.head)
        assert any(all(h.head(c.size) == c for c in cosigned) for h in (TRUE, FALSE))
        assert [c.size for c in cosigned] == sorted(c.size for c in cosigned)
        latest = store.latest(ORIGIN)
        assert (latest.head if latest else None) == (cosigned[-1] if cosigned else None)
        store.close()


def variant(history: History, size: int, old: int, kind: str) -> Request:
    right, other = (TRUE, FALSE) if history is TRUE else (FALSE, TRUE)
    proofs: dict[str, Callable[[], tuple[bytes, ...]]] = {
        "good": lambda: right.request(old, size).proof,
        "empty": tuple,
        "of the other": lambda: other.request(old, size).proof,
        "spoiled": lambda: (*right.request(old, size).proof[:-1], ROOT),
    }
    return Request(old, proofs[kind](), right.signed(size))
