"""`/v1/consultas/{consulta}/mesas`: keys, who already opined, and what each Mesa counted (SEI-24, SEI-25)."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.accounts.permissions import Permission
from api.consultas.routes import ConsultaId
from api.consultas.sight import places
from api.http.bodies import binary, whole_body
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.mesas import captures
from api.mesas.forms import (
    Captura,
    Conteo,
    CredencialMostrada,
    LlaveMesas,
    LlavesView,
    LlaveView,
    MesaView,
    PuedeOpinar,
)
from api.mesas.sight import in_sight, own_unidad, require_published
from api.processes.sight import hidden, tell
from api.urna.routes_results import JSON, Clave
from tally.consulta import states
from tally.consulta.cronograma import Fase
from tally.consulta.errors import ConsultaRefusal
from tally.consulta.people_sql import Adscripciones
from tally.consulta.states import Estado
from tally.consulta.store_sql import Consultas
from tally.mesa import keys_sql
from tally.mesa.opined_sql import may_opine
from tally.mesa.store_sql import SqlMesas

router = Guarded("/v1/consultas/{consulta}/mesas", "mesas")
MAX_TOTALS = 16 * 2**20


@router.get("/llaves", Permission.CONSULTA_MOSTRAR)
def list_keys(here: HereNow, consulta: ConsultaId) -> LlavesView:
    """Las llaves de quienes capturan las Mesas, por demarcación, y de cuáles falta."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        known = dict(keys_sql.keys_of(db, consulta).keys)
        names, fixed = keys_sql.needed(db, consulta), keys_sql.is_fixed(db, consulta)
    views = [LlaveView(demarcacion=name, llave=known.get(name)) for name in names]
    return LlavesView(fijadas=fixed, llaves=views)


@router.put("/llave", Permission.DISTRITO_LLAVE, status_code=204)
def set_key(here: HereNow, consulta: ConsultaId, form: LlaveMesas) -> None:
    """Registra, una sola vez, la llave con que se firma lo que entregan las Mesas de una demarcación."""
    with here.database.writing() as db:
        estado = Consultas(db).get(consulta, lock=True).estado
        district = Adscripciones(db, consulta).of(here.who.account).distrito
        mine = [u.unidad for u in Consultas(db).unidades(consulta) if u.distrito == district]
        if form.demarcacion not in {u.demarcacion for u in mine if u.proyectos}:
            raise hidden()
        if states.reached(estado, Estado.COMPUTADA):
            expected = "una consulta cuyas urnas no se han abierto"
            raise ConsultaRefusal("mesa.llaves", consulta, expected, estado.value)
        SqlMesas(db, consulta).register_key(form.demarcacion, form.llave, here.who.account, here.now)
        fixed = keys_sql.fix(db, consulta, here.now)
        detail = {"demarcacion": form.demarcacion, "llave": form.llave}
        tell(db, here, "mesa.llave", consulta, detail=detail)
    if fixed:
        here.services.keeper.publish(consulta)


@router.get("", Permission.MESA_RESULTADOS_CONSULTAR)
def listing(here: HereNow, consulta: ConsultaId) -> list[MesaView]:
    """Las Mesas propias, o todas: cómo se captura cada una, qué boletas hubo y si ya tiene su acta."""
    with here.database.reading() as db:
        require_published(Consultas(db).get(consulta))
        found = in_sight(db, here, consulta)
        return captures.views(db, places(here, consulta), consulta, found)


@router.get("/{clave}", Permission.MESA_RESULTADOS_CONSULTAR)
def show(here: HereNow, consulta: ConsultaId, clave: Clave) -> MesaView:
    """Una Mesa: si se captura en claro o cifrada, y lo que ya se capturó de sus boletas."""
    with here.database.reading() as db:
        stored = own_unidad(db, here, consulta, clave)
        require_published(Consultas(db).get(consulta))
        (view,) = captures.views(db, places(here, consulta), consulta, [stored])
    return view


@router.post("/{clave}/personas", Permission.MESA_LISTADO)
def look_up(here: HereNow, consulta: ConsultaId, clave: Clave, form: CredencialMostrada) -> PuedeOpinar:
    """Si quien muestra su credencial puede opinar en la Mesa, o ya lo hizo por internet.

    En la bitácora queda que se preguntó, no por quién.
    """
    with here.database.writing() as db:
        own_unidad(db, here, consulta, clave)
        found = Consultas(db).get(consulta)
        found.cronograma.require(Fase.MESAS, here.now)
        may = may_opine(db, here.services.sei.keeper, consulta, form.clave_elector)
        tell(db, here, "mesa.consulta-listado", consulta, detail={"unidad": clave})
    return PuedeOpinar(puede_opinar=may)


@router.put("/{clave}/resultados", Permission.MESA_CAPTURAR)
def capture(here: HereNow, consulta: ConsultaId, clave: Clave, form: Conteo) -> Captura:
    """Captura, o corrige, lo que contó la Mesa de una urna que se abrió sola, si las sumas cuadran."""
    return captures.in_clear(here, consulta, clave, form)


@router.put("/{clave}/totales", Permission.MESA_CAPTURAR, openapi_extra=binary(JSON))
async def capture_sealed(here: HereNow, consulta: ConsultaId, clave: Clave, request: Request) -> Captura:
    """Entrega lo que «certeza mesa cifrar» escribió: los totales cifrados de la Mesa de una urna pequeña."""
    data = await whole_body(request, MAX_TOTALS)
    return await run_in_threadpool(_sealed, here, consulta, clave, data)


def _sealed(here: Here, consulta: str, clave: str, data: bytes) -> Captura:
    return captures.encrypted(here, consulta, clave, data.removesuffix(b"\n"))
