"""The witness of C2SP tlog-witness: what it is asked, what it answers and what it must keep. Pure.

A witness cosigns a log's checkpoints as long as each continues the one before, so that whoever trusts
the witness knows that everybody was shown the same log. Order of a request, and what a crash after each
step means:

 1. parse, verify   the body, then the log's signature. Nothing is written.
 2. store.update    ONE durable transaction: read what is held, judge, cosign, write. Two requests that
                    race see each other here, and the later one gets 409. A cosignature whose transaction
                    fails never leaves this process.
 3. answer          only now. A log that lost the answer asks again: it gets 409 with the size that was
                    written, and then 200 for the same checkpoint.

Notes that the log signed are kept whole (text and the log's signatures, without strangers' lines): two of
the same size and different roots prove, to anybody and for ever, that the log showed two histories.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from ledger.checkpoint import Checkpoint, SignedCheckpoint, parse_signed
from ledger.cosignature import verifier_for
from ledger.errors import FormatRefusal, Refusal, SignatureRefusal, StateRefusal, TreeRefusal
from ledger.fields import decode_decimal, decode_hash, decode_utf8, encode_base64, require_size
from ledger.limits import MAX_NOTE_BYTES, MAX_PROOF_HASHES, MAX_TREE_SIZE
from ledger.note import Note, Signature, verify_note
from ledger.tree import EMPTY_ROOT
from ledger.tree_check import verify_consistency
from ledger.vkey import VerifierKey

ADD_CHECKPOINT = "add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
MAX_REQUEST_BYTES = len(f"old {MAX_TREE_SIZE}\n") + MAX_PROOF_HASHES * 45 + 1 + MAX_NOTE_BYTES
_OLD = "old "


@dataclass(frozen=True, slots=True)
class Request:
    """An add-checkpoint call: the size the log believes was cosigned last, a proof from it, a checkpoint.

    Nothing of it has been verified.
    """

    old: int
    proof: tuple[bytes, ...]
    signed: SignedCheckpoint

    def encode(self) -> bytes:
        """The body of the request."""
        lines = [f"{_OLD}{self.old}", *map(encode_base64, self.proof), "", ""]
        return "\n".join(lines).encode() + self.signed.encode()


def parse_request(data: bytes, place: str = ADD_CHECKPOINT) -> Request:
    """Read a body. Raises FormatRefusal naming the line; strict, so decoding and encoding is identical."""
    require_size(data, MAX_REQUEST_BYTES, place)
    before, separator, note = data.partition(b"\n\n")
    if not separator:
        raise FormatRefusal("testigo.separador", place, "una línea vacía antes del checkpoint", "ninguna")
    lines = decode_utf8(before, place).split("\n")
    if not lines[0].startswith(_OLD):
        raise FormatRefusal("testigo.anterior", f"{place}, línea 1", "«old N»", lines[0] or "vacía")
    old = decode_decimal(lines[0].removeprefix(_OLD), f"{place}, línea 1", 0, MAX_TREE_SIZE)
    if len(lines) - 1 > MAX_PROOF_HASHES:
        raise FormatRefusal("limite.hashes", place, f"a lo más {MAX_PROOF_HASHES} hashes", len(lines) - 1)
    proof = [decode_hash(line, f"{place}, línea {i}") for i, line in enumerate(lines[1:], 2)]
    return Request(old, tuple(proof), parse_signed(note, f"{place}, checkpoint"))


@dataclass(frozen=True, slots=True)
class Held:
    """What a witness knows of one log when it judges a request.

    `size` and `root` are of the checkpoint cosigned last, or of the empty tree; `roots` are of all notes
    kept whose size is that of the request.
    """

    size: int = 0
    root: bytes = EMPTY_ROOT
    roots: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    body: bytes
    content_type: str = TEXT_TYPE


@dataclass(frozen=True, slots=True)
class Kept:
    """A note to write down: as the log signed it and, when it was cosigned, as it is shown to monitors."""

    head: Checkpoint
    note: Note
    seen: int
    """POSIX seconds."""
    cosigned: Note | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to write, if anything, and what to answer once that is durable."""

    answer: Answer
    keep: Kept | None = None


