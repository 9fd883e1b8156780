"""Every event and every act is in the log, once and in its place, and nothing else is (VER-02)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from certeza_verifier.consulta import Consultation
from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS
from certeza_verifier.log_entries import ActEntry, UrnEntry, parse_entry
from certeza_verifier.report import Finding, UrnReport
from certeza_verifier.tlog import merkle

FILE = "log"
CONSULTA = "consulta"


@dataclass(frozen=True, slots=True)
class Document:
    """What an act is about: its file, and the SHA-256 of it (None: not there). `due`: whether an act of this
    kind may be in the log at this stage.
    """

    file: str
    digest: str | None
    due: bool


class LogAudit:
    """Takes the entries one by one; `finish` says what was missing."""

    def __init__(
        self, consultation: Consultation, urns: Mapping[str, UrnReport], documents: Mapping[str, Document]
    ) -> None:
        self._claves = {unit.uuid: unit.clave for unit in consultation.urns}
        self._urns = {unit.uuid: urns[unit.clave] for unit in consultation.urns if unit.clave in urns}
        self._documents = documents
        self._next = dict.fromkeys(self._claves, 0)
        self._acts: dict[str, int] = {}
        self._first_ballot: int | None = None
        self.findings: list[Finding] = []
        self.done: Counter[str] = Counter()

    def entry(self, index: int, data: bytes) -> None:
        """One entry of the log."""
        place = f"entrada {index}"
        try:
            parsed = parse_entry(data, place)
        except Failure as failure:
            self._fail(failure)
            return
        if isinstance(parsed, UrnEntry):
            self._event(parsed, index, place)
        elif isinstance(parsed, ActEntry):
            self._act(parsed, index, place)
        else:
            self.done["apoyos"] += 1

    def finish(self) -> None:
        """What should be in the log and is not."""
        for uuid, urn in self._urns.items():
            reached, known = self._next[uuid], len(urn.facts.events) // merkle.SIZE
            if reached < known:
                last = "" if known == reached + 1 else f" a {known - 1}"
                place = f"{urn.file}, eventos {reached}{last}"
                got = f"{reached} eventos en la bitácora"
                self._fail(Failure("registro-falta", place, f"{known} eventos", got), uuid, reached)
        for kind, document in self._documents.items():
            if document.digest is not None and kind not in self._acts:
                self._fail(Failure("acto-falta", document.file, f"acto {kind}", "ninguno"))
        self._order("mesas", "apertura")  # who may count is fixed before anything is opened
        at, first = self._acts.get(CONSULTA), self._first_ballot
        if at is not None and first is not None and first < at:
            self._fail(
                Failure("acto-orden", f"entrada {at}", "antes de la primera boleta", f"entrada {first}")
            )

    def _order(self, earlier: str, later: str) -> None:
        """Where both acts are, one is before the other."""
        before, after = self._acts.get(earlier), self._acts.get(later)
        if before is not None and after is not None and after < before:
            place, got = f"entrada {before}", f"entrada {after}"
            self._fail(Failure("acto-orden", place, f"{earlier} antes de {later}", got))

    def _fail(self, failure: Failure, uuid: str = "", height: int | None = None) -> None:
        if len(self.findings) < LIMITS.findings:
            self.findings.append(Finding.of(failure, FILE, ut=self._claves.get(uuid), height=height))

    def _event(self, entry: UrnEntry, index: int, place: str) -> None:
        expected = self._next.get(entry.uuid)
        if expected is None:
            self._fail(Failure("registro-urna", place, "una urna de la consulta", entry.uuid))
            return
        if entry.height and self._first_ballot is None:
            self._first_ballot = index
        self.done["eventos-registrados"] += 1
        if entry.height != expected:
            failure = Failure("registro-orden", place, f"altura {expected}", f"altura {entry.height}")
            self._fail(failure, entry.uuid, entry.height)
        self._next[entry.uuid] = max(expected, entry.height + 1)
        if entry.uuid in self._urns:
            self._same(entry, self._urns[entry.uuid], place)

    def _same(self, entry: UrnEntry, urn: UrnReport, place: str) -> None:
        start = entry.height * merkle.SIZE
        known = urn.facts.events[start : start + merkle.SIZE].hex()
        if known == entry.digest or (not known and not urn.facts.whole):
            return  # of an archive that broke before that event, the urn's own report speaks
        if known:
            failure = Failure("registro-hash", f"{place}, {urn.file}", known, entry.digest)
        else:
            failure = Failure("registro-sobra", f"{place}, {urn.file}", f"{urn.events} eventos", entry.height)
        self._fail(failure, entry.uuid, entry.height)

    def _act(self, entry: ActEntry, index: int, place: str) -> None:
        document = self._documents.get(entry.kind)
        if document is None:
            self._fail(Failure("acto-desconocido", place, "un acto de la consulta", entry.kind))
            return
        if entry.kind in self._acts:
            got = f"también en la entrada {self._acts[entry.kind]}"
            self._fail(Failure("acto-repetido", place, f"un solo acto {entry.kind}", got))
            return
        self._acts[entry.kind] = index
        self.done["actos"] += 1
        if not document.due and document.digest is None:
            self._fail(Failure("acto-sobra", place, document.file, "ningún documento"))
        elif document.digest is not None and document.digest != entry.digest:
            where = f"{place}, {document.file}"
            self._fail(Failure("acto-hash", where, entry.digest, document.digest))
