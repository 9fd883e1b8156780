"""Asking witnesses to cosign a published checkpoint (the client of C2SP tlog-witness).

Every witness is asked at the same time and has one deadline for all its tries: one that is down, slow or
answers garbage changes nothing for the others. What is published is always the log's own signature with
the cosignatures that verified, and nothing is written when there is none to add.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Protocol

from ledger.checkpoint import SignedCheckpoint
from ledger.cosignature import Cosigner, cosigned_at, verifier_for
from ledger.errors import FormatRefusal, QuorumRefusal, Refusal, SignatureRefusal, StorageRefusal
from ledger.fields import decode_decimal
from ledger.limits import MAX_SIGNATURES, MAX_TREE_SIZE
from ledger.note import Note, Signature, parse_note, verify_note
from ledger.policy import NO_QUORUM, Attested, Policy, Witness
from ledger.ports import TileStorage
from ledger.reading import Prover, read_checkpoint
from ledger.tiles import CHECKPOINT
from ledger.witness import ADD_CHECKPOINT, SIZE_TYPE, Request

MAX_REPLY_BYTES = 64 * 1024
"""An ML-DSA-44 line is 3.3 kB; no witness has many keys."""
MAX_TRIES = 3
"""Requests to a witness in one round: one to learn its size, one to cosign, one more if it moved."""
SECONDS = 10.0
"""Deadline of a witness for all its tries in a round."""


class Unreachable(Refusal):
    """A witness could not be asked: no connection, no answer in time, or one that is not HTTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a witness answered; `body` has at most MAX_REPLY_BYTES."""

    status: int
    content_type: str
    body: bytes


class Post(Protocol):
    """Sends a body to a URL; `ledger.witness_http` does it with HTTP."""

    async def __call__(self, url: str, body: bytes) -> Reply:
        """The answer. Raises Unreachable."""


class Result(Enum):
    """How it went with a witness, for people."""

    COSIGNED = "cosignó"
    ALREADY = "ya había cosignado"
    NO_URL = "la política no dice dónde está"
    DOWN = "no responde"
    LATE = "no había contestado cuando ya bastaban los demás"
    GARBAGE = "respondió algo que no vale"
    REFUSED = "se negó a cosignar"
    AHEAD = "dice haber visto una bitácora más larga"
    UNPROVEN = "la bitácora no pudo armar la prueba"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one witness did. `signature` is verified; `detail` says why there is none."""

    witness: Witness
    result: Result
    detail: str = ""
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """A round: the checkpoint with every cosignature that verified, and `attested` if they are enough."""

    checkpoint: SignedCheckpoint
    outcomes: tuple[Outcome, ...]
    attested: Attested | None
    published: bool = False
    """Whether this round wrote the checkpoint."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be said of a checkpoint to citizens: who cosigned it, by when, and whether it is enough."""

    cosigned: dict[str, int]
    """POSIX seconds by the policy's names of the witnesses."""
    known: int
    """Witnesses of the policy."""
    attested: Attested | None
    asks: bool
    """Whether the policy asks for witnesses at all."""

    def __str__(self) -> str:
        if not self.asks:
            return "la política no pide testigos"
        count = f"{len(self.cosigned)} de {self.known}"
        return f"atestiguado por {count}" if self.attested else f"aún no atestiguado ({count} testigos)"


def standing(policy: Policy, signed: SignedCheckpoint) -> Standing:
    """Where a checkpoint stands. «Atestiguado» is only ever said of one that meets the policy's quorum.

    Raises SignatureRefusal when the log did not sign it; cosignatures that fail do not count.
    """
    clean = _clean(policy, signed)
    try:
        attested = policy.verify(clean)
    except QuorumRefusal:
        attested = None
    asks = policy.quorum != NO_QUORUM
    return Standing(policy.cosigned(clean), len(policy.witnesses), attested if asks else None, asks)


