"""What an opening looks like now, for whoever follows it: offices and reasons, nothing about votes.

There are two: that of the urns, and that of the sums of small urns with their Mesas.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from api.http.here import Here
from api.urna.forms import ComputoView, Custodia
from api.urna.handing_in import view
from tally.consulta.cronograma import Fase
from tally.consulta.shares_sql import Aportaciones
from tally.consulta.states import Estado
from tally.consulta.store_sql import Consultas
from tally.mesa.stages_sql import Stages
from tally.mesa.states import Etapa
from tally.shares import OPENING, SUMS

LOOK_SECONDS = 0.5
"""Between two looks of who follows."""

LAST = {OPENING: Estado.PUBLICADA.value, SUMS: Etapa.ABIERTA.value}
"""After this nothing of it changes any more."""


def look(here: Here, consulta: str, kind: str) -> ComputoView:
    """The state of one of both. Raises NoConsulta."""
    with here.database.reading() as db:
        found = Consultas(db).get(consulta)
        custodios = Consultas(db).custodios(consulta)
        given = Aportaciones(db, consulta, kind).all()
        etapa = Stages(db, consulta).now()
    sums = kind == SUMS
    since = found.cronograma[Fase.COMPUTO].inicio if sums else found.cronograma.calendar.opening
    names = {one.indice: one.nombre for one in custodios}
    valid = {one.custodio for one in given if one.motivo is None}
    return ComputoView(
        estado=(etapa if sums else found.estado).value,
        desde=since,
        umbral=found.umbral,
        validas=len(valid),
        suficientes=len(valid) >= found.umbral,
        aportaciones=[view(one, names.get(one.custodio, "—")) for one in given],
        faltan=[Custodia(custodio=i, nombre=name) for i, name in names.items() if i not in valid],
    )


async def follow(
    here: Here, consulta: str, kind: str, first: ComputoView, seconds: float
) -> AsyncIterator[str]:
    """Server-sent events: the state at once, and again each time that it is another one."""
    told, left = first, seconds
    yield _event(told)
    while left > 0 and told.estado != LAST[kind]:
        await asyncio.sleep(min(LOOK_SECONDS, left))
        left -= LOOK_SECONDS
        found = await run_in_threadpool(look, here, consulta, kind)
        if found != told:
            told = found
            yield _event(told)


def _event(view: ComputoView) -> str:
    return f"event: computo\ndata: {view.model_dump_json()}\n\n"
