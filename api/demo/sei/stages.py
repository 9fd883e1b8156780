"""The stages between the keys and the results, and what each one tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.demo.counting import abridged, counted
from api.demo.plan import ABSENT, OFFICES, WRONG
from api.demo.sei import judging, opening
from api.demo.sei.enrolling import Enrolment, read_claves
from api.demo.sei.people import Conduct
from api.demo.sei.rehearsal import SeiRehearsal
from api.demo.sei.telling import audits, tell_opinion, tell_validation
from api.demo.sei.validating import call_sample
from api.demo.sei.voting import Days, require_all_opined
from api.demo.verdicts import verify
from api.demo.voting import receipts_file
from tally.acta_results import Results
from tally.consulta.cronograma import Fase
from tally.consulta.states import Estado


@dataclass(frozen=True)
class Published:
    """What came out. `actas`: of cómputo, by UT; `checks`: what added up, in words."""

    results: Results
    actas: dict[str, dict[str, Any]]
    checks: tuple[str, ...]


def enrol(rehearsal: SeiRehearsal) -> Days:
    """Pre-registro, validation and Claves; who denies having asked is disabled before the urns exist."""
    town, screen, plan, offices = rehearsal.town, rehearsal.screen, rehearsal.plan, rehearsal.offices
    town.clock.move_to(plan.validation)
    with screen.stage("Pre-registro: credencial, paquete cifrado, lista nominal") as progress:
        enrolment = Enrolment.of(town, offices, rehearsal.territory, rehearsal.voters)
        requests = enrolment.ask(progress)
    screen.fact(
        f"{counted(len(requests), 'solicitud recibida', 'solicitudes recibidas')} de teléfonos, con folio"
    )
    screen.refusal("Quien no está en la lista nominal, y una segunda solicitud de la misma persona: fuera")
    with screen.stage("Validación: datos junto a imágenes; aprobar, o rechazar con una de las 8 causas") as p:
        found = enrolment.validate(requests, p)
        claves = read_claves(town, {voter.correo for voter in rehearsal.voters})
    days = Days(town, offices, rehearsal.voters, claves)
    town.clock.move_to(plan.checking)
    call_sample(town, offices.deoeyg, requests, found)
    days.disable(found.denied)
    tell_validation(screen, found, len(days.of(Conduct.DENIES)))
    return days


def set_up(rehearsal: SeiRehearsal, days: Days) -> None:
    """All urns and the act of zero, which the verifier accepts before anybody opines."""
    town, screen = rehearsal.town, rehearsal.screen
    town.clock.move_to(rehearsal.plan.setting_up)
    with screen.stage("Instalación de las urnas y acta de urna vacía"):
        rehearsal.offices.secretaria.client.post(f"{town.consulta}/apertura")
        rehearsal.require(Estado.ABIERTA)
        days.too_early()
    acta = rehearsal.public.get(f"{town.consulta}/apertura/acta.json")
    urns = sum(bool(u.proyectos) for u in rehearsal.territory.unidades)
    screen.fact(
        f"{counted(urns, 'urna', 'urnas')} sin ninguna boleta: «{acta['tipo']}», firmada y en la bitácora"
    )
    screen.refusal("Antes de la hora de apertura no entra nadie [calendario.opinion]")
    if verify("consulta", str(rehearsal.plan.base.public))[1] == 0:
        screen.fact("certeza-verify acepta las urnas vacías")


def opine(rehearsal: SeiRehearsal, days: Days) -> None:
    """Three waves, each at its instant of the calendar."""
    town, plan, screen = rehearsal.town, rehearsal.plan, rehearsal.screen
    town.clock.move_to(plan.first_evening)
    with screen.stage("Opinión, la primera tarde: Clave, token por SMS, boleta cifrada") as progress:
        days.first_evening(plan.base.randomness("tardes"), progress)
    town.clock.move_to(plan.attended)
    with rehearsal.screen.stage(
        "Opinión, a la mañana siguiente: el CAT repone Claves y desbloquea"
    ) as progress:
        days.attended(progress)
    town.clock.move_to(plan.last_hour)
    with screen.stage("Opinión, la última hora") as progress:
        days.last_hour(progress)
    require_all_opined(days.opined, rehearsal.voters)
    tell_opinion(screen, days.opined)


def close(rehearsal: SeiRehearsal, days: Days) -> None:
    """The service closes the urns by itself at the instant of the calendar."""
    town, screen, plan = rehearsal.town, rehearsal.screen, rehearsal.plan
    with screen.stage("Cierre: a su hora, sin que nadie lo pida"):
        town.clock.move_to(plan.cronograma[Fase.OPINION].fin)
        days.too_late()
        rehearsal.wait_for(Estado.CERRADA)
        receipts = judging.check_receipts(town, days.opined)
    uuids = {r["uuid"]: who.unidad for who, r in days.opined.receipts}
    trackers = [(uuids[r["uuid"]], r["rastreador"]) for _, r in days.opined.receipts if r["altura"] == 1]
    folder = plan.base.output / judging.FOLDER
    receipts_file(folder, trackers)
    (folder / "boletas-auditadas.json").write_bytes(audits(days.opined))
    screen.fact("Todas las urnas cerradas, con su suma cifrada; nadie ha descifrado nada")
    screen.refusal("Quien llega después del cierre no entra [calendario.opinion]")
    screen.fact(f"{receipts:,} comprobantes con firma de la bitácora; de los primeros, también su prueba")


def open_urns(rehearsal: SeiRehearsal) -> None:
    """A quorum of the Consejo General, on the date and not before."""
    town, screen = rehearsal.town, rehearsal.screen
    code = opening.open_too_early(town, rehearsal.custodios[0])
    town.clock.move_to(rehearsal.plan.opening)
    told: list[dict[str, Any]] = []
    with screen.stage("Apertura y Cómputo de la Urna Virtual") as progress:
        opening.hand_shares_in(town, rehearsal.custodios, progress, told.append)
        opening.compute(town, rehearsal.offices)
    screen.refusal(f"Una aportación antes de la fecha: rechazada [{code}]")
    for one in told:
        who = f"{one['nombre']} (custodio {one['custodio']})"
        if one["estado"] == "aceptada":
            screen.fact(f"{who}: verificó su copia del registro público y su aportación es correcta")
        else:
            expected = " (así debe ser: la entregó alterada)" if one["custodio"] == WRONG else ""
            screen.refusal(f"{who}: aportación rechazada{expected}. {abridged(one['motivo'])}")
    screen.refusal(f"{OFFICES[ABSENT - 1]} (custodio {ABSENT}) no asistió: no hizo falta")


def publish(rehearsal: SeiRehearsal, days: Days) -> Published:
    """Actas, listados and results, checked against what people really did."""
    town, screen, opined = rehearsal.town, rehearsal.screen, days.opined
    with screen.stage("Actas de cómputo, listados y resultados") as progress:
        with_urn = [u.clave for u in rehearsal.territory.unidades if u.proyectos]
        listados = opening.deliver(town, rehearsal.offices)
        judging.check_listados(opined, listados)
        actas = judging.check_votes(rehearsal.public, town, opined, with_urn)
        progress(1, 1)
    data = rehearsal.public.ask("GET", f"{town.consulta}/resultados.json").content
    results = Results.from_bytes(data)
    screen.fact(
        f"{counted(len(actas), 'acta', 'actas')} (JSON y PDF firmado); paquete de cada Dirección Distrital"
    )
    reserved = [clave for clave, acta in actas.items() if acta["acta"] == "reserva"]
    if reserved:
        screen.refusal(f"{', '.join(reserved)}: pocas boletas; no se abre sola, sino sumada con su Mesa")
    opened = len(actas) - len(reserved)
    checks = (
        f"Boletas en las urnas = personas en los listados = comprobantes: {len(opined.receipts):,}",
        f"Lo contado es lo que se cifró en los dispositivos, UT por UT: {opened} de {opened}",
    )
    return Published(results, actas, checks)
