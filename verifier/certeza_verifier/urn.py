"""One archive from its first byte to its last, event by event.

A broken container or chain stops the archive; a ballot, a share or a result that breaks a rule is recorded
and the rest is still checked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from certeza_verifier import chunks, groups, tally
from certeza_verifier.archive import Archive, Member
from certeza_verifier.ballots import Context, compact64, tracker
from certeza_verifier.chain import Chain, Step, refers
from certeza_verifier.chunks import Chunk, ChunkResult, Outcome
from certeza_verifier.credentials import verify_credentials
from certeza_verifier.errors import Failure, NotSupported
from certeza_verifier.groups import AnyGroup
from certeza_verifier.limits import LIMITS
from certeza_verifier.messages import setup as small
from certeza_verifier.messages import tally as tally_messages
from certeza_verifier.messages.election import Election, parse_election
from certeza_verifier.profile import ANY, Profile
from certeza_verifier.report import BallotLine, Finding, UrnReport
from certeza_verifier.trustees import Board, elements, verify_trustees

_UNDER_WAY = 4
"""Chunks that each process has or will have: none waits, and memory stays flat."""

Submit = Callable[[Chunk], "Future[ChunkResult]"]
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to verify an archive. `trusted`: so many first bytes are the same whose ballots an earlier run
    verified; `remember`: the report says the digest of what it read.
    """

    profile: Profile = ANY
    arithmetic: str = "auto"
    trusted: int = 0
    remember: bool = False
    lines: bool = False
    ut: str | None = None


def here(chunk: Chunk) -> Future[ChunkResult]:
    """Runs a chunk in this process."""
    future: Future[ChunkResult] = Future()
    future.set_result(chunks.run_chunk(chunk))
    return future


@lru_cache(maxsize=16)
def _board(data: bytes, group: AnyGroup) -> Board:
    """The same bytes are in every urn of a consultation: verified once in each process."""
    return verify_trustees(data, group)


