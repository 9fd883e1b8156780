"""A whole consultation through the service, in the order of source 000: from its creation to the verdict."""

from __future__ import annotations

from contextlib import ExitStack

from api.cli.custodio_vista import ceremony_table
from api.demo.acting import Client
from api.demo.counting import counted
from api.demo.plan import OFFICES, THRESHOLD
from api.demo.screen import Screen
from api.demo.sei import keys, stages, stages_mesas
from api.demo.sei.custodios import seated
from api.demo.sei.judging import ask_belenios, require_agreement
from api.demo.sei.offices import open_offices
from api.demo.sei.people import voters_of
from api.demo.sei.plan import SeiPlan, territory_of
from api.demo.sei.rehearsal import SeiRehearsal, spoken_instant
from api.demo.sei.summary import SeiSummary, summary_of
from api.demo.sei.town import running_town
from api.demo.verdicts import reasons, verify
from tally.public_folder import PublicFolder


def rehearse_sei(plan: SeiPlan, screen: Screen) -> SeiSummary:
    """Everything. Raises UnexpectedOutcome when anything goes another way."""
    with ExitStack() as stack:
        rehearsal = _begin(stack, plan, screen)
        _hold_ceremony(rehearsal)
        days = stages.enrol(rehearsal)
        stages.set_up(rehearsal, days)
        stages.opine(rehearsal, days)
        stages.close(rehearsal, days)
        stages.open_urns(rehearsal)
        published = stages.publish(rehearsal, days)
        found = stages_mesas.hold(rehearsal, days, published)
    return _judge(plan, screen, found)


def _begin(stack: ExitStack, plan: SeiPlan, screen: Screen) -> SeiRehearsal:
    territory = territory_of(plan.base)
    title = "El servicio: certeza serve y certeza worker, y una cuenta para cada área"
    with screen.stage(title, spoken_instant(plan.start)) as progress:
        town = stack.enter_context(running_town(plan))
        offices = open_offices(town, territory, progress)
        keys.create_consultation(town, offices, territory)
        keys.set_district_keys(town, offices, territory)
    screen.fact(f"El servicio atiende en {town.url}; correo, SMS y testigos le llegan por la red")
    areas = counted(len(offices.districts), "Dirección Distrital", "Direcciones Distritales")
    screen.fact(f"Consulta creada de un TOML, con el Cronograma de 2022 corrido: {areas}")
    voters, public = voters_of(plan.base, territory), Client(town, "ciudadanía")
    stack.callback(public.close)
    custodios = seated(town, offices.custodios)
    return SeiRehearsal(town, screen, territory, offices, custodios, voters, public)


def _hold_ceremony(rehearsal: SeiRehearsal) -> None:
    town, screen = rehearsal.town, rehearsal.screen
    town.clock.move_to(rehearsal.plan.ceremony)
    title = f"Ceremonia de llaves por HTTP: {len(OFFICES)} personas custodias, umbral {THRESHOLD}"
    with rehearsal.stage(title) as progress:
        keys.hold_ceremony(town, rehearsal.offices, rehearsal.custodios, progress)
    screen.console.print(ceremony_table(rehearsal.offices.utsi.client.get(f"{town.consulta}/ceremonia")))
    screen.fact("Nadie tuvo nunca la llave completa; el ensayo de apertura recuperó el número de prueba")


def _judge(plan: SeiPlan, screen: Screen, found: stages_mesas.Counted) -> SeiSummary:
    """By programs that know nobody's vote, on what is public alone: the service is stopped."""
    public = plan.base.public
    with screen.stage("Verificación por programas independientes: certeza-verify y belenios-tool"):
        verdict, code = verify("consulta", str(public))
        consultation = PublicFolder(public).consultation()
        belenios = ask_belenios(consultation, public)
        if belenios.reason is None:
            require_agreement(consultation, verdict, belenios)
    for why in reasons(verdict):
        screen.refusal(why)
    if code == 0:
        screen.fact(
            "certeza-verify, que no comparte código con el servicio, acepta la carpeta pública entera"
        )
    if belenios.reason is None:
        urns = f"{len(belenios.accepted)} de {len(consultation.urns)}"
        screen.fact(f"belenios-tool, de otras personas, dice lo mismo de cada urna: acepta {urns}")
    else:
        screen.refusal(f"Ningún programa de otras personas juzgó las urnas: {belenios.reason}")
    return summary_of(consultation, found, code)