def _clean(policy: Policy, signed: SignedCheckpoint) -> SignedCheckpoint:
    """The checkpoint with the log's signatures and the cosignatures that verify. Storage is not trusted."""
    policy.verify_log(signed, CHECKPOINT)
    keys = [log.key for log in policy.logs if log.key.name == signed.head.origin]
    lines = list(verify_note(signed.note, map(verifier_for, keys), CHECKPOINT))
    for witness in policy.witnesses:
        lines += _cosignatures(witness, signed.note.text, signed.note.signatures)
    return SignedCheckpoint(Note(signed.note.text, tuple(lines)), signed.head)


def _cosignatures(witness: Witness, text: str, lines: Sequence[Signature]) -> list[Signature]:
    """The first line that is this witness's valid cosignature, or none."""
    for line in lines:
        if (line.name, line.key_id) == (witness.key.name, witness.key.key_id):
            try:
                Cosigner(witness.key).verify(text, line.value)
            except (SignatureRefusal, FormatRefusal):
                continue
            return [line]
    return []


class Attester:
    """Brings the witnesses of a policy up to date with one log. Rounds must not overlap.

    Keep the object between rounds: it remembers each witness's size, which saves a request. With `grace`, a
    round does not wait longer than so many seconds for the others once a quorum has cosigned.
    """

    def __init__(
        self,
        storage: TileStorage,
        policy: Policy,
        post: Post,
        seconds: float = SECONDS,
        grace: float | None = None,
    ) -> None:
        self._storage = storage
        self._policy = policy
        self._post = post
        self._seconds = seconds
        self._grace = grace
        self._prover = Prover(storage)
        self._sizes: dict[bytes, int] = {}

    def attest(self) -> Attestation:
        """Read the published checkpoint, have it cosigned, publish it again if cosignatures were won.

        Raises StorageRefusal, FormatRefusal or SignatureRefusal when what is published is not the log's.
        Should the log grow meanwhile, what is published by then is left alone.
        """
        published = read_checkpoint(self._storage)
        made = self.cosign(published)
        gained = any(outcome.result is Result.COSIGNED for outcome in made.outcomes)
        if not gained:
            return made
        try:
            old, new = published.encode(), made.checkpoint.encode()
            self._storage.exchange_checkpoint(CHECKPOINT, old, new)
        except StorageRefusal as refusal:
            if refusal.rule != "almacen.cambio":
                raise
            return made
        return Attestation(made.checkpoint, made.outcomes, made.attested, published=True)

    def cosign(self, signed: SignedCheckpoint) -> Attestation:
        """Ask each witness that has not cosigned it yet. Publishes nothing. Raises SignatureRefusal.

        Runs an event loop of its own: from asyncio, call it with `asyncio.to_thread`.
        """
        clean = _clean(self._policy, signed)
        outcomes = asyncio.run(self._round(clean))
        won = [outcome.signature for outcome in outcomes if outcome.signature is not None]
        note = clean.note.with_signatures(won)
        whole = SignedCheckpoint(Note(note.text, note.signatures[:MAX_SIGNATURES]), clean.head)
        return Attestation(whole, outcomes, standing(self._policy, whole).attested)

    async def _round(self, clean: SignedCheckpoint) -> tuple[Outcome, ...]:
        asked = {asyncio.create_task(self._outcome(w, clean)): w for w in self._policy.witnesses}
        waiting, left = set(asked), None
        while waiting and (left is None or left > 0):
            begun = time.monotonic()
            _, waiting = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if left is not None:
                left -= time.monotonic() - begun
            elif self._are_enough(task.result() for task in asked.keys() - waiting):
                left = self._grace
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return tuple(Outcome(w, Result.LATE) if t in waiting else t.result() for t, w in asked.items())

    def _are_enough(self, outcomes: Iterable[Outcome]) -> bool:
        good = {o.witness.name for o in outcomes if o.result in (Result.COSIGNED, Result.ALREADY)}
        return self._policy.quorum != NO_QUORUM and self._policy.is_met_by(good)

    async def _outcome(self, witness: Witness, clean: SignedCheckpoint) -> Outcome:
        if _cosignatures(witness, clean.note.text, clean.note.signatures):
            return Outcome(witness, Result.ALREADY)
        if witness.url is None:
            return Outcome(witness, Result.NO_URL)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._ask(witness, witness.url, clean)
        except TimeoutError:
            return Outcome(witness, Result.DOWN, f"sin respuesta en {self._seconds:g} s")
        except Unreachable as refusal:
            return Outcome(witness, Result.DOWN, refusal.got)
        except (FormatRefusal, SignatureRefusal) as refusal:
            return Outcome(witness, Result.GARBAGE, str(refusal))

    async def _ask(self, witness: Witness, url: str, clean: SignedCheckpoint) -> Outcome:
        size, material = clean.head.size, witness.key.material
        old = min(self._sizes.get(material, 0), size)
        for _ in range(MAX_TRIES):
            try:
                request = Request(old, await self._proof(old, size), self._own(clean))
            except Refusal as refusal:
                return Outcome(witness, Result.UNPROVEN, str(refusal))
            reply = await self._post(f"{url.rstrip('/')}/{ADD_CHECKPOINT}", request.encode())
            if reply.status != HTTPStatus.CONFLICT:
                return self._read(witness, clean, reply)
            told = parse_size(reply)
            self._sizes[material] = told
            if told > size:
                return Outcome(witness, Result.AHEAD, f"tamaño {told}; aquí se publica {size}")
            if told == old:
                break
            old = told
        return Outcome(witness, Result.GARBAGE, f"insiste en 409 con el tamaño {old}")

    async def _proof(self, old: int, size: int) -> tuple[bytes, ...]:
        return tuple(await asyncio.to_thread(self._prover.consistency, old, size))

    def _own(self, clean: SignedCheckpoint) -> SignedCheckpoint:
        """The checkpoint with the log's signatures only: a witness needs no others."""
        others = {(w.key.name, w.key.key_id) for w in self._policy.witnesses}
        lines = tuple(s for s in clean.note.signatures if (s.name, s.key_id) not in others)
        return SignedCheckpoint(Note(clean.note.text, lines), clean.head)

    def _read(self, witness: Witness, clean: SignedCheckpoint, reply: Reply) -> Outcome:
        if reply.status == HTTPStatus.OK:
            signature = read_cosignature(witness, clean.note.text, reply.body)
            self._sizes[witness.key.material] = clean.head.size
            return Outcome(witness, Result.COSIGNED, signature=signature)
        why = f"{reply.status}: {reply.body[:200].decode('utf-8', 'replace').strip()}"
        refusal = Refusal("testigo.respuesta", witness.name, "200", why)  # escapes what is not text
        down = reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return Outcome(witness, Result.DOWN if down else Result.REFUSED, refusal.got)