class WitnessStore(Protocol):
    """The witness's memory. It is trusted: whoever can turn it back can have a fork cosigned."""

    def log_keys(self, origin: str) -> list[VerifierKey]:
        """The keys that may sign for an origin; none when the witness does not know it."""

    def update(self, head: Checkpoint, decide: Callable[[Held], Decision]) -> Answer:
        """Call `decide` with what is held and write what it says, in one durable transaction."""

    def shown(self, origin_hash: str) -> bytes | None:
        """The cosigned note of the log whose origin has this SHA-256 (hex), None before the first."""


class Cosigning(Protocol):
    """A private key that cosigns (`ledger.cosignature` has those of type 04 and 06)."""

    @property
    def key(self) -> VerifierKey:
        """Its public key."""

    def cosign(self, text: str, timestamp: int) -> bytes:
        """The value of the signature line for a checkpoint's text."""


def objection(request: Request, held: Held) -> Answer | None:
    """Why a checkpoint with a valid signature is not cosigned; None when it continues what is held."""
    head = request.signed.head
    if request.old > head.size:
        refusal = TreeRefusal("testigo.anterior", "línea 1", f"a lo más {head.size}", request.old)
        return _refused(HTTPStatus.BAD_REQUEST, refusal)
    if request.old != held.size:
        return Answer(HTTPStatus.CONFLICT, f"{held.size}\n".encode(), SIZE_TYPE)
    try:
        verify_consistency(held.size, head.size, held.root, head.root, request.proof)
    except TreeRefusal as refusal:
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, refusal)
    return None


def is_evidence(answer: Answer, head: Checkpoint, held: Held) -> bool:
    """Whether a note that was not cosigned is worth keeping.

    Those that failed a consistency check are; of the rest, those that contradict a note kept before.
    """
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return True
    return is_impossible(head) or bool(held.roots - {head.root})


def is_impossible(head: Checkpoint) -> bool:
    """Whether a checkpoint contradicts itself: no leaves, and a root that is not the empty tree's."""
    return head.size == 0 and head.root != EMPTY_ROOT


def _refused(status: int, refusal: Refusal) -> Answer:
    return Answer(status, f"{refusal}\n".encode())


def _now() -> int:
    return int(time.time())


class Witness:
    """Answers the requests of tlog-witness. Any number of threads may call it, as far as its store allows.

    `clock` gives POSIX seconds.
    """

    def __init__(
        self, cosigners: Sequence[Cosigning], store: WitnessStore, clock: Callable[[], int] = _now
    ) -> None:
        self._cosigners = tuple(cosigners)
        self._store = store
        self._clock = clock

    def add_checkpoint(self, body: bytes) -> Answer:
        """Judge one request and answer it; what had to be written is durable by then.

        Raises nothing for any body. Raises what the store does when it cannot write, and StateRefusal
        when the clock does not work; nothing is cosigned then.
        """
        try:
            request = parse_request(body)
        except FormatRefusal as refusal:
            return _refused(HTTPStatus.BAD_REQUEST, refusal)
        head = request.signed.head
        keys = self._store.log_keys(head.origin)
        if not keys:
            unknown = SignatureRefusal("testigo.origen", "línea 1", "una bitácora conocida", head.origin)
            return _refused(HTTPStatus.NOT_FOUND, unknown)
        try:
            valid = verify_note(request.signed.note, map(verifier_for, keys), "checkpoint")
        except (SignatureRefusal, FormatRefusal) as refusal:
            return _refused(HTTPStatus.FORBIDDEN, refusal)
        note = Note(request.signed.note.text, tuple(valid))
        return self._store.update(head, lambda held: self._decide(request, note, held))

    def checkpoint(self, origin_hash: str) -> bytes | None:
        """The note that monitors get, with the log's signatures and the cosignatures that were returned."""
        return self._store.shown(origin_hash)

    def _decide(self, request: Request, note: Note, held: Held) -> Decision:
        head, now = request.signed.head, self._time()
        if (answer := objection(request, held)) is not None:
            kept = Kept(head, note, now) if is_evidence(answer, head, held) else None
            return Decision(answer, kept)
        lines = [Signature(c.key.name, c.key.key_id, c.cosign(note.text, now)) for c in self._cosigners]
        body = "".join(line.encode() for line in lines).encode()
        return Decision(Answer(HTTPStatus.OK, body), Kept(head, note, now, note.with_signatures(lines)))

    def _time(self) -> int:
        now = self._clock()
        if now < 1:  # tlog-witness: the time MUST NOT be zero
            raise StateRefusal("testigo.hora", "reloj", "una hora posterior a 1970", now)
        return now
