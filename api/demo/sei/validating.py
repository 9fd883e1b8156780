"""The validation module at work: data beside images, the eight causes, and calls to a drawn sample."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from api.demo.acting import Client, Staff
from api.demo.errors import UnexpectedOutcome
from api.demo.orders import order
from api.demo.screen import Advance
from api.demo.sei.applicants import Applicant
from api.demo.sei.people import Conduct
from api.demo.sei.requesting import Request
from api.demo.sei.town import SeiTown
from api.demo.several import threads
from capture.preregistro.deciding import DUPLICATE
from capture.preregistro.states import EstadoSolicitud
from capture.validacion.causes import CAUSES
from capture.validacion.sampling import Hallazgo

ENTIDAD = "09"
SEED = "ensayo: la semilla de verdad se sortea en público"
_COLUMNS = ("clave_elector", "cic", "ocr", "situacion", "entidad")
_LOOK_SECONDS = 0.1
_SAMPLE = 4
"""One of so many people with a Clave is called."""
APPROVED, REPEATED = 0, -1
NOT_ENOUGH = 8
"""The cause that is told to whoever asks again for somebody who has a Clave: no cause says that they have."""
_SETTLED = frozenset({EstadoSolicitud.EN_VALIDACION.value, EstadoSolicitud.NO_ELEGIBLE.value})


@dataclass
class Validated:
    """What became of the requests. `causes`: how many were rejected for each; `repeated`: requests of people
    who have a Clave already; `sampled`: people called."""

    approved: int = 0
    causes: Counter[int] = field(default_factory=Counter)
    repeated: int = 0
    sampled: int = 0
    denied: list[str] = field(default_factory=list)
    """E-mails of those who said that they had not asked."""


def load_lista(town: SeiTown, applicants: Sequence[Applicant], corte: str) -> Path:
    """The lista nominal at its cut-off date, as the UTSI loads it on the server (SEI-05)."""
    file = town.plan.base.output / "lista-nominal.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(_COLUMNS)
        for one in applicants:
            if one.listed:
                writer.writerow((one.who.clave_elector, "", one.who.ocr, "lista-nominal", ENTIDAD))
    order("padron", "cargar", str(file), "--corte", corte, environment=town.environment)
    return file


def wait_for_engines(town: SeiTown, operator: Staff, requests: Sequence[Request]) -> int:
    """Until each request is before a person or has ended; how many may not have a Clave."""
    path = f"{town.consulta}/validacion/estadisticas"
    client = operator.client

    def settled() -> bool:
        states: dict[str, int] = client.get(path)["estados"]
        return sum(many for state, many in states.items() if state in _SETTLED) >= len(requests)

    town.wait_until(settled, "la lectura de las solicitudes")
    return int(client.get(path)["estados"].get(EstadoSolicitud.NO_ELEGIBLE.value, 0))


def rule(
    town: SeiTown, operators: Sequence[Staff], requests: Sequence[Request], progress: Advance
) -> Validated:
    """Each operator takes one request after another, compares, and decides (SEI-06)."""
    by_folio = {one.folio: one.applicant for one in requests}
    done: list[int] = []
    """The cause of each request that was decided, or APPROVED or REPEATED."""

    def work(operator: Staff) -> None:
        client = operator.client
        while (turn := client.post(f"{town.consulta}/validacion/turno"))["esperan"]:
            if turn["solicitud"] is None:
                time.sleep(_LOOK_SECONDS)  # what waits is in the hands of the other operator
                continue
            folio = turn["solicitud"]["folio"]
            path = f"{town.consulta}/validacion/solicitudes/{folio}"
            done.append(_decide(client, path, by_folio[folio]))
            progress(len(done), len(requests))

    with threads(len(operators)) as pool:
        list(pool.map(work, operators))
    causes = Counter(done)
    approved, repeated = causes.pop(APPROVED, 0), causes.pop(REPEATED, 0)
    return Validated(approved, causes, repeated)


def _decide(client: Client, path: str, one: Applicant) -> int:
    """What the operator sees, and says of it. Nobody gets a second Clave, whoever asked first."""
    shown = client.get(f"{path}/datos")
    if one.flaw is None:
        code = client.tried("POST", f"{path}/aprobacion")
        if code is None:
            return APPROVED
        if code != DUPLICATE:
            raise UnexpectedOutcome(f"una solicitud sin faltas no se pudo aprobar [{code}]")
        client.post(f"{path}/rechazo", {"causa": NOT_ENOUGH})
        return REPEATED
    for name in shown["archivos"]:
        client.ask("GET", f"{path}/imagenes/{name}")
    client.post(f"{path}/rechazo", {"causa": one.flaw.cause})
    return one.flaw.cause


def check_rejections(town: SeiTown, requests: Sequence[Request]) -> None:
    """Whoever was rejected got the cause by e-mail, in the words of the source. Raises UnexpectedOutcome."""
    rejected = {one.applicant.who.correo: one.applicant for one in requests if one.applicant.flaw is not None}

    def told(mail: EmailMessage) -> bool:
        flaw = rejected[str(mail["To"])].flaw
        words = " ".join(mail.get_content().split())
        return flaw is not None and CAUSES[flaw.cause] in words

    town.mail_to(set(rejected), told)


def call_sample(town: SeiTown, operator: Staff, requests: Sequence[Request], found: Validated) -> None:
    """A random sample that anybody can draw again; who denies having asked loses the Clave (SEI-11)."""
    by_folio = {one.folio: one.applicant for one in requests}
    client, path = operator.client, f"{town.consulta}/verificacion/muestras"
    size = max(found.approved // _SAMPLE, 1)
    sample = client.post(path, {"semilla": SEED, "tamano": size})["id"]
    for call in client.get(f"{path}/{sample}")["llamadas"]:
        who = by_folio[call["folio"]].who
        if client.get(f"{path}/{sample}/personas/{call['folio']}")["telefono"] != who.telefono:
            raise UnexpectedOutcome("la muestra da el teléfono de otra persona")
        denies = who.conduct is Conduct.DENIES
        hallazgo = Hallazgo.NIEGA_TRAMITE if denies else Hallazgo.RECIBIDA
        client.post(f"{path}/{sample}/personas/{call['folio']}", {"hallazgo": hallazgo.value})
        found.sampled += 1
        if denies:
            found.denied.append(who.correo)
