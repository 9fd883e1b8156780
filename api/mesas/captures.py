"""What a Mesa counted comes in: in clear where its urn was opened alone, and encrypted where it was not.

The clear count of a small urn is refused by its kind before anything of it is looked at, and nowhere kept:
the client asks first how a Mesa is captured.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from api.consultas.places import Places
from api.consultas.sight import places
from api.http.here import Here
from api.mesas.forms import Captura, Conteo, MesaView
from api.mesas.sight import acta_of, mode_of, own_unidad, require_published, urn_of
from api.processes.sight import tell
from tally.acta_results import Results
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consultas, StoredUnidad
from tally.mesa import states
from tally.mesa.count import MesaCount
from tally.mesa.errors import MesaRefusal
from tally.mesa.stages_sql import Stages
from tally.mesa.states import Etapa
from tally.mesa.store_sql import CLEAR, SEALED, Capture, SqlMesas
from tally.setup import Unidad
from tally.small_urns_receiving import MesaDesk


def in_clear(here: Here, consulta: str, clave: str, form: Conteo) -> Captura:
    """Keep what a Mesa counted on paper. Raises Refusal, Problem."""
    with here.database.writing() as db:
        stored = _due(db, here, consulta, clave, CLEAR)
        count = MesaCount(
            clave,
            form.recibidas,
            form.sobrantes,
            tuple(form.opiniones),
            form.nulas,
            form.total,
            form.observaciones,
        )
        version = SqlMesas(db, consulta).capture(stored.unidad, count, here.who.account, here.now)
        made = Captura(clave=clave, modo=CLEAR, version=version, total=count.total)
        _tell(db, here, consulta, made)
    return made


def encrypted(here: Here, consulta: str, clave: str, data: bytes) -> Captura:
    """Keep the encrypted totals of a Mesa, once signature and proofs hold. Raises Refusal, Problem."""
    public = places(here, consulta).public
    with here.database.reading() as db:
        _due(db, here, consulta, clave, SEALED)
    mesa = MesaDesk(public.root).check(urn_of(public.consultation(), clave), data)
    with here.database.writing() as db:
        _due(db, here, consulta, clave, SEALED)
        version = SqlMesas(db, consulta).capture_sealed(mesa, here.who.account, here.now)
        made = Captura(clave=clave, modo=SEALED, version=version, total=mesa.total)
        _tell(db, here, consulta, made)
    return made


def _due(db: Connection, here: Here, consulta: str, clave: str, mode: str) -> StoredUnidad:
    """The own UT, when its Mesa is captured now and in this mode. Captures and sums take turns."""
    stored = own_unidad(db, here, consulta, clave)
    found = Consultas(db).get(consulta, lock=True)
    require_published(found)
    found.cronograma.require(Fase.COMPUTO, here.now)
    due = mode_of(acta_of(places(here, consulta), stored))
    if mode != due:
        raise MesaRefusal("mesa.modo", f"UT {clave}", f"la captura {due} de su Mesa", mode)
    if mode == SEALED:
        states.require(Stages(db, consulta).now(), Etapa.CAPTURA, "sumada", f"UT {clave}")
    return stored


def _tell(db: Connection, here: Here, consulta: str, made: Captura) -> None:
    detail = {"unidad": made.clave, "modo": made.modo, "version": str(made.version)}
    tell(db, here, "mesa.captura", consulta, detail=detail)


def views(db: Connection, where: Places, consulta: str, unidades: Sequence[StoredUnidad]) -> list[MesaView]:
    """Mesas as who may look sees them. Of a published consultation."""
    public, store = where.public, SqlMesas(db, consulta)
    results = Results.from_bytes(public.read(public.root / "resultados.json"))
    small = {line.clave for line in results.urns if line.nulos is None}
    last, issued = store.all_last(), store.issued()
    return [
        _view(one.unidad, one.unidad.clave in small, last.get(one.unidad.clave), issued.get(one.unidad.clave))
        for one in unidades
    ]


def _view(unidad: Unidad, small: bool, last: Capture | None, issued: datetime | None) -> MesaView:
    return MesaView(
        clave=unidad.clave,
        nombre=unidad.nombre,
        demarcacion=unidad.demarcacion,
        modo=SEALED if small else CLEAR,
        version=last.version if last else None,
        recibidas=last.received if last else None,
        sobrantes=last.spare if last else None,
        total=last.total if last else None,
        capturada=last.at if last else None,
        escrutinio=issued,
    )
