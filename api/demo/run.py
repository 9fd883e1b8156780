"""A whole consultation in the order of the guide, from the key ceremony to the verdict: in this process, or
through the service."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from api.demo.apoyo.plan import ApoyoPlan
from api.demo.apoyo.rehearsal import ApoyoSummary
from api.demo.apoyo.run import rehearse_apoyo
from api.demo.ceremony import hold_ceremony
from api.demo.counting import abridged
from api.demo.log import ConsultationLog
from api.demo.opening import hold_opening, hold_sums
from api.demo.output_folder import reserved
from api.demo.plan import ABSENT, OFFICES, WRONG, Plan
from api.demo.readme import write_readme
from api.demo.screen import Screen
from api.demo.sei.plan import SeiPlan
from api.demo.sei.run import rehearse_sei
from api.demo.sei.summary import SeiSummary
from api.demo.stages import Rehearsal
from api.demo.verdicts import reasons, verify
from api.demo.voting import ZoneReport
from api.demo.witnesses import RehearsalWitnesses
from keys import atomic_file
from keys.ceremony.trustees import Trustees
from tally.acta_results import Results
from tally.consultation import Consultation
from tally.mesa.results import Computo
from tally.receiving import Opening, Verdict
from tally.small_urns_receiving import SumOpening

TIMES = "tiempos.json"
"""Seconds of each stage, and of each trustee's step under TRUSTEES."""
TRUSTEES = "personas custodias"


@dataclass(frozen=True)
class Summary:
    """How a rehearsal ended. `verdict`: the document that the verifier prints."""

    consultation: Consultation
    results: Results
    report: ZoneReport
    verdict: dict[str, Any]
    exit_code: int
    computo: Computo
    apoyo: ApoyoSummary | None = None


def run(plan: Plan, screen: Screen, apoyo: ApoyoPlan | None = None) -> Summary:
    """Everything, and then a process of apoyo ciudadano where one is planned.

    Raises Refusal, StoreError or UnexpectedOutcome when anything goes another way.
    """
    with reserved(plan.output, screen, TIMES):
        summary = _rehearse(plan, screen)
        if apoyo is not None:
            summary = replace(summary, apoyo=rehearse_apoyo(apoyo, screen, plan.randomness("apoyo")))
        _finish(plan, screen)
        return summary


@dataclass(frozen=True)
class ServiceSummary:
    """How a rehearsal through the service ended."""

    sei: SeiSummary
    apoyo: ApoyoSummary | None = None


def run_service(plan: SeiPlan, screen: Screen, apoyo: ApoyoPlan | None = None) -> ServiceSummary:
    """The consultation through the service over HTTP, and then what `run` adds. Raises what it does."""
    with reserved(plan.base.output, screen, TIMES):
        summary = ServiceSummary(rehearse_sei(plan, screen))
        if apoyo is not None:
            random = plan.base.randomness("apoyo")
            summary = replace(summary, apoyo=rehearse_apoyo(apoyo, screen, random))
        _finish(plan.base, screen)
        return summary


def _rehearse(plan: Plan, screen: Screen) -> Summary:
    with screen.stage("Ceremonia de llaves: 7 personas custodias, umbral 5") as progress:
        trustees = hold_ceremony(plan, progress)
    screen.fact("Nadie tuvo nunca la llave completa; el ensayo de apertura recuperó el número de prueba")
    with ConsultationLog(plan, RehearsalWitnesses(plan)) as log:
        rehearsal = Rehearsal(plan, screen, log)
        consultation, report = rehearsal.vote(trustees, OFFICES)
        opening = _open(rehearsal, consultation, trustees)
        results = rehearsal.publish(consultation, opening, report.listados)
        day = rehearsal.count_mesas(consultation)
        sums = _open_sums(rehearsal, consultation, trustees) if day.waiting else None
        computo = rehearsal.publish_mesas(consultation, sums, day)
    with screen.stage("Verificación por un programa independiente: certeza-verify"):
        verdict, code = verify("consulta", str(plan.public))
    for why in reasons(verdict):
        screen.refusal(why)
    return Summary(consultation, results, report, verdict, code, computo)


def _finish(plan: Plan, screen: Screen) -> None:
    """What explains the folder, and last the times: who finds them knows that the rehearsal is whole."""
    write_readme(plan.output, plan.public)
    times = {**screen.seconds, TRUSTEES: screen.trustee_seconds}
    atomic_file.replace(plan.output / TIMES, json.dumps(times, ensure_ascii=False, indent=1).encode() + b"\n")


def _open(rehearsal: Rehearsal, consultation: Consultation, trustees: Trustees) -> Opening:
    plan, screen = rehearsal.plan, rehearsal.screen
    with screen.stage("Apertura y Cómputo de la Urna Virtual") as progress:
        opening = hold_opening(
            plan, consultation, trustees, progress, lambda v, seconds: _tell_timed_share(screen, v, seconds)
        )
        rehearsal.log.follow(consultation, progress)
    screen.refusal(f"{OFFICES[ABSENT - 1]} (custodio {ABSENT}) no asistió: no hizo falta")
    return opening


def _open_sums(rehearsal: Rehearsal, consultation: Consultation, trustees: Trustees) -> SumOpening:
    """The second act of the trustees."""
    plan, screen = rehearsal.plan, rehearsal.screen
    with screen.stage("Apertura de las sumas de urnas pequeñas con sus Mesas") as progress:
        return hold_sums(plan, consultation, trustees, progress, lambda v, _seconds: _tell_share(screen, v))


def _tell_timed_share(screen: Screen, verdict: Verdict, seconds: float) -> None:
    screen.trustee_seconds.append(seconds)
    _tell_share(screen, verdict)


def _tell_share(screen: Screen, verdict: Verdict) -> None:
    who = f"{OFFICES[verdict.trustee - 1]} (custodio {verdict.trustee})"
    if verdict.accepted:
        screen.fact(f"{who}: verificó el registro público y su aportación es correcta")
    else:
        expected = " (así debe ser: la entregó alterada)" if verdict.trustee == WRONG else ""
        screen.refusal(f"{who}: aportación rechazada{expected}. {abridged(verdict.reason or '')}")
