"""A whole log now, and against what it said before (VER-02): forks and deletions with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.tlog import merkle
from certeza_verifier.tlog.attest import Attested, Trust, attest
from certeza_verifier.tlog.checkpoint import Checkpoint
from certeza_verifier.tlog.memory import Memory
from certeza_verifier.tlog.reader import CHECKPOINT, Reader, published
from certeza_verifier.tlog.source import Source
from certeza_verifier.tlog.walk import OnEntry, Walk


@dataclass(slots=True)
class Verified:
    """What was found. `evidence`: pairs of signed checkpoints, the earlier one first."""

    attested: Attested
    failures: list[Failure] = field(default_factory=list)
    evidence: list[tuple[Checkpoint, Checkpoint]] = field(default_factory=list)
    resumed: int | None = None
    entries: int = 0
    tiles: int = 0
    earlier: int = 0
    edge: merkle.CompactRange = field(default_factory=merkle.CompactRange)


class Monitor:
    """Verifies a log; `advance` is told how many entries more have been read."""

    def __init__(
        self,
        source: Source,
        trust: Trust,
        on_entry: OnEntry | None = None,
        advance: Callable[[int], None] | None = None,
    ) -> None:
        self._source = source
        self._trust = trust
        self._on_entry = on_entry
        self.advance = advance
        self.attested = attest(published(source), trust, CHECKPOINT)

    def run(self, memory: Memory | None = None, history: Sequence[Checkpoint] = ()) -> Verified:
        """Everything. `history` are earlier checkpoints, verified already. Raises NotJudged when the log
        cannot be read.
        """
        result = Verified(self.attested)
        checkpoint = self.attested.checkpoint
        reader = Reader(self._source, checkpoint.size)
        before = list(history)
        if memory:
            before.insert(0, self._remembered(memory))
        suspects = [old for old in before if not self._consistent(old, reader)]
        walk = Walk(reader, checkpoint, self._on_entry, self.advance)
        trusted = memory is not None and not suspects and memory.size <= checkpoint.size
        if memory and trusted and walk.resume(memory.size, memory.edge):
            result.resumed = memory.size
        walk.run()
        result.failures, result.edge = walk.failures, walk.edge
        result.entries, result.tiles, result.earlier = walk.entries, walk.tiles, len(before)
        for old in suspects:
            self._accuse(old, result, sound=not walk.failures)
        return result

    def _remembered(self, memory: Memory) -> Checkpoint:
        try:
            old = attest(memory.checkpoint, self._trust, "checkpoint del estado").checkpoint
        except Failure as failure:
            raise NotJudged(f"El checkpoint del estado no es válido ({failure.place}).") from None
        if (old.size, old.root) != (memory.size, memory.root):
            raise NotJudged("El checkpoint del estado no es el de su tamaño y su raíz.")
        return old

    def _consistent(self, old: Checkpoint, reader: Reader) -> bool:
        """Whether the log proves that the earlier tree is the beginning of this one."""
        now = self.attested.checkpoint
        if old.size > now.size:
            return False
        try:
            proof = reader.consistency(old.size)
            merkle.verify_consistency(old.size, now.size, old.root, now.root, proof)
        except Failure:
            return False
        return True

    def _accuse(self, old: Checkpoint, result: Verified, *, sound: bool) -> None:
        """A fork is proved only by tiles that are all right; otherwise they may be what fails."""
        now = self.attested.checkpoint
        expected = f"{old.size} entradas con raíz {old.root.hex()}"
        if old.size > now.size:
            got = f"{now.size} entradas con raíz {now.root.hex()}"
            result.failures.append(Failure("bitacora-encogida", old.place, expected, got))
        else:
            proved = sound or old.size == now.size
            rule = "bitacora-bifurcada" if proved else "prueba-consistencia"
            got = f"otra raíz para las mismas entradas en el checkpoint de {now.size}"
            result.failures.append(Failure(rule, old.place, expected, got))
        result.evidence.append((old, now))
