"""A rehearsal with real people as trustees: the votes are invented, the keys are those of their own ceremony.

It stops after the closing, because nobody here can open anything, and goes on with the files that enough of
them hand in; and once more before the sums of small urns with their Mesas. In between lies a folder whose
private file holds the seed that everything else was made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from api.demo.counting import abridged
from api.demo.log import ConsultationLog
from api.demo.mesas import day_of
from api.demo.plan import Plan
from api.demo.screen import Screen
from api.demo.stages import Rehearsal
from api.demo.verdicts import reasons, verify
from api.demo.witnesses import RehearsalWitnesses
from keys import atomic_file, canonical
from keys.ceremony.folder import RESULT, CeremonyFolder
from keys.ceremony.trustees import verify_trustees
from keys.errors import FormatRefusal
from keys.randomness import SystemRandomness
from tally.acta_results import Results
from tally.consultation import Consultation
from tally.public_folder import PublicFolder
from tally.receiving import Opening
from tally.small_urns_receiving import SumOpening

STATE = "simulacro.json"
VERSION = 1
_FIELDS = ("grupo", "listados", "semilla", "version")
_COORDINATOR = "quien coordina, con «certeza ceremonia avanzar»"


@dataclass(frozen=True, slots=True)
class State:
    """What the second part needs of the first: the seed, and who opined in each UT."""

    group: str
    seed: str
    listados: dict[str, list[str]]

    def encode(self) -> bytes:
        """Canonical JSON."""
        fields = {"grupo": self.group, "listados": self.listados, "semilla": self.seed, "version": VERSION}
        return canonical.encode_sorted(fields)

    @classmethod
    def read(cls, path: Path) -> State:
        """Raises FormatRefusal, or OSError when there is none."""
        data, place = path.read_bytes(), str(path)
        fields = canonical.record(canonical.parse(data, place), place, _FIELDS)
        if fields["version"] != VERSION or not isinstance(fields["listados"], dict):
            raise FormatRefusal("simulacro.version", place, f"versión {VERSION}", fields["version"])
        made = cls(
            canonical.string(fields["grupo"], f"{place}.grupo"),
            canonical.string(fields["semilla"], f"{place}.semilla"),
            {
                clave: _names(names, f"{place}.listados.{clave}")
                for clave, names in fields["listados"].items()
            },
        )
        canonical.require_same(data, made.encode().decode(), place)
        return made


def _names(value: Any, place: str) -> list[str]:
    return list(canonical.items(value, place, canonical.string))


@dataclass(frozen=True)
class Verdict:
    """How a part ended. `document`: what the verifier says; `waiting`: sums that are still to be opened."""

    results: Results
    document: dict[str, Any]
    exit_code: int
    waiting: int = 0


def prepare(plan: Plan, ceremony: CeremonyFolder, screen: Screen) -> Consultation:
    """From the trustees of a ceremony to urns that are closed and sealed.

    `plan.output` must be empty: a simulacro that waits for its trustees is never replaced.
    """
    announcement = ceremony.announcement()
    plan = replace(plan, group=announcement.terms.group, seed=plan.seed or _fresh_seed())
    trustees = verify_trustees(announcement.group(), ceremony.require(RESULT, _COORDINATOR))
    _require_empty(plan.output)
    with ConsultationLog(plan, RehearsalWitnesses(plan)) as log:
        consultation, report = Rehearsal(plan, screen, log).vote(trustees, announcement.names)
    state = State(plan.group, plan.seed or "", report.listados)
    atomic_file.replace(plan.output / STATE, state.encode(), atomic_file.PRIVATE)
    return consultation


def open_urns(plan: Plan, files: Sequence[Path], screen: Screen) -> Verdict:
    """Check the trustees' files and, with enough right ones, open, publish and verify.

    Raises OpeningRefusal below the threshold; then nothing was written. Doing it again changes nothing.
    """
    plan, state = _resumed(plan)
    consultation = PublicFolder(plan.public).consultation()
    with ConsultationLog(plan, RehearsalWitnesses(plan)) as log:
        opening = _opened(plan, consultation, files, screen)
        rehearsal = Rehearsal(plan, screen, log)
        log.follow(consultation, lambda done, total: None)
        results = rehearsal.publish(consultation, opening, state.listados)
        day = rehearsal.count_mesas(consultation)
        if not day.waiting:
            rehearsal.publish_mesas(consultation, None, day)
    return _judged(plan, results, screen, day.waiting)


def open_sums(plan: Plan, files: Sequence[Path], screen: Screen) -> Verdict:
    """Check the trustees' files of the sums and, with enough right ones, open them, publish and verify.

    Raises OpeningRefusal below the threshold; then nothing was written. Doing it again changes nothing.
    """
    plan, _ = _resumed(plan)
    public = PublicFolder(plan.public)
    consultation = public.consultation()
    results = Results.from_bytes(public.read(public.root / "resultados.json"))
    with ConsultationLog(plan, RehearsalWitnesses(plan)) as log:
        opening = SumOpening(public, consultation, plan.arithmetic)
        _receive(opening, plan, files, screen)
        rehearsal = Rehearsal(plan, screen, log)
        rehearsal.publish_mesas(consultation, opening, day_of(plan, consultation))
    return _judged(plan, results, screen)


def _resumed(plan: Plan) -> tuple[Plan, State]:
    """The plan of the first part, and what it left."""
    state = State.read(plan.output / STATE)
    return replace(plan, group=state.group, seed=state.seed), state


def _judged(plan: Plan, results: Results, screen: Screen, waiting: int = 0) -> Verdict:
    with screen.stage("Verificación por un programa independiente: certeza-verify"):
        document, code = verify("consulta", str(plan.public))
    for why in reasons(document):
        screen.refusal(why)
    return Verdict(results, document, code, waiting)


def _opened(plan: Plan, consultation: Consultation, files: Sequence[Path], screen: Screen) -> Opening:
    opening = Opening(PublicFolder(plan.public), consultation, plan.arithmetic)
    _receive(opening, plan, files, screen)
    return opening


def _receive(opening: Opening, plan: Plan, files: Sequence[Path], screen: Screen) -> None:
    """Every file gets its verdict, and what the right ones open is opened."""
    consultation = opening.consultation
    moment = plan.sums_at if isinstance(opening, SumOpening) else plan.opened_at
    with screen.stage("Aportaciones de las personas custodias") as progress:
        for done, file in enumerate(files, start=1):
            opening.receive(file, moment)
            progress(done, len(files))
    told = len(opening.verdicts)
    _tell(opening, consultation, screen, range(told))
    before = list(opening.owners)
    with screen.stage("Apertura y Cómputo de la Urna Virtual") as progress:
        opening.open_all(plan.processes, progress)
    set_aside = [n for n, v in enumerate(opening.verdicts) if not v.accepted and v.trustee in before]
    _tell(opening, consultation, screen, set_aside)


def _tell(opening: Opening, consultation: Consultation, screen: Screen, which: Sequence[int]) -> None:
    for number in which:
        verdict = opening.verdicts[number]
        names = [name for name, _ in consultation.custodios]
        known = 1 <= verdict.trustee <= len(names)
        who = f"{verdict.trustee}. {names[verdict.trustee - 1]}" if known else "Archivo que no es de nadie"
        if verdict.accepted:
            screen.fact(f"{who}: su aportación es correcta")
        else:
            screen.refusal(f"{who}: aportación rechazada. {abridged(verdict.reason or '')}")


def _fresh_seed() -> str:
    return f"{SystemRandomness().below(1 << 256):064x}"


def _require_empty(output: Path) -> None:
    if output.exists() and any(output.iterdir()):
        raise FormatRefusal("simulacro.salida", str(output), "una carpeta nueva o vacía", "otra cosa")
    output.mkdir(parents=True, exist_ok=True)
