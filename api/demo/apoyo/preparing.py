"""The first stage: everybody has an account, the periodo a key, each aspirante auxiliares."""

from __future__ import annotations

from api.demo.apoyo import population, registering
from api.demo.apoyo.campaign import plan_campaign
from api.demo.apoyo.capturing import Crew
from api.demo.apoyo.drawn import Photographed, photograph
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import Helper
from api.demo.apoyo.rehearsal import ApoyoRehearsal
from api.demo.apoyo.reviewing import Mesa
from api.demo.apoyo.town import Town
from api.demo.apoyo.trials import Trials
from api.demo.orders import order
from api.demo.screen import Screen
from api.reading.opening import absent
from keys.randomness import Randomness


def prepare(town: Town, screen: Screen, random: Randomness) -> ApoyoRehearsal:
    """From the first account to the padrón that is loaded."""
    with screen.stage("Apoyo ciudadano: cuentas, periodo, llave del OPL y aspirantes") as progress:
        office = registering.open_offices(town)
        progress(1, 3)
        folio = registering.ask_for_use(town, office)
        registering.open_period(town, office)
        key = registering.register_key(town, office)
        candidates = registering.register_candidates(town, office, random)
        progress(2, 3)
        helpers = registering.register_auxiliares(town, candidates, random)
        people = population.populate(town.plan, random)
        drawn = _drawn(town, screen, random)
        _load_padron(town, [*people, *(one.citizen for one in drawn)], helpers)
        progress(3, 3)
    screen.fact(f"Solicitud {folio} atendida; {len(office.operators) + 3} cuentas con Declaratoria firmada")
    screen.fact(f"El OPL probó que su llave es suya; {len(candidates)} aspirantes, {len(helpers)} auxiliares")
    campaign, crew = plan_campaign(town.plan, candidates, helpers, people), Crew(town, helpers)
    mesa, trials = Mesa(town, office, random), Trials(crew, helpers[1], campaign.spent)
    return ApoyoRehearsal(
        town, screen, office, key, candidates, helpers, people, campaign, crew, mesa, trials, drawn
    )


def _drawn(town: Town, screen: Screen, random: Randomness) -> list[Photographed]:
    """Credentials for the engines, where there are engines."""
    if town.plan.readings and (missing := absent()):
        screen.fact(f"Ninguna credencial dibujada se lee: faltan {', '.join(missing)}")
        return []
    return photograph(town.plan.readings, random)


def _load_padron(town: Town, people: list[Citizen], helpers: list[Helper]) -> None:
    file = population.write_padron(town.plan.output / "padron", people, [h.person for h in helpers])
    environment = {
        "CERTEZA_DATA": str(town.data),
        "CERTEZA_DATABASE": town.settings.database_url,
        "CERTEZA_PADRON__KEY_FILE": str(town.settings.padron.key_file),
    }
    cut = town.plan.opens.date().isoformat()
    order("padron", "cargar", str(file), "--corte", cut, environment=environment)
