"""The stages of the periodo: capture, the mesa de control, the Nota informativa, the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from api.demo.acting import Client
from api.demo.apoyo import checking
from api.demo.apoyo.clock import CENTRO
from api.demo.apoyo.mi_apoyo import OwnDevice
from api.demo.apoyo.people import enter_with_provider
from api.demo.apoyo.plan import CUT, RECEIVED
from api.demo.apoyo.registering import Candidate
from api.demo.apoyo.rehearsal import ApoyoRehearsal, spoken

FORMS = ("pdf", "xlsx")
"""Of a Nota informativa."""


def open_capture(r: ApoyoRehearsal) -> None:
    """The second day of the periodo: each auxiliar registers a device."""
    r.town.clock.move_to(r.town.plan.opens + timedelta(days=1, hours=9))
    with r.screen.stage("Dispositivos: cada persona auxiliar registra el suyo") as progress:
        r.crew.register_devices(progress)


def collect(r: ApoyoRehearsal) -> None:
    """Records captured offline, and all of them sent; what is early is processed."""
    town, campaign = r.town, r.campaign
    with r.screen.stage("Captación: cada dispositivo captura sin conexión y envía") as progress:
        r.crew.work(campaign.early, progress)
        town.worker.processing.process_all()
        for number, citizen in enumerate(campaign.own, 1):
            OwnDevice.of(town, citizen, number).support(r.candidates[-1])
        town.clock.move_to(town.plan.cut - timedelta(days=2))
        r.crew.work(campaign.late, progress)
        tried = [r.trials.third_device(), *r.trials.altered_packets(), r.trials.lost_device()]
    mails = town.deliver()
    r.screen.fact(f"{r.crew.acuses:,} acuses comprobados en los dispositivos; {mails:,} mensajes entregados")
    _tell_refused(r, tried)


def _tell_refused(r: ApoyoRehearsal, tried: Sequence[str]) -> None:
    for told in tried:
        r.screen.refusal(told)


def show_cut(r: ApoyoRehearsal) -> None:
    """The mesa works until the proportions of the informed case are there; then the Nota informativa."""
    with r.screen.stage("Mesa de control: la mitad de los registros") as progress:
        for number, candidate in enumerate(r.candidates):
            reviewed = round(r.town.plan.records_of(number) * CUT["revisados"] / RECEIVED)
            r.mesa.work(progress, candidate, reviewed)
            r.mesa.give_back()
    if r.town.clock() < r.town.plan.cut:
        r.town.clock.move_to(r.town.plan.cut)
    r.cut = r.town.clock()
    with r.screen.stage("Nota informativa al corte") as progress:
        for number, candidate in enumerate(r.candidates, 1):
            r.at_cut[candidate.proceso] = checking.figures(r.office, candidate)
            require_nota_of_the_cut(r, candidate, "notas")
            progress(number, len(r.candidates))
    r.screen.fact(f"Corte del {r.cut.astimezone(CENTRO):%d/%m/%Y a las %H:%M} horas (hora centro)")
    for candidate in r.candidates:
        found = r.at_cut[candidate.proceso]
        r.screen.fact(f"{candidate.name}: {found.sent:,} enviados: {spoken(found.columns)}")


def require_nota_of_the_cut(r: ApoyoRehearsal, candidate: Candidate, name: str) -> None:
    """Issue the nota of the cut; whenever that is, it says what the portal said then."""
    folder = r.town.plan.output / name
    folder.mkdir(exist_ok=True)
    corte = r.cut.isoformat() if r.cut else None
    for form in FORMS:
        path = f"/v1/procesos/{candidate.proceso}/nota-informativa"
        answer = r.office.enlace.client.ask("GET", path, params={"formato": form, "corte": corte})
        (folder / f"{candidate.proceso}.{form}").write_bytes(answer.content)
    checking.require_nota(folder / f"{candidate.proceso}.xlsx", r.at_cut[candidate.proceso])


def finish_mesa(r: ApoyoRehearsal) -> None:
    """What waits is processed and reviewed, a part of it twice; the padrón answers for all of it."""
    begun = r.town.plan.opens
    with r.screen.stage("Mesa de control: lo demás, y una segunda revisión sorteada") as progress:
        _remove_auxiliar(r)
        r.town.worker.processing.process_all()
        r.mesa.work(progress)
        agreement = r.mesa.second_look(r.candidates[0], begun)
        r.wait_for_compulsa()
    alike = agreement["porcentaje"] or 0
    r.screen.fact(
        f"{r.mesa.found.total():,} revisiones; {r.mesa.images} imágenes vistas, cada una es un acto"
    )
    r.screen.fact(
        f"Segunda revisión de {agreement['pares']} registros sorteados: {alike:.0f} % de coincidencia"
    )
    many = len(r.campaign.removed.citizens)
    _tell_refused(
        r, [f"{many} registros enviados tras la baja de su auxiliar: recibidos, no se contabilizan"]
    )


def _remove_auxiliar(r: ApoyoRehearsal) -> None:
    """The promovente removes an auxiliar; what is sent afterwards does not count (002 §2.6)."""
    removed = r.campaign.removed
    r.crew.capture(removed.helper, removed.citizens)
    candidate = next(c for c in r.candidates if c.proceso == removed.helper.proceso)
    client = Client(r.town, candidate.email, enter_with_provider(r.town, candidate.email))
    cause = {"causa": "cambio-de-correo", "motivo": ""}
    client.post(f"/v1/auxiliares/{removed.helper.identifier}/baja", cause)
    client.close()
    r.crew.send_from(r.crew.folder(removed.helper))


def close(r: ApoyoRehearsal) -> None:
    """The periodo ends, and nothing is received 24 hours later (002 §4.11)."""
    with r.screen.stage("Fin del periodo de captación"):
        tried = r.trials.too_late()
    _tell_refused(r, tried)
