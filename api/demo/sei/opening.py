"""Apertura y Cómputo de la Urna Virtual over HTTP, and what each Dirección Distrital receives."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyrage

from api.demo.actas import district_folder
from api.demo.errors import UnexpectedOutcome
from api.demo.opening import spoiled
from api.demo.plan import ABSENT, WRONG
from api.demo.screen import Advance
from api.demo.sei import machines
from api.demo.sei.archives import unpacked
from api.demo.sei.custodios import Custodio, opened
from api.demo.sei.keys import IDENTITY
from api.demo.sei.offices import Offices
from api.demo.sei.town import SeiTown
from keys.group import group_named
from tally.shares import ShareHeading


def open_too_early(town: SeiTown, custodio: Custodio) -> str:
    """A file that comes before the date is refused; the code."""
    heading = ShareHeading(town.plan.base.id, custodio.index, 0)
    return custodio.staff.client.refused("POST", f"{town.consulta}/aportaciones", content=heading.line)


def hand_shares_in(
    town: SeiTown, custodios: list[Custodio], progress: Advance, arrived: Callable[[dict[str, Any]], None]
) -> None:
    """All but one come, and one hands in an altered file. `arrived` is told what the service says of each."""
    present = [one for one in custodios if one.index != ABSENT]
    progress(0, len(present))
    shares = opened(present, machines.open_urns, "copia-publica", "aportacion")
    for done, (custodio, share) in enumerate(shares, 1):
        wrong = custodio.index == WRONG and share.count(b"\n") > 1
        data = spoiled(group_named(town.plan.base.group), share) if wrong else share
        told = custodio.staff.client.post(f"{town.consulta}/aportaciones", content=data)
        arrived(told)
        progress(done, len(present))
        if (told["estado"] == "aceptada") is wrong:
            raise UnexpectedOutcome(f"custodio {custodio.index}: aportación {told['estado']}")


def compute(town: SeiTown, offices: Offices) -> None:
    """Open all urns with what arrived; actas, listados and results."""
    told = offices.secretaria.client.post(f"{town.consulta}/computo")
    if told["estado"] != "publicada":
        raise UnexpectedOutcome(f"el cómputo quedó en «{told['estado']}»")


def deliver(town: SeiTown, offices: Offices) -> dict[str, set[str]]:
    """Each Dirección Distrital takes its package and opens its listados; by UT, who opined."""
    found: dict[str, set[str]] = {}
    for name, staff in offices.districts.items():
        folder = district_folder(town.plan.base, name)
        data = staff.client.ask("GET", f"{town.consulta}/distrito/paquete.tar").content
        unpacked(data, folder)
        identity = pyrage.x25519.Identity.from_str((folder / IDENTITY).read_text("ascii").strip())
        for file in sorted((folder / "listados").iterdir()):
            listado = json.loads(bytes(pyrage.decrypt(file.read_bytes(), [identity])))
            found[listado["unidad"]] = set(listado["claves_de_elector"])
    return found
