"""The stages between the keys and the results, and what each one tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.demo.counting import counted
from api.demo.plan import ABSENT, OFFICES
from api.demo.sei import judging, opening
from api.demo.sei.enrolling import Enrolment, read_claves
from api.demo.sei.people import Conduct
from api.demo.sei.rehearsal import SeiRehearsal
from api.demo.sei.telling import (
    audits,
    drawn_shares,
    tell_opinion,
    tell_sample,
    tell_share,
    tell_validation,
)
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

    actas: dict[str, dict[str, Any]]
    checks: tuple[str, ...]


def enrol(rehearsal: SeiRehearsal) -> Days:
    """Pre-registro, validation and Claves; who denies having asked is disabled before the urns exist."""
    town, screen, plan, offices = rehearsal.town, rehearsal.screen, rehearsal.plan, rehearsal.offices
    town.clock.move_to(plan.validation)
    with rehearsal.stage("Pre-registro: credencial, paquete cifrado, lista nominal") as progress:
        enrolment = Enrolment.of(town, offices, rehearsal.territory, rehearsal.voters)
        requests = enrolment.ask(progress)
    screen.fact(
        f"{counted(len(requests), 'solicitud recibida', 'solicitudes recibidas')} de teléfonos, con folio"
    )
    screen.refusal("Quien no está en la lista nominal: su solicitud no procede")
    with rehearsal.stage(
        "Validación: datos junto a imágenes; aprobar, o rechazar con una de las 8 causas"
    ) as progress:
        found = enrolment.validate(requests, progress)
        claves = read_claves(town, {voter.correo for voter in rehearsal.voters})
    tell_validation(screen, found)
    days = Days(town, offices, rehearsal.voters, claves)
    town.clock.move_to(plan.checking)
    with rehearsal.stage("Verificación por teléfono: una muestra al azar de quienes tienen Clave"):
        call_sample(town, offices.deoeyg, requests, found)
        days.disable(found.denied)
    tell_sample(screen, found, len(days.of(Conduct.DENIES)))
    return days


def set_up(rehearsal: SeiRehearsal, days: Days) -> None:
    """All urns and the act of zero, which the verifier accepts before anybody opines."""
    town, screen = rehearsal.town, rehearsal.screen
    town.clock.move_to(rehearsal.plan.setting_up)
    with rehearsal.stage("Instalación de las urnas y acta de urna vacía"):
        rehearsal.offices.secretaria.client.post(f"{town.consulta}/apertura")
        rehearsal.require(Estado.ABIERTA)
        days.too_early()
        contraloria = rehearsal.offices.contraloria.client
        seal = contraloria.post(f"{town.consulta}/sellos", {"dicho": "Todas las urnas están vacías."})
        forbidden = contraloria.refused("POST", f"{town.consulta}/apertura")
    acta = rehearsal.public.ask("GET", f"{town.consulta}/apertura/acta.pdf").content
    (rehearsal.plan.base.output / "acta-urna-vacia.pdf").write_bytes(acta)
    urns = sum(bool(u.proyectos) for u in rehearsal.territory.unidades)
    screen.fact(
        f"{counted(urns, 'urna', 'urnas')} sin ninguna boleta: acta de urna vacía, firmada y en la bitácora"
    )
    screen.fact(f"La Contraloría lo hace constar, con la bitácora en {seal['entradas']:,} entradas")
    screen.refusal(f"La Contraloría ve y sella, pero no actúa: su orden de abrir se rechaza [{forbidden}]")
    screen.refusal("Antes de la hora de apertura no entra nadie [calendario.opinion]")
    if verify("consulta", str(rehearsal.plan.base.public))[1] == 0:
        screen.fact("certeza-verify acepta las urnas vacías")


def opine(rehearsal: SeiRehearsal, days: Days) -> None:
    """Three waves, each at its instant of the calendar."""
    town, plan, screen = rehearsal.town, rehearsal.plan, rehearsal.screen
    town.clock.move_to(plan.first_evening)
    with rehearsal.stage("Opinión, la primera tarde: Clave, token por SMS, boleta cifrada") as progress:
        days.first_evening(plan.base.randomness("tardes"), progress)
    town.clock.move_to(plan.attended)
    with rehearsal.stage("Opinión, el CAT atiende: repone Claves y desbloquea") as progress:
        days.attended(progress)
    town.clock.move_to(plan.last_hour)
    with rehearsal.stage("Opinión, la última media hora") as progress:
        days.last_hour(progress)
    require_all_opined(days.opined, rehearsal.voters)
    tell_opinion(screen, days.opined)


def close(rehearsal: SeiRehearsal, days: Days) -> None:
    """The service closes the urns by itself at the instant of the calendar."""
    town, screen, plan = rehearsal.town, rehearsal.screen, rehearsal.plan
    town.clock.move_to(plan.cronograma[Fase.OPINION].fin)
    with rehearsal.stage("Cierre: a su hora, sin que nadie lo pida"):
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
    with rehearsal.stage("Apertura y Cómputo de la Urna Virtual") as progress:
        screen.refusal(f"Una aportación antes de la fecha: rechazada [{code}]")
        opening.hand_shares_in(town, rehearsal.custodios, progress, lambda one: tell_share(screen, one))
        opening.compute(town, rehearsal.offices)
    screen.refusal(f"{OFFICES[ABSENT - 1]} (custodio {ABSENT}) no asistió: no hizo falta")
    screen.fact(drawn_shares(rehearsal.public.get(f"{town.consulta}/computo"), len(OFFICES)))


def publish(rehearsal: SeiRehearsal, days: Days) -> Published:
    """Actas, listados and results, checked against what people really did."""
    town, screen, opined = rehearsal.town, rehearsal.screen, days.opined
    with rehearsal.stage("Actas de cómputo, listados y resultados"):
        with_urn = [u.clave for u in rehearsal.territory.unidades if u.proyectos]
        listados = opening.deliver(town, rehearsal.offices)
        judging.check_listados(opined, listados)
        actas = judging.check_votes(rehearsal.public, town, opined, with_urn)
        data = rehearsal.public.ask("GET", f"{town.consulta}/resultados.json").content
        judging.check_total(Results.from_bytes(data), opined)
    screen.fact(
        f"{counted(len(actas), 'acta', 'actas')} (JSON y PDF firmado); paquete de cada Dirección Distrital"
    )
    reserved = [clave for clave, acta in actas.items() if acta["acta"] == "reserva"]
    if reserved:
        screen.refusal(f"{', '.join(reserved)}: pocas boletas; sólo se abre su suma con la Mesa")
    opened = len(actas) - len(reserved)
    checks = (
        f"Boletas en las urnas = personas en los listados = comprobantes: {len(opined.receipts):,}",
        "Lo contado es lo que se cifró en los dispositivos: "
        f"{counted(opened, 'urna', 'urnas')}; de las pequeñas, su suma con la Mesa",
    )
    return Published(actas, checks)