class UrnCheck:
    """The state of one verification; `run` gives its report."""

    def __init__(
        self,
        archive: Archive,
        path: str,
        file: str,
        options: Options,
        submit: Submit = here,
        workers: int = 1,
    ) -> None:
        self._archive = archive
        self._chain = Chain(archive)
        self._path, self._file, self._options = path, file, options
        self._submit, self._workers = submit, workers
        self._flying: deque[tuple[Future[ChunkResult], tuple[tuple[int, Member], ...]]] = deque()
        self._waiting: list[tuple[int, Member]] = []
        self._setup: tuple[Member, Member] | None = None
        self._context: Context | None = None
        self._board: Board | None = None
        self._ballots: set[bytes] = set()
        self._last: dict[bytes, Member] = {}
        self._replaced: list[Member] = []
        self._columns: list[Any] = []
        self._weight = 0
        self._bound = 0
        self._broken = 0
        self._tally: tally.Tally | None = None
        self._rows: list[list[tuple[Any, Any]]] = []
        self._shares: dict[int, list[list[Any]]] = {}
        self._owners: set[int] = set()
        self.report = UrnReport(file, ut=options.ut)

    def run(self, advance: Advance | None = None) -> UrnReport:
        """Verifies to the end of the archive, or to where it breaks. Raises NotJudged only."""
        events = bytearray()
        try:
            for step in self._chain.steps():
                self.report.events += 1
                events += bytes.fromhex(step.event.digest)
                self._step(step)
                if advance:
                    advance(step.end)
            self.report.facts.whole = True
        except Failure as failure:
            self._fail(failure, self._chain.last.height + 1 if self._chain.last else 0)
        self.report.facts.events = bytes(events)
        self._flush()
        self._drain(0)
        self.report.stage, self.report.length = self._chain.stage, self._chain.end
        self.report.digest = self._archive.digest
        return self.report

    def _fail(self, failure: Failure, height: int | None, code: str | None = None) -> None:
        where = {"ut": self._options.ut, "height": height, "tracker": code}
        self.report.findings.append(Finding.of(failure, self._file, **where))

    def _step(self, step: Step) -> None:
        if step.event.type == "Setup":
            self._open(step)  # without a sound setup nothing else can be judged: a Failure ends the archive
            return
        if step.event.type == "Ballot":
            self._ballot(step)
            return
        handlers = {
            "EndBallots": self._close,
            "EncryptedTally": self._sum,
            "PartialDecryption": self._share,
            "Result": self._result,
        }
        try:
            handlers[step.event.type](step)
        except Failure as failure:
            self._fail(failure, step.event.height)

    # --- Setup ---

    def _open(self, step: Step) -> None:
        election, trustees, credentials, data = step.data
        setup = small.parse_setup(self._archive.read(data, LIMITS.small, "setup_data"))
        for name, member in (("election", election), ("trustees", trustees), ("credentials", credentials)):
            refers(f"setup_data.{name}", getattr(setup, name), member)
        self.report.facts.setup, self.report.facts.trustees = step.event.digest, trustees.digest
        parsed = self._election(self._archive.read(election, LIMITS.election, "election"))
        self.report.facts.election, self.report.facts.election_digest = parsed, election.digest
        group = groups.group(parsed.group, self._options.arithmetic)
        (key,) = elements(group, [parsed.public_key], "election.public_key")
        self._trustees(self._archive.read(trustees, LIMITS.trustees, "trustees"), group, parsed.public_key)
        try:
            self._options.profile.check_election(parsed)
        except Failure as failure:
            self._fail(failure, 0)
        listed = verify_credentials(
            self._archive.read(credentials, LIMITS.data, "public_credentials"),
            group,
            weights=not self._options.profile.strict,
            threads=self._workers,
        )
        self.report.done["credenciales"] += len(listed)
        weights = {credential.key: credential.weight for credential in listed}
        self._context = Context(parsed, compact64(bytes.fromhex(election.digest)), group, key, weights)
        self._setup = (election, credentials)
        chunks.remember(self._chunk(()), self._context)
        identity = group.combine([])
        self._columns = [identity] * chunks.columns_of(self._context)

    def _election(self, data: bytes) -> Election:
        """Questions of another kind are no fault in other people's elections, and one in ours."""
        try:
            return parse_election(data)
        except NotSupported:
            if not self._options.profile.strict:
                raise
            raise Failure(
                "perfil-pregunta", "election.questions", "preguntas homomórficas", "otras"
            ) from None

    def _trustees(self, data: bytes, group: AnyGroup, public_key: str) -> None:
        """A fault here leaves the ballots to be checked, but no share can be."""
        try:
            board = _board(data, group)
            if board.public_key != public_key:
                raise Failure("eleccion-llave", "election.public_key", board.public_key, public_key)
            self._options.profile.check_board(board)
        except Failure as failure:
            self._fail(failure, 0)
            return
        self._board = board
        self.report.done["custodios"] += len(board.keys)
        self.report.facts.threshold = board.items[0].threshold

    # --- Ballots ---

    def _ballot(self, step: Step) -> None:
        member = step.data[0]
        self.report.ballots += 1
        if (key := bytes.fromhex(member.digest)) in self._ballots:
            copied = Failure("boleta-copiada", "ballot", "una boleta nueva", member.digest)
            self._fail(copied, step.event.height, tracker(member.digest))
            self._broken += 1
            return
        self._ballots.add(key)
        self._waiting.append((step.event.height, member))
        if self._context and len(self._waiting) >= self._enough(step, self._context):
            self._flush()

    def _enough(self, step: Step, context: Context) -> int:
        """Ballots for the next chunk: fewer as the end comes near, so that all processes finish together."""
        most = chunks.SIZE[context.group.backend]
        if self._workers == 1:
            return most
        left = self._archive.left // (step.end - step.data[0].offset)
        return min(most, max(1, most // 16, left // (2 * self._workers)))

    def _chunk(self, ballots: tuple[tuple[int, Member], ...]) -> Chunk:
        assert self._setup is not None  # noqa: S101 - Setup is the first event of every chain
        election, credentials = self._setup
        options = self._options
        return Chunk(self._path, election, credentials, options.arithmetic, options.trusted, ballots)

    def _flush(self) -> None:
        if self._waiting:
            ballots = tuple(self._waiting)
            self._waiting.clear()
            self._flying.append((self._submit(self._chunk(ballots)), ballots))
            self._drain(_UNDER_WAY * self._workers)

    def _drain(self, keep: int) -> None:
        """Takes in finished chunks, in order, until at most `keep` are under way."""
        while len(self._flying) > keep:
            future, ballots = self._flying.popleft()
            result = future.result()
            self.report.done["pruebas-de-boletas"] += result.proofs
            for outcome, (_, member) in zip(result.outcomes, ballots, strict=True):
                self._take(outcome, member)
            self._add(result.sums)

    def _take(self, outcome: Outcome, member: Member) -> None:
        if self._options.lines:
            self.report.lines.append(BallotLine(outcome.height, outcome.tracker, outcome.credential))
        if outcome.failure is not None:
            self._broken += 1
            self._fail(Failure(*outcome.failure), outcome.height, outcome.tracker)
            return
        self.report.done["boletas"] += 1
        self._count(outcome, member)

    def _count(self, outcome: Outcome, member: Member) -> None:
        """Of each credential the last ballot counts; ours never have a second one."""
        key = credential_key(outcome.credential)
        earlier = self._last.get(key)
        self._last[key] = member
        if earlier is None:
            self._weight += outcome.weight
            return
        self._replaced.append(earlier)
        if self._options.profile.strict:
            repeated = Failure(
                "boleta-repetida", "credential", "una boleta por credencial", outcome.credential
            )
            self._fail(repeated, outcome.height, outcome.tracker)

    def _add(self, sums: tuple[str, ...]) -> None:
        assert self._context is not None  # noqa: S101 - set before the first ballot
        group = self._context.group
        points = group.parse(sums, allow_identity=True)
        self._columns = [group.combine(pair) for pair in zip(self._columns, points, strict=True)]

    def _close(self, step: Step) -> None:
        self.report.facts.closing = step.event.digest
        self._flush()
        self._drain(0)

    # --- Tally ---

    def _sum(self, step: Step) -> None:
        assert self._context is not None  # noqa: S101 - set before the first ballot
        sized = small.parse_sized(self._archive.read(step.data[1], LIMITS.small, "sized_encrypted_tally"))
        refers("sized_encrypted_tally.encrypted_tally", sized.encrypted_tally, step.data[0])
        published = tally_messages.parse_tally(
            self._archive.read(step.data[0], LIMITS.tally, "encrypted_tally")
        )
        tally.shape(published, self._context.election.questions, "suma-forma", "encrypted_tally")
        self._rows = tally.tally_elements(published, self._context.group)
        self._tally, self._bound = published, self._weight
        self.report.facts.tally = published[0] if published else None
        self.report.facts.tally_digest = step.data[0].digest
        if self._broken:
            self._bound = sized.total_weight
            self.report.skipped.append("suma cifrada: hay boletas que no se pueden sumar")
            return
        tally.verify_sized(sized, len(self._last), self._weight)
        tally.verify_tally(published, self._sums(self._context))
        self.report.done["sumas"] += 1

    def _sums(self, context: Context) -> list[str]:
        columns = self._columns
        for member in self._replaced:
            points = chunks.replaced(self._path, member, context)
            columns = [context.group.combine(pair) for pair in zip(columns, points, strict=True)]
        return [context.group.text(column) for column in columns]

    def _share(self, step: Step) -> None:
        owned = small.parse_owned(self._archive.read(step.data[1], LIMITS.small, "owned_partial_decryption"))
        refers("owned_partial_decryption.payload", owned.payload, step.data[0])
        if self._board is None or self._tally is None or self._context is None:
            self.report.skipped.append(
                f"descifrado parcial del evento {step.event.height}: falta en qué apoyarlo"
            )
            return
        keys = self._board.keys
        if not 1 <= owned.owner <= len(keys):
            raise Failure(
                "parcial-custodio", "owned_partial_decryption.owner", f"de 1 a {len(keys)}", owned.owner
            )
        if owned.owner in self._owners:
            raise Failure(
                "parcial-repetido", "owned_partial_decryption.owner", "un custodio nuevo", owned.owner
            )
        self._owners.add(owned.owner)
        group, questions = self._context.group, self._context.election.questions
        partial = tally_messages.parse_partial(
            self._archive.read(step.data[0], LIMITS.share, "partial_decryption"), group.order
        )
        tally.shape(partial.factors, questions, "parcial-forma", "partial_decryption.decryption_factors")
        tally.shape(partial.proofs, questions, "parcial-forma", "partial_decryption.decryption_proofs")
        fingerprint = self._context.fingerprint
        factors = tally.verify_partial(partial, keys[owned.owner - 1], self._rows, fingerprint, group)
        self._shares[owned.owner] = factors
        self.report.facts.owners = tuple(sorted(self._shares))
        self.report.done["descifrados-parciales"] += 1

    def _result(self, step: Step) -> None:
        self.report.facts.last = step.event.digest
        result = tally_messages.parse_result(self._archive.read(step.data[0], LIMITS.small, "result"))
        if self._board is None or self._tally is None or self._context is None:
            self.report.skipped.append("resultado: falta en qué apoyarlo")
            return
        tally.shape(result, self._context.election.questions, "resultado-forma", "result")
        self.report.facts.result = result
        group = self._context.group
        exponents = tally.coefficients(self._board, set(self._shares), group.order)
        tally.verify_result(result, self._tally, self._shares, exponents, group, self._bound)
        total = sum(map(sum, result))
        if self._options.profile.strict and total != self.report.ballots:
            raise Failure("perfil-total", "result", self.report.ballots, total)
        self.report.done["resultados"] += 1


def credential_key(credential: str) -> bytes:
    """A credential in as few bytes as possible: what is kept of every ballot."""
    if len(credential) == 64:
        return bytes.fromhex(credential)
    return int(credential).to_bytes(256, "big")
