"""`certeza-verify consulta DIR`: the whole public folder of a consultation (docs/formats.md; VER-03)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from certeza_verifier import actas, groups
from certeza_verifier.consulta import Consultation, Unit, parse_consulta
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.escrutinio import Escrutinio
from certeza_verifier.folder_log import POLICY, check_log
from certeza_verifier.limits import LIMITS
from certeza_verifier.log_audit import FILE
from certeza_verifier.messages.common import write_signed
from certeza_verifier.messages.election import Election
from certeza_verifier.messages.trustees import Pedersen, parse_trustees
from certeza_verifier.profile import OURS
from certeza_verifier.report import Finding, Report, UrnReport
from certeza_verifier.small_urns_folder import SmallUrns
from certeza_verifier.system import reason
from certeza_verifier.tlog.reader import CHECKPOINT
from certeza_verifier.trustees import Board, verify_trustees
from certeza_verifier.urn import Options
from certeza_verifier.work import Task

T = TypeVar("T")
Verify = Callable[[Sequence[Task]], list[UrnReport]]

# Stage of the consultation from the stage of its least and most advanced urns.
_STAGES = {
    "instalada": "urnas instaladas, sin boletas",
    "con-boletas": "opinión en curso",
    "cerrada": "opinión cerrada, sin sumas cifradas",
    "sumada": "sumas cifradas publicadas, en espera de la apertura",
    "en-apertura": "apertura en curso",
    "con-resultado": "urnas abiertas, sin actas",
}


class FolderCheck:
    """Verifies a public folder; `verify` runs the archives."""

    def __init__(self, root: Path, arithmetic: str, verify: Verify) -> None:
        self._root = root
        self._arithmetic = arithmetic
        self._verify = verify
        self.report = Report("consulta")
        self._board: Board | None = None

    def run(self) -> Report:
        """The report. Raises NotJudged when there is no consultation to speak of."""
        if not (self._root / "consulta.json").is_file():
            raise NotJudged(
                f"En {self._root} no hay consulta.json: no es la carpeta pública de una consulta."
            )
        consultation = self._attempt("consulta.json", lambda: parse_consulta(self._read("consulta.json")))
        if consultation is None:
            return self.report
        self.report.done["documentos"] += 1
        self._attempt("trustees.json", lambda: self._trustees(consultation))
        self._files(consultation)
        present = [unit for unit in consultation.urns if (self._root / unit.file).is_file()]
        self.report.urns = self._verify([self._task(unit) for unit in present])
        for unit, urn in zip(present, self.report.urns, strict=True):
            self._urn(unit, urn, consultation)
        self.report.done["urnas"] += len(present)
        urns = dict(zip([unit.clave for unit in present], self.report.urns, strict=True))
        small = self._small(consultation, urns)
        self._opening(consultation, urns)
        self._sums(small)
        self._escrutinio(consultation, urns, small)
        check_log(self._root, consultation, urns, self.report, opened=self._opened)
        return self.report

    # --- small tools ---

    def _attempt(self, file: str, action: Callable[[], T], ut: str | None = None) -> T | None:
        try:
            return action()
        except Failure as failure:
            self._fail(file, [failure], ut)
            return None

    def _fail(self, file: str, failures: Iterable[Failure], ut: str | None = None) -> None:
        self.report.findings += [Finding.of(failure, file, ut=ut) for failure in failures]

    def _read(self, name: str) -> bytes:
        path = self._root / name
        try:
            if path.stat().st_size > LIMITS.document:
                raise Failure(
                    "archivo-tamano", name, f"{LIMITS.document} bytes como máximo", path.stat().st_size
                )
            return path.read_bytes()
        except OSError as error:
            raise NotJudged(f"No se pudo leer {name}: {reason(error)}") from None

    def _task(self, unit: Unit) -> Task:
        options = Options(OURS, self._arithmetic, ut=unit.clave)
        return Task(self._root / unit.file, unit.file, options)

    # --- what is fixed before the opening ---

    def _trustees(self, consultation: Consultation) -> None:
        if not (self._root / "trustees.json").is_file():
            raise Failure("carpeta-falta", "trustees.json")
        data = self._read("trustees.json")
        digest = hashlib.sha256(data).hexdigest()
        if digest != consultation.trustees:
            raise Failure("consulta-custodios", "trustees", consultation.trustees, digest)
        group = groups.group(consultation.group, self._arithmetic)
        board = verify_trustees(data, group)
        OURS.check_board(board)
        if board.public_key != consultation.public_key:
            raise Failure("consulta-llave", "llave_publica", board.public_key, consultation.public_key)
        if board.items[0].threshold != consultation.threshold:
            raise Failure("consulta-umbral", "umbral", board.items[0].threshold, consultation.threshold)
        self._board = board
        self._custodians(consultation, data, group.order)
        self.report.done["documentos"] += 1

    def _custodians(self, consultation: Consultation, data: bytes, order: int) -> None:
        item = parse_trustees(data, order)[0]
        certs = item.certs if isinstance(item, Pedersen) else []
        expected = [hashlib.sha256(write_signed(cert).encode()).hexdigest() for cert in certs]
        got = [custodian.fingerprint for custodian in consultation.custodians]
        if len(expected) != len(got):
            raise Failure("consulta-custodios", "custodios", len(expected), len(got))
        for i, (left, right) in enumerate(zip(expected, got, strict=True)):
            if left != right:
                raise Failure("consulta-custodios", f"custodios[{i}].huella", left, right)

    def _files(self, consultation: Consultation) -> None:
        wanted = {Path(unit.file).name for unit in consultation.urns}
        self._compare("urna", wanted, wanted)
        self._compare(FILE, {CHECKPOINT, POLICY}, {CHECKPOINT, POLICY, "tile"})

    def _compare(self, folder: str, wanted: set[str], allowed: set[str]) -> None:
        path = self._root / folder
        entries = list(path.iterdir()) if path.is_dir() else []
        # A folder with the name of a file is not that file: what is skipped later for want of it is told now.
        missing = wanted - {entry.name for entry in entries if entry.is_file()}
        extra = {entry.name for entry in entries} - allowed
        self._fail(folder, [Failure("carpeta-falta", f"{folder}/{name}") for name in sorted(missing)])
        self._fail(folder, [Failure("carpeta-sobra", f"{folder}/{name}") for name in sorted(extra)])

    def _urn(self, unit: Unit, urn: UrnReport, consultation: Consultation) -> None:
        facts = urn.facts
        if facts.election is not None:
            self._fail(unit.file, _election(facts.election, unit, consultation), unit.clave)
        if facts.trustees is not None and facts.trustees != consultation.trustees:
            failure = Failure("urna-custodios", "setup_data.trustees", consultation.trustees, facts.trustees)
            self._fail(unit.file, [failure], unit.clave)
        if facts.setup is not None and facts.setup != unit.setup:
            self._fail(unit.file, [Failure("urna-setup", "Setup", unit.setup, facts.setup)], unit.clave)

    # --- small urns ---

    def _small(self, consultation: Consultation, urns: dict[str, UrnReport]) -> SmallUrns:
        return SmallUrns(self._root, consultation, urns, self._read, self._fail, self._arithmetic)

    def _sums(self, small: SmallUrns) -> None:
        wanted = small.check(self.report, self._board)
        for folder, allowed in small.allowed.items():
            self._compare(folder, wanted.get(folder, set()), allowed)

    def _escrutinio(self, consultation: Consultation, urns: dict[str, UrnReport], small: SmallUrns) -> None:
        found = Escrutinio(self._root, consultation, urns, small.mesas, small.results)
        if found.present:
            names = {f"{unit.clave}.json" for unit in consultation.urns}
            printed = {f"{unit.clave}.pdf" for unit in consultation.urns}
            self._compare("escrutinio", names, names | printed)
            found.check(self._read, self._fail, self.report)

    # --- the opening ---

    @property
    def _opened(self) -> bool:
        folder = self._root / "actas"
        return (self._root / "resultados.json").exists() or (folder.is_dir() and any(folder.iterdir()))

    def _opening(self, consultation: Consultation, urns: dict[str, UrnReport]) -> None:
        folder = self._root / "actas"
        if not self._opened:
            self.report.stage = _stage(urns.values())
            return
        self.report.stage = "abierta, con actas"
        names = {f"{unit.clave}.json" for unit in consultation.urns} | {"apertura.json"}
        # Where every sum stays closed there was a second opening all the same, or there was none.
        second = {"apertura-sumas.json"}
        names |= second if (self._root / "sumas-abiertas").is_dir() else set()
        printed = {f"{unit.clave}.pdf" for unit in consultation.urns} | {"apertura.pdf"}
        printed |= second if (self._root / "sumas").is_dir() else set()
        self._compare("actas", names, names | printed)
        opening = self._attempt("actas/apertura.json", lambda: self._opening_act(consultation))
        done = [self._acta(unit, urns.get(unit.clave), consultation, opening) for unit in consultation.urns]
        missing = [unit for unit in consultation.urns if not (folder / f"{unit.clave}.pdf").is_file()]
        if missing:
            self.report.notes.append(
                f"Nota: faltan {len(missing)} actas en PDF; su contenido es el de los JSON."
            )
        self._totals(consultation, done)

    def _opening_act(self, consultation: Consultation) -> actas.Opening | None:
        if not (self._root / "actas/apertura.json").is_file():
            return None
        opening, failures = actas.check_opening(self._read("actas/apertura.json"), consultation)
        self._fail("actas/apertura.json", failures)
        self.report.done["documentos"] += 1
        return opening

    def _acta(
        self, unit: Unit, urn: UrnReport | None, consultation: Consultation, opening: actas.Opening | None
    ) -> actas.Acta | None:
        """None when there is nothing to compare: the urn or the acta is missing, or the urn has no sound
        result.
        """
        name = f"actas/{unit.clave}.json"
        if urn is None or not (self._root / name).is_file():
            return None
        small = actas.is_small(urn.ballots, consultation.k)
        due = "sumada" if small else "con-resultado"
        if urn.stage != due:
            self._fail(name, [Failure("urna-etapa", unit.file, due, urn.stage)], unit.clave)
            return None
        if not small and (not urn.facts.result or len(urn.facts.result[0]) != len(unit.projects) + 1):
            return None  # the urn's own report, or the comparison with consulta.json, says why
        return self._attempt(name, lambda: self._compared(name, unit, urn, consultation, opening), unit.clave)

    def _compared(
        self,
        name: str,
        unit: Unit,
        urn: UrnReport,
        consultation: Consultation,
        opening: actas.Opening | None,
    ) -> actas.Acta:
        data = self._read(name)
        digest = hashlib.sha256(data).hexdigest()
        acta, failures = actas.check_acta(data, digest, unit, urn, consultation, opening)
        self._fail(name, failures, unit.clave)
        self.report.done["actas"] += 1
        return acta

    def _totals(self, consultation: Consultation, done: list[actas.Acta | None]) -> None:
        file = "resultados.json"
        if not (self._root / file).is_file():
            self._fail(file, [Failure("carpeta-falta", file)])
            return
        whole = [acta for acta in done if acta is not None]
        if len(whole) != len(done):
            self.report.notes.append(
                "Nota: resultados.json no se comparó, porque faltan urnas o actas sanas."
            )
            return
        failures = self._attempt(file, lambda: actas.check_totals(self._read(file), whole, consultation))
        self._fail(file, failures or [])
        self.report.done["documentos"] += 1


def _election(election: Election, unit: Unit, consultation: Consultation) -> list[Failure]:
    """The fields of an urn's election that consulta.json determines."""
    question = election.questions[0] if election.questions else None
    pairs = [
        ("name", f"{unit.clave} {unit.name}", election.name),
        ("description", consultation.name, election.description),
        ("group", consultation.group, election.group),
        ("public_key", consultation.public_key, election.public_key),
        ("uuid", unit.uuid, election.uuid),
        ("question", f"¿Qué proyecto prefiere para {unit.name}?", question.text if question else None),
        ("answers", unit.projects, question.answers if question else None),
    ]
    return [
        Failure("urna-eleccion", f"election.{name}", left, right)
        for name, left, right in pairs
        if left != right
    ]


def _stage(urns: Iterable[UrnReport]) -> str:
    """One stage, or how many urns are in each."""
    counts = Counter(urn.stage for urn in urns)
    names = [stage for stage in _STAGES if stage in counts]
    if len(names) == 1:
        return _STAGES[names[0]]
    if set(names) == {"instalada", "con-boletas"}:
        return _STAGES["con-boletas"]
    return ", ".join([f"{counts[stage]} urnas en «{_STAGES[stage]}»" for stage in names]) or "sin urnas"
