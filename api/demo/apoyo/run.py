"""The rehearsal of an apoyo process, in the order of the institutes' documents, and what it tells."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from api.demo.apoyo import checking, population, registering
from api.demo.apoyo.campaign import Campaign, Round, plan_campaign
from api.demo.apoyo.capturing import Crew
from api.demo.apoyo.checking import Row
from api.demo.apoyo.clock import CENTRO
from api.demo.apoyo.delivering import Delivered, Results
from api.demo.apoyo.hearing import Hearing
from api.demo.apoyo.mi_apoyo import OwnDevice
from api.demo.apoyo.orders import order, verifier
from api.demo.apoyo.people import Client, enter_with_provider
from api.demo.apoyo.plan import CUT, RECEIVED, ApoyoPlan
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import Candidate, Helper, Office
from api.demo.apoyo.reviewing import Mesa
from api.demo.apoyo.town import Town, running_town
from api.demo.apoyo.trials import Trials
from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Screen
from keys.randomness import Randomness

_WAIT_SECONDS = 300.0
_NAMES = {
    "para-compulsa": "para envío a compulsa",
    "duplicados": "duplicados",
    "con-inconsistencia": "con inconsistencia",
    "en-mesa": "en mesa de control",
    "en-procesamiento": "en procesamiento",
    "baja-de-auxiliar": "no contabilizados",
}


@dataclass
class ApoyoRehearsal:
    """What the stages share."""

    town: Town
    screen: Screen
    random: Randomness
    office: Office
    key: Path
    candidates: list[Candidate]
    helpers: list[Helper]
    people: list[Citizen]
    campaign: Campaign
    crew: Crew
    mesa: Mesa
    trials: Trials


@dataclass(frozen=True)
class ApoyoSummary:
    """How it ended: the last figures of each aspirante, and the packages that the OPL opened."""

    rows: tuple[Row, ...]
    delivered: tuple[Delivered, ...]
    acuses: int


def rehearse_apoyo(plan: ApoyoPlan, screen: Screen, random: Randomness) -> ApoyoSummary:
    """Everything. Raises UnexpectedOutcome when anything goes another way."""
    plan.output.mkdir(parents=True, exist_ok=True)
    with running_town(plan) as town:
        rehearsal = _prepare(town, screen, random)
        _collect(rehearsal)
        _show_cut(rehearsal)
        _finish_mesa(rehearsal)
        _close(rehearsal)
        first = _deliver(rehearsal, "preliminar", None)
        told = _hear(rehearsal)
        last = _deliver(rehearsal, "definitivo", told)
        return _check(rehearsal, (*first, *last))


def _prepare(town: Town, screen: Screen, random: Randomness) -> ApoyoRehearsal:
    with screen.stage("Apoyo ciudadano: cuentas, periodo, llave del OPL y aspirantes") as progress:
        office = registering.open_offices(town)
        folio = registering.ask_for_use(town, office)
        registering.open_period(town, office)
        key = registering.register_key(town, office)
        candidates = registering.register_candidates(town, office, random)
        progress(1, 2)
        helpers = registering.register_auxiliares(town, candidates, random)
        progress(2, 2)
    screen.fact(f"Solicitud {folio} atendida; {len(office.operators) + 3} cuentas con Declaratoria firmada")
    screen.fact(f"El OPL probó que su llave es suya; {len(candidates)} aspirantes, {len(helpers)} auxiliares")
    people = population.populate(town.plan, random)
    _load_padron(town, people, helpers)
    campaign = plan_campaign(town.plan, candidates, helpers, people)
    mesa = Mesa(town, office, random)
    crew = Crew(town, helpers)
    trials = Trials(crew, helpers[1], campaign.spent)
    return ApoyoRehearsal(
        town, screen, random, office, key, candidates, helpers, people, campaign, crew, mesa, trials
    )


def _load_padron(town: Town, people: list[Citizen], helpers: list[Helper]) -> None:
    file = population.write_padron(town.plan.output / "padron", people, [h.person for h in helpers])
    environment = {
        "CERTEZA_DATA": str(town.data),
        "CERTEZA_PADRON__KEY_FILE": str(town.settings.padron.key_file),
    }
    cut = town.plan.opens.date().isoformat()
    order("padron", "cargar", str(file), "--corte", cut, environment=environment)


def _collect(r: ApoyoRehearsal) -> None:
    """Devices, records captured offline, and all of them sent; what is early is processed."""
    town, campaign = r.town, r.campaign
    town.clock.move_to(town.plan.opens + timedelta(days=1, hours=9))
    total = campaign.captured
    with r.screen.stage("Captación: cada dispositivo captura sin conexión y envía") as progress:
        r.crew.register_devices(lambda _done, _all: None)
        _capture(r, campaign.early)
        r.crew.send(total, progress)
        town.worker.processing.process_all()
        for number, citizen in enumerate(campaign.own, 1):
            OwnDevice.of(town, citizen, number).support(r.candidates[-1])
        town.clock.move_to(town.plan.cut - timedelta(days=2))
        _capture(r, campaign.late)
        r.crew.send(total, progress)
        tried = [r.trials.third_device(), *r.trials.altered_packets(), r.trials.lost_device()]
    for told in tried:
        r.screen.refusal(told)
    mails = town.deliver()
    r.screen.fact(f"{r.crew.acuses:,} acuses comprobados en los dispositivos; {mails:,} mensajes entregados")


def _capture(r: ApoyoRehearsal, rounds: tuple[Round, ...]) -> None:
    for one in rounds:
        r.crew.capture(one.helper, one.citizens)


def _show_cut(r: ApoyoRehearsal) -> None:
    """The mesa works until the proportions of the informed case are there; then the Nota informativa."""
    with r.screen.stage("Mesa de control: la mitad de los registros") as progress:
        for number, candidate in enumerate(r.candidates):
            reviewed = round(r.town.plan.records_of(number) * CUT["revisados"] / RECEIVED)
            r.mesa.work(progress, candidate, reviewed)
            r.mesa.give_back()
    if r.town.clock() < r.town.plan.cut:
        r.town.clock.move_to(r.town.plan.cut)
    moment = r.town.clock().astimezone(CENTRO)
    folder = r.town.plan.output / "notas"
    folder.mkdir(exist_ok=True)
    with r.screen.stage("Nota informativa al corte"):
        for candidate in r.candidates:
            for form in ("pdf", "xlsx"):
                path = f"/v1/procesos/{candidate.proceso}/nota-informativa?formato={form}"
                data = r.office.enlace.client.ask("GET", path).content
                (folder / f"{candidate.proceso}.{form}").write_bytes(data)
    for candidate in r.candidates:
        columns = checking.figures(r.office, candidate)
        told = ", ".join(f"{columns[code]:,} {name}" for code, name in _NAMES.items() if columns[code])
        r.screen.fact(f"{candidate.name}, corte {moment:%d/%m/%Y %H:%M}: {told}")


def _finish_mesa(r: ApoyoRehearsal) -> None:
    begun = r.town.clock()
    _remove_auxiliar(r)
    with r.screen.stage("Mesa de control: lo demás, y una segunda revisión sorteada") as progress:
        r.town.worker.processing.process_all()
        r.mesa.work(progress)
        agreement = r.mesa.second_look(r.candidates[0], begun - timedelta(days=5))
    r.screen.fact(
        f"{r.mesa.found.total():,} revisiones, {r.mesa.images} imágenes vistas; segunda revisión de "
        f"{agreement['pares']}: {agreement['porcentaje'] or 0:.0f} % de coincidencia"
    )
    _wait_for(lambda: not _waiting(r), "la compulsa")


def _close(r: ApoyoRehearsal) -> None:
    """The periodo ends, and nothing is received 24 hours later (002 §4.11)."""
    with r.screen.stage("Fin del periodo de captación"):
        tried = r.trials.too_late()
    for told in tried:
        r.screen.refusal(told)


def _remove_auxiliar(r: ApoyoRehearsal) -> None:
    """The promovente removes an auxiliar; what is sent afterwards does not count (002 §2.6)."""
    removed = r.campaign.removed
    r.crew.capture(removed.helper, removed.citizens)
    candidate = next(c for c in r.candidates if c.proceso == removed.helper.proceso)
    client = Client(r.town, candidate.email, enter_with_provider(r.town, candidate.email))
    cause = {"causa": "cambio-de-correo", "motivo": ""}
    client.post(f"/v1/auxiliares/{removed.helper.identifier}/baja", cause)
    client.close()
    r.crew.send(r.crew.acuses + len(removed.citizens), lambda _done, _all: None)
    r.screen.refusal(
        f"{len(removed.citizens)} registros enviados después de la baja de su auxiliar: no se contabilizan"
    )


def _waiting(r: ApoyoRehearsal) -> int:
    """Records that the padrón has not answered for."""
    return sum(
        len(
            r.office.derfe.client.get(
                "/v1/registros", params={"proceso": c.proceso, "estado": "para-envio-a-compulsa", "limite": 1}
            )["registros"]
        )
        for c in r.candidates
    )


def _deliver(r: ApoyoRehearsal, corte: str, told: datetime | None) -> list[Delivered]:
    plan = r.town.plan
    moment = plan.preliminary if told is None else plan.definitive
    if r.town.clock() < moment:
        r.town.clock.move_to(moment)
    results = Results(r.town, r.office, r.key)
    made = []
    with r.screen.stage(f"Resultados: corte {corte}, cifrado a la llave del OPL") as progress:
        for number, candidate in enumerate(r.candidates, 1):
            made.append(results.deliver(candidate, corte, told))
            progress(number, len(r.candidates))
        if told is not None:
            results.crossing()
    r.screen.fact(f"El OPL descifró y verificó {len(made)} paquetes y devolvió sus acuses")
    return made


def _hear(r: ApoyoRehearsal) -> datetime:
    numbers = {citizen.person.numero: citizen for citizen in r.people}
    hearing = Hearing(r.town, r.office, numbers)
    with r.screen.stage("Garantía de audiencia de un aspirante") as progress:
        hearing.ask(r.candidates[0])
        cut = hearing.prepare()
        hearing.hold(progress)
        acta = hearing.conclude()
    (r.town.plan.output / "acta-circunstanciada.pdf").write_bytes(acta)
    told = ", ".join(f"{many} {name.replace('-', ' ')}" for name, many in hearing.did.most_common())
    r.screen.fact(f"{cut} registros revisados con la persona aspirante: {told}")
    _wait_for(lambda: not _waiting(r), "la nueva compulsa")
    if hearing.concluded is None:
        raise UnexpectedOutcome("la audiencia no concluyó")
    return hearing.concluded


def _check(r: ApoyoRehearsal, delivered: tuple[Delivered, ...]) -> ApoyoSummary:
    with r.screen.stage("Todas las cifras suman; un programa independiente juzga las bitácoras"):
        rows = tuple(_row(r, delivered, candidate) for candidate in r.candidates)
        acuses = r.crew.acuses + len(r.campaign.own)
        checking.require_sum(rows, acuses)
        for row in rows:
            last = next(d for d in reversed(delivered) if d.candidate is row.candidate)
            checking.require_package(row, last)
        r.town.deliver()
        time.sleep(2 * r.town.settings.logs.pump_seconds)
        checking.judge_logs(r.town)
        _judge_acuse(r)
    return ApoyoSummary(rows, delivered, acuses)


def _row(r: ApoyoRehearsal, delivered: tuple[Delivered, ...], candidate: Candidate) -> Row:
    columns = checking.figures(r.office, candidate)
    last = next(d for d in reversed(delivered) if d.candidate is candidate)
    return Row(candidate, sum(columns.values()), columns, int(last.figures["validos"]))


def _judge_acuse(r: ApoyoRehearsal) -> None:
    """An acuse of the first device, as its auxiliar would have it judged."""
    folder = r.crew.folder(r.helpers[0]).path
    policy = str(r.town.settings.data.parent / "publico" / "apoyo" / "log" / "politica.txt")
    acuse = next(iter(sorted(folder.rglob("*.acuse"))), None)
    if acuse is None:
        raise UnexpectedOutcome("el dispositivo no guardó ningún acuse")
    verifier("acuse", str(acuse), "--politica", policy)


def _wait_for(done: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + _WAIT_SECONDS
    while not done():
        if time.monotonic() > until:
            raise UnexpectedOutcome(f"{what} no terminó")
        time.sleep(0.3)
