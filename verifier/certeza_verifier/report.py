"""What a verification found: plain values, the same for people and for machines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from certeza_verifier import rules
from certeza_verifier.errors import Failure
from certeza_verifier.messages.common import Ciphertext
from certeza_verifier.messages.election import Election

ACCEPTED, REJECTED, NOT_JUDGED = "aceptado", "rechazado", "no-juzgado"
EXIT = {ACCEPTED: 0, REJECTED: 1, NOT_JUDGED: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule and its place. `height` counts events from 0 (Setup); a ballot's is its number."""

    rule: str
    file: str
    place: str = ""
    expected: str | None = None
    got: str | None = None
    ut: str | None = None
    height: int | None = None
    tracker: str | None = None

    @staticmethod
    def of(failure: Failure, file: str, **where: Any) -> Finding:
        """The finding of a failure in `file`; `where`: ut, height, tracker."""
        return Finding(failure.rule, file, failure.place, failure.expected, failure.got, **where)

    @property
    def message(self) -> str:
        """Rule, place, expected and got in one Spanish sentence."""
        parts = [rules.text(self.rule)]
        if self.place:
            parts.append(f"Lugar: {self.place}.")
        if self.expected is not None:
            parts.append(f"Se esperaba: {self.expected}.")
        if self.got is not None:
            parts.append(f"Se encontró: {self.got}.")
        return " ".join(parts)

    def as_json(self) -> dict[str, Any]:
        """Stable field names of the machine report."""
        return {
            "regla": self.rule,
            "archivo": self.file,
            "ut": self.ut,
            "evento": self.height,
            "boleta": self.tracker,
            "lugar": self.place,
            "esperado": self.expected,
            "obtenido": self.got,
            "mensaje": self.message,
        }


class BallotLine(NamedTuple):
    """A ballot in the list that a citizen looks through."""

    height: int
    tracker: str
    credential: str


@dataclass(slots=True)
class Facts:
    """What a consultation compares with its documents. Hashes are those of events or of data members.

    `events` are the hashes of all events in order, 32 bytes each; `whole` says that the archive was read to
    its end, so that there are no more. `tally` is the encrypted tally of the first question.
    """

    election: Election | None = None
    trustees: str | None = None
    setup: str | None = None
    closing: str | None = None
    last: str | None = None
    election_digest: str | None = None
    tally: list[Ciphertext] | None = None
    tally_digest: str | None = None
    threshold: int | None = None
    owners: tuple[int, ...] = ()
    result: list[list[int]] | None = None
    events: bytes = b""
    whole: bool = False


@dataclass(slots=True)
class UrnReport:
    """One archive. `done` counts what was checked, `skipped` says what could not be and why."""

    file: str
    ut: str | None = None
    stage: str = "vacia"
    events: int = 0
    ballots: int = 0
    length: int = 0
    digest: str | None = None
    findings: list[Finding] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    lines: list[BallotLine] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    not_judged: str | None = None

    @property
    def verdict(self) -> str:
        """A broken rule weighs more than what could not be judged."""
        if self.findings:
            return REJECTED
        return NOT_JUDGED if self.not_judged else ACCEPTED

    def as_json(self) -> dict[str, Any]:
        """Stable field names of the machine report."""
        election = self.facts.election
        return {
            "archivo": self.file,
            "veredicto": self.verdict,
            "uuid": election.uuid if election else None,
            "nombre": election.name if election else None,
            "clave": self.ut,
            "etapa": self.stage,
            "eventos": self.events,
            "boletas": self.ballots,
            "resultado": self.facts.result,
            "comprobado": dict(sorted(self.done.items())),
            "sin_comprobar": self.skipped,
            "motivo": self.not_judged,
            "lista": [{"evento": n, "comprobante": t, "credencial": c} for n, t, c in self.lines],
            "fallas": [finding.as_json() for finding in self.findings],
        }


@dataclass(slots=True)
class Report:
    """The whole run of a command."""

    command: str
    urns: list[UrnReport] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    stage: str | None = None
    notes: list[str] = field(default_factory=list)
    not_judged: str | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def all_findings(self) -> list[Finding]:
        """Findings of the documents, then those of each archive."""
        return self.findings + [finding for urn in self.urns for finding in urn.findings]

    @property
    def verdict(self) -> str:
        """See UrnReport.verdict."""
        if self.all_findings:
            return REJECTED
        if self.not_judged or any(urn.not_judged for urn in self.urns):
            return NOT_JUDGED
        return ACCEPTED

    @property
    def counts(self) -> dict[str, int]:
        """What was checked, over all archives."""
        return dict(sorted(sum((urn.done for urn in self.urns), self.done.copy()).items()))

    def as_json(self) -> dict[str, Any]:
        """The document of --json."""
        return {
            "veredicto": self.verdict,
            "orden": self.command,
            "etapa": self.stage,
            "motivo": self.not_judged,
            "notas": self.notes,
            "comprobado": self.counts,
            "archivos": [urn.as_json() for urn in self.urns],
            "fallas": [finding.as_json() for finding in self.all_findings],
            **({"detalle": self.details} if self.details else {}),
        }
