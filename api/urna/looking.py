"""What the opening looks like now, for whoever follows it: offices and reasons, nothing about votes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from api.http.here import Here
from api.urna.forms import AportacionView, ComputoView, Custodia
from tally.consulta.shares_sql import Aportaciones
from tally.consulta.states import Estado
from tally.consulta.store_sql import Consultas

LOOK_SECONDS = 0.5
"""Between two looks of who follows."""


def look(here: Here, consulta: str) -> ComputoView:
    """The state of it. Raises NoConsulta."""
    with here.database.reading() as db:
        found = Consultas(db).get(consulta)
        custodios = Consultas(db).custodios(consulta)
        given = Aportaciones(db, consulta).all()
    names = {one.indice: one.nombre for one in custodios}
    valid = {one.custodio for one in given if one.motivo is None}
    return ComputoView(
        estado=found.estado.value,
        desde=found.cronograma.calendar.opening,
        umbral=found.umbral,
        validas=len(valid),
        suficientes=len(valid) >= found.umbral,
        aportaciones=[
            AportacionView(
                custodio=one.custodio,
                nombre=names.get(one.custodio, "—"),
                estado=one.estado,
                motivo=one.motivo,
                sha256=one.sha256,
                recibida=one.recibida,
            )
            for one in given
        ],
        faltan=[Custodia(custodio=i, nombre=name) for i, name in names.items() if i not in valid],
    )


async def follow(here: Here, consulta: str, first: ComputoView, seconds: float) -> AsyncIterator[str]:
    """Server-sent events: the state at once, and again each time that it is another one."""
    told, left = first, seconds
    yield _event(told)
    while left > 0 and told.estado != Estado.PUBLICADA:
        await asyncio.sleep(min(LOOK_SECONDS, left))
        left -= LOOK_SECONDS
        found = await run_in_threadpool(look, here, consulta)
        if found != told:
            told = found
            yield _event(told)


def _event(view: ComputoView) -> str:
    return f"event: computo\ndata: {view.model_dump_json()}\n\n"
