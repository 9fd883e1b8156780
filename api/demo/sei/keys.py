"""Before anybody opines: the consultation, its key ceremony over HTTP, the keys of its districts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyrage

from api.demo.actas import district_folder
from api.demo.errors import UnexpectedOutcome
from api.demo.plan import OFFICES
from api.demo.screen import Advance
from api.demo.sei.archives import unpacked
from api.demo.sei.custodios import Custodio, message_of
from api.demo.sei.form import consultation_toml
from api.demo.sei.machines import seal
from api.demo.sei.mesas import set_mesa_keys
from api.demo.sei.offices import Offices
from api.demo.sei.plan import Territory
from api.demo.sei.town import SeiTown
from keys import atomic_file
from keys.ceremony.folder import inbox_name
from keys.ceremony.states import Kind

IDENTITY = "llave-privada.txt"
_STEPS: tuple[tuple[Kind, Callable[[Custodio], None]], ...] = (
    (Kind.CERTIFICATE, Custodio.begin),
    (Kind.POLYNOMIAL, Custodio.share_secret),
    (Kind.VERIFICATION, Custodio.verify),
)


def create_consultation(town: SeiTown, offices: Offices, territory: Territory) -> Path:
    """From a TOML, with custodios and Direcciones Distritales; where the file is."""
    file = town.plan.base.output / "consulta.toml"
    file.write_text(consultation_toml(town.plan, territory), "utf-8")
    client = offices.secretaria.client
    headers = {"Content-Type": "application/toml"}
    client.post("/v1/consultas", content=file.read_bytes(), headers=headers)
    for index, staff in enumerate(offices.custodios, 1):
        client.put(f"{town.consulta}/custodios/{index}", {"cuenta": staff.account})
    for name, staff in offices.districts.items():
        client.put(f"{town.consulta}/adscripciones/{staff.account}", {"distrito": name})
    return file


def set_district_keys(town: SeiTown, offices: Offices, territory: Territory) -> None:
    """Each Dirección Distrital makes a key for its listados and one for its Mesas, and keeps both private."""
    for name, staff in offices.districts.items():
        identity = pyrage.x25519.Identity.generate()
        folder = district_folder(town.plan.base, name)
        folder.mkdir(parents=True, exist_ok=True)
        atomic_file.replace(folder / IDENTITY, f"{identity}\n".encode(), atomic_file.PRIVATE)
        staff.client.put(f"{town.consulta}/distrito/llave", {"llave": str(identity.to_public())})
    set_mesa_keys(town, offices, territory)


def hold_ceremony(town: SeiTown, offices: Offices, custodios: list[Custodio], progress: Advance) -> None:
    """The three rounds, the private files, and the rehearsal of an opening with all of them."""
    utsi, total = offices.utsi, (len(_STEPS) + 2) * len(custodios)
    utsi.client.post(f"{town.consulta}/ceremonia")
    done = 0
    for kind, step in _STEPS:
        for custodio in custodios:
            step(custodio)
            custodio.hand_in(inbox_name(kind, custodio.index), message_of(custodio.own, kind))
            done += 1
            progress(done, total)
    for custodio in custodios:
        custodio.confirm()
    for _ in town.workers.map(seal, [custodio.machine for custodio in custodios]):
        done += 1
        progress(done, total)
    utsi.client.post(f"{town.consulta}/ceremonia/ensayo")
    for custodio in custodios:
        custodio.answer_rehearsal()
    if utsi.client.post(f"{town.consulta}/ceremonia/ensayo/acta")["estado"] != "lista":
        raise UnexpectedOutcome(f"el ensayo de {len(OFFICES)} custodios no recuperó el número")
    progress(total, total)
    data = utsi.client.ask("GET", f"{town.consulta}/ceremonia/carpeta").content
    unpacked(data, town.plan.base.ceremony)
