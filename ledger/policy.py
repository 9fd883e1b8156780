"""Which checkpoints are believed: known logs, known witnesses and the quorum of a tlog-policy. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from ledger.checkpoint import SignedCheckpoint
from ledger.cosignature import Cosigner, cosigned_at, verifier_for
from ledger.errors import QuorumRefusal, SignatureRefusal
from ledger.note import verify_note
from ledger.vkey import VerifierKey

NO_QUORUM = "none"


@dataclass(frozen=True, slots=True)
class Log:
    """A log that may sign: its key, whose name is the log's origin, and where it is served."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness under the policy's own name for it."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses or groups, `threshold` of which make the group a witness."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attested:
    """A checkpoint that met a policy: who cosigned it, and when (POSIX seconds), by the policy's names."""

    checkpoint: SignedCheckpoint
    cosigned: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Policy:
    """What `ledger.policy_text` reads. `quorum` is a witness's or a group's name, or `NO_QUORUM`."""

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    def verify(self, checkpoint: SignedCheckpoint, place: str = "checkpoint") -> Attested:
        """Refuse unless a known log signed it and a quorum of witnesses cosigned it.

        Raises SignatureRefusal, also when one known key's signature among many fails, and QuorumRefusal.
        """
        self.verify_log(checkpoint, place)
        cosigned = self.cosigned(checkpoint, place)
        if not self.is_met_by(cosigned.keys()):
            found = ", ".join(cosigned) or "ningún testigo"
            raise QuorumRefusal("testigos.quorum", place, self._wanted(), found)
        return Attested(checkpoint, cosigned)

    def verify_log(self, checkpoint: SignedCheckpoint, place: str = "checkpoint") -> None:
        """Refuse unless it is signed by a known log whose name is the checkpoint's origin."""
        origin = checkpoint.head.origin
        keys = [log.key for log in self.logs if log.key.name == origin]
        if not keys:
            known = ", ".join(log.key.name for log in self.logs) or "ninguna"
            raise SignatureRefusal("bitacora.origen", f"{place}, línea 1", f"una de: {known}", origin)
        verify_note(checkpoint.note, map(verifier_for, keys), place)

    def cosigned(self, checkpoint: SignedCheckpoint, place: str = "checkpoint") -> dict[str, int]:
        """Which known witnesses cosigned, and when. Raises SignatureRefusal for a cosignature that fails."""
        names = {(w.key.name, w.key.key_id): w.name for w in self.witnesses}
        signed = [s for s in checkpoint.note.signatures if (s.name, s.key_id) in names]
        if not signed:
            return {}
        valid = verify_note(checkpoint.note, (Cosigner(w.key) for w in self.witnesses), place)
        return {names[s.name, s.key_id]: cosigned_at(s.value, s.name)[0] for s in valid}

    def is_met_by(self, witnesses: Set[str]) -> bool:
        """Whether these witnesses, by the policy's names, would make its quorum."""
        return self._met(self.quorum, witnesses)

    def _met(self, name: str, witnessed: Set[str]) -> bool:
        if name == NO_QUORUM:
            return True
        group = next((group for group in self.groups if group.name == name), None)
        if group is None:
            return name in witnessed
        return sum(self._met(member, witnessed) for member in group.members) >= group.threshold

    def _wanted(self) -> str:
        group = next((group for group in self.groups if group.name == self.quorum), None)
        if group is None:
            return f"cosignatura de {self.quorum}"
        return f"{group.threshold} de {', '.join(group.members)}"