def parse_size(reply: Reply) -> int:
    """The size in a 409. Raises FormatRefusal for anything that is not exactly one."""
    kind = reply.content_type.split(";")[0].strip().lower()
    if kind != SIZE_TYPE:
        raise FormatRefusal("testigo.tamano", "409, Content-Type", SIZE_TYPE, kind or "ninguno")
    text = reply.body[:40].decode("ascii", "replace")
    if not text.endswith("\n"):
        raise FormatRefusal("testigo.tamano", "409", "el tamaño y fin de línea", text)
    return decode_decimal(text.removesuffix("\n"), "409", 0, MAX_TREE_SIZE)


def read_cosignature(witness: Witness, text: str, body: bytes) -> Signature:
    """The witness's cosignature of `text` among the lines of a 200; lines of other keys are ignored.

    Raises FormatRefusal or SignatureRefusal when there is none, or one that fails, or one without time.
    """
    note = parse_note(text.encode() + b"\n" + body, "200")
    if note.text != text:
        raise FormatRefusal("testigo.firmas", "200", "sólo líneas de firma", "otro texto")
    signature = next(iter(verify_note(note, [Cosigner(witness.key)], "200")))
    if cosigned_at(signature.value, witness.name)[0] == 0:
        raise FormatRefusal("cosignatura.hora", "200", "una hora", 0)
    return signature
