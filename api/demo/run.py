"""A whole consultation in the order of the guide, from the key ceremony to the verdict."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.demo import actas
from api.demo.acuses import Reception, receive_records
from api.demo.ceremony import hold_ceremony
from api.demo.log import ConsultationLog
from api.demo.opening import hold_opening
from api.demo.people import Conduct, Person, apportion, people_of, unidades_of
from api.demo.plan import ABSENT, OFFICES, WRONG, Plan
from api.demo.screen import Screen
from api.demo.urns import close_all, set_up
from api.demo.verdicts import verify, verify_reception
from api.demo.voting import ZoneReport, hold_opinion, receipts_file
from api.demo.witnesses import RehearsalWitnesses
from keys.ceremony.trustees import Trustees
from keys.errors import FormatRefusal
from tally import journal
from tally.acta_results import Results
from tally.casting import EMPTY_URNA_LEGEND, SUCCESS_LEGEND
from tally.consultation import Consultation
from tally.public_folder import PublicFolder
from tally.receiving import Verdict

TIMES = "tiempos.json"
"""Seconds of each stage, and of each trustee's step under TRUSTEES."""
TRUSTEES = "personas custodias"
MARK = ".ensayo-certeza"
"""A file that says that a folder was made by a rehearsal, so that another may replace it."""


@dataclass(frozen=True)
class Summary:
    """How a rehearsal ended. `verdict`: the document that the verifier prints."""

    consultation: Consultation
    results: Results
    report: ZoneReport
    verdict: dict[str, Any]
    exit_code: int


