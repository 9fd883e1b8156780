"""After the opening: the Jornada presencial, the sums of the small urns, and the results of both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.demo.counting import abridged, counted
from api.demo.errors import UnexpectedOutcome
from api.demo.sei.judging import marks_of
from api.demo.sei.mesas import Jornada
from api.demo.sei.people import Conduct
from api.demo.sei.rehearsal import SeiRehearsal
from api.demo.sei.stages import Published
from api.demo.sei.voting import Days


@dataclass(frozen=True)
class Counted:
    """What came out with the Mesas. `actas`: of escrutinio, by UT."""

    published: Published
    actas: dict[str, dict[str, Any]]


def hold(rehearsal: SeiRehearsal, days: Days, published: Published) -> Counted:
    """From the first person at a Mesa to the results of internet and Mesas."""
    jornada = Jornada.of(rehearsal.town, rehearsal.offices)
    _receive(rehearsal, days, jornada)
    _open_sums(rehearsal, jornada)
    _scrutinise(rehearsal, days, jornada)
    path = f"{rehearsal.town.consulta}/escrutinio"
    claves = [urn.unidad.clave for urn in jornada.consultation.urns]
    actas = {clave: rehearsal.public.get(f"{path}/{clave}.json") for clave in claves}
    return Counted(published, actas)


def _receive(rehearsal: SeiRehearsal, days: Days, jornada: Jornada) -> None:
    town, screen = rehearsal.town, rehearsal.screen
    town.clock.move_to(rehearsal.plan.jornada)
    with rehearsal.stage("Mesas: quién ya opinó por internet, y lo que se contó en papel") as progress:
        opined = [who for who, _ in days.opined.receipts]
        silent = days.of(Conduct.ABSTAINS, Conduct.LATE, Conduct.DENIES)
        if opined and silent:
            jornada.look_up(opined[0], silent[0])
        town.clock.move_to(rehearsal.plan.counting)
        code = jornada.capture(progress)
    if opined and silent:
        screen.refusal("En una Mesa: quien ya opinó por internet no opina otra vez; a nadie más se rechaza")
    ballots = sum(count.total for count in jornada.counts.values())
    screen.fact(f"{counted(ballots, 'opinión', 'opiniones')} en papel, inventadas")
    if code is not None:
        screen.refusal(f"Los números en claro de una urna pequeña: rechazados, se entregan cifrados [{code}]")


def _open_sums(rehearsal: SeiRehearsal, jornada: Jornada) -> None:
    screen, told = rehearsal.screen, list[dict[str, Any]]()
    with rehearsal.stage("Urnas pequeñas: su suma cifrada con la Mesa, y sólo la suma se abre"):
        waiting = jornada.publish_sums()
        if waiting:
            told = jornada.open_sums(rehearsal.custodios)
    for one in told:
        if one["estado"] != "aceptada":
            raise UnexpectedOutcome(f"suma, custodio {one['custodio']}: {abridged(str(one['motivo']))}")
    small = counted(len(jornada.small), "urna pequeña", "urnas pequeñas")
    screen.fact(f"{small}; {counted(waiting, 'suma abierta', 'sumas abiertas')} con {len(told)} aportaciones")
    if len(jornada.small) > waiting:
        closed = counted(len(jornada.small) - waiting, "suma queda reservada", "sumas quedan reservadas")
        screen.refusal(f"{closed}: ni con su Mesa hay boletas suficientes")


def _scrutinise(rehearsal: SeiRehearsal, days: Days, jornada: Jornada) -> None:
    with rehearsal.stage("Actas de escrutinio y cómputo, carteles y resultados") as progress:
        computo = jornada.scrutinise(marks_of(days.opined))
        progress(1, 1)
    total = computo["total"]
    opinions = counted(total["total"], "opinión", "opiniones")
    rehearsal.screen.fact(f"{opinions}: {total['internet']:,} por internet y {total['mesa']:,} en Mesas")