def run(plan: Plan, screen: Screen) -> Summary:
    """Everything. Raises Refusal, StoreError or UnexpectedOutcome when anything goes another way."""
    _clear(plan.output)
    with screen.stage("Ceremonia de llaves: 7 personas custodias, umbral 5") as progress:
        trustees = hold_ceremony(plan, progress)
    screen.fact("Nadie tuvo nunca la llave completa; el ensayo de apertura recuperó el número de prueba")
    witnesses = RehearsalWitnesses(plan)
    with ConsultationLog(plan, witnesses) as log:
        consultation, people = _set_up(plan, screen, trustees, log)
        report = _hold_opinion(plan, screen, consultation, people, log)
        with screen.stage("Cierre: suma cifrada de cada urna") as progress:
            close_all(plan, consultation, progress)
            log.follow(consultation, progress)
        screen.fact("Todas las urnas cerradas; nadie ha descifrado nada")
        results = _open(plan, screen, consultation, trustees, report, log)
    reception = _receive(plan, screen, witnesses)
    with screen.stage("Verificación por un programa independiente: certeza-verify"):
        verdict, code = verify("consulta", str(plan.public))
        told = verify_reception(reception)
    for line in told:
        screen.fact(line)
    times = {**screen.seconds, TRUSTEES: screen.trustee_seconds}
    (plan.output / TIMES).write_text(json.dumps(times, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return Summary(consultation, results, report, verdict, code)


def _set_up(
    plan: Plan, screen: Screen, trustees: Trustees, log: ConsultationLog
) -> tuple[Consultation, dict[str, list[Person]]]:
    """Urns, credentials and consulta.json; the first entries of the log."""
    unidades = unidades_of(plan.rows, plan.randomness("proyectos"))
    with_urn = {u.clave for u in unidades if u.proyectos}
    counts = apportion([r for r in plan.rows if r.clave in with_urn], plan.people)
    people = people_of(unidades, counts, plan.randomness("personas"))
    with screen.stage("Credenciales y urnas vacías, una por Unidad Territorial") as progress:
        consultation = set_up(plan, unidades, people, trustees, log.reference, progress)
        log.act(journal.CEREMONY, plan.calendar.voting_start, trustees.encode())
        log.act(journal.CONSULTATION, plan.calendar.voting_start, consultation.data)
        log.follow(consultation, progress)
    for empty in [u for u in unidades if not u.proyectos][:3]:
        legend = EMPTY_URNA_LEGEND.format(year=plan.calendar.voting_start.year)
        screen.refusal(f"{empty.clave} {empty.nombre}: «{legend}»")
    issued = sum(len(p) for p in people.values())
    screen.fact(f"{len(consultation.urns)} urnas; {issued} personas con Clave de Opinión")
    return consultation, people


def _hold_opinion(
    plan: Plan,
    screen: Screen,
    consultation: Consultation,
    people: dict[str, list[Person]],
    log: ConsultationLog,
) -> ZoneReport:
    with screen.stage("Opinión por internet: boletas cifradas en cada dispositivo") as progress:
        report = hold_opinion(plan, consultation, people, progress)
        log.follow(consultation, progress)
    receipts_file(plan.output / "ciudadania", report.trackers)
    _tell_opinion(screen, report)
    witnessed = log.attest(plan.calendar.voting_end)
    screen.fact(f"Cada boleta está en la bitácora pública: {log.head.size:,} entradas, {witnessed}")
    return report


def _open(
    plan: Plan,
    screen: Screen,
    consultation: Consultation,
    trustees: Trustees,
    report: ZoneReport,
    log: ConsultationLog,
) -> Results:
    with screen.stage("Apertura y Cómputo de la Urna Virtual") as progress:
        opening = hold_opening(
            plan, consultation, trustees, progress, lambda v, seconds: _tell_share(screen, v, seconds)
        )
        log.follow(consultation, progress)
    screen.refusal(f"{OFFICES[ABSENT - 1]} (custodio {ABSENT}) no asistió: no hizo falta")
    with screen.stage("Actas de cómputo y listados") as progress:
        results = actas.issue(plan, consultation, opening, report, progress)
        _log_documents(plan, results, log)
    screen.fact(
        f"{len(consultation.urns)} actas (JSON y PDF); listados cifrados para cada Dirección Distrital"
    )
    witnessed = log.attest(plan.opened_at)
    screen.fact(
        f"Bitácora pública: {log.head.size:,} entradas, {witnessed}; raíz {log.head.root.hex()[:16]}…"
    )
    return results


def _receive(plan: Plan, screen: Screen, witnesses: RehearsalWitnesses) -> Reception:
    with screen.stage("Apoyo ciudadano: los acuses de otro proceso, en su propia bitácora") as progress:
        reception = receive_records(plan, witnesses, progress)
    screen.fact(
        f"{reception.entries} registros inventados: cada acuse tiene su código de integridad y su prueba; "
        f"{reception.standing}"
    )
    return reception


def _log_documents(plan: Plan, results: Results, log: ConsultationLog) -> None:
    public = PublicFolder(plan.public)
    opening = public.read(public.root / "actas" / "apertura.json")
    log.act(journal.OPENING, plan.opened_at, opening)
    log.acts([(journal.acta_kind(line.clave), line.acta) for line in results.urns], plan.opened_at)
    log.act(journal.RESULTS, plan.opened_at, results.data)


def _clear(output: Path) -> None:
    """Make room for the results: only a folder of an earlier rehearsal is replaced."""
    if output.exists():
        if not (output / MARK).is_file() and any(output.iterdir()):
            raise FormatRefusal(
                "ensayo.salida", str(output), "una carpeta vacía o de otro ensayo", "otra cosa"
            )
        shutil.rmtree(output)
    output.mkdir(parents=True)
    (output / MARK).write_text(
        "Carpeta hecha por «certeza demo»; el siguiente ensayo la reemplaza.\n", "utf-8"
    )


def _tell_opinion(screen: Screen, report: ZoneReport) -> None:
    opined = sum(len(names) for names in report.listados.values())
    did = report.did
    screen.fact(f"«{SUCCESS_LEGEND}»: {opined} opiniones en las urnas, {did[Conduct.BLANK]} «Voto nulo»")
    screen.fact(
        f"{did[Conduct.RETRIES]} reenvíos de la misma boleta: mismo comprobante, ninguna boleta de más"
    )
    screen.fact(f"{did[Conduct.LOSES_CLAVE]} Claves repuestas; {did[Conduct.ABSTAINS]} personas no opinaron")
    names = {
        "urna.credencial_usada": "segundas opiniones en la misma urna",
        "urna.persona": "segundas opiniones en otra Unidad Territorial",
        "calendario.opinion": "envíos antes de la apertura o después del cierre",
        "entrada": "entradas con una Clave repuesta",
    }
    for rule, count in sorted(report.refused.items()):
        screen.refusal(f"{count} {names.get(rule, rule)}: rechazadas [{rule}]")


def _tell_share(screen: Screen, verdict: Verdict, seconds: float) -> None:
    screen.trustee_seconds.append(seconds)
    who = f"{OFFICES[verdict.trustee - 1]} (custodio {verdict.trustee})"
    if verdict.accepted:
        screen.fact(f"{who}: verificó el registro público y su aportación es correcta")
    else:
        expected = " (así debe ser: la entregó alterada)" if verdict.trustee == WRONG else ""
        screen.refusal(f"{who}: aportación rechazada{expected}. {verdict.reason}")
