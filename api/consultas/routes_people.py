"""Custodios, Direcciones Distritales and Mesas of a consultation; and what the Contraloría seals."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from api.accounts.permissions import Permission, Role
from api.accounts.store_sql import Accounts
from api.consultas.forms import (
    Adscripcion,
    AdscripcionView,
    CustodioCuenta,
    Nombramiento,
    Sello,
    SelloView,
)
from api.consultas.routes import ConsultaId
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.processes.sight import hidden, tell
from tally.consulta import people_sql as people
from tally.consulta.store_sql import Consultas

router = Guarded("/v1/consultas/{consulta}", "consultas")
Cuenta = Annotated[str, Path(max_length=64)]


@router.get("/custodios", Permission.CONSULTA_CONSULTAR)
def list_custodios(here: HereNow, consulta: ConsultaId) -> list[CustodioCuenta]:
    """Quiénes custodian, con la cuenta que entrega sus archivos."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        return [
            CustodioCuenta(indice=one.indice, nombre=one.nombre, huella=one.huella, cuenta=one.cuenta)
            for one in Consultas(db).custodios(consulta)
        ]


@router.put("/custodios/{indice}", Permission.CUSTODIO_DESIGNAR, status_code=204)
def appoint(
    here: HereNow, consulta: ConsultaId, indice: Annotated[int, Path(ge=1, le=99)], form: Nombramiento
) -> None:
    """Designa la cuenta que entrega los archivos de una persona custodia."""
    _require_role(here, form.cuenta, Role.CONSEJO_GENERAL)
    with here.database.writing() as db:
        Consultas(db).get(consulta)
        Consultas(db).appoint(consulta, indice, form.cuenta)
        detail = {"custodio": str(indice), "cuenta": form.cuenta}
        tell(db, here, "custodio.designar", consulta, detail=detail)


@router.get("/adscripciones", Permission.ADSCRIPCION_CONSULTAR)
def list_adscripciones(here: HereNow, consulta: ConsultaId) -> list[AdscripcionView]:
    """A qué Dirección Distrital o Mesa pertenece cada cuenta."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        found = people.Adscripciones(db, consulta).all()
    return [AdscripcionView(cuenta=a.cuenta, distrito=a.distrito, unidad=a.unidad) for a in found]


@router.put("/adscripciones/{cuenta}", Permission.ADSCRIPCION_ASIGNAR, status_code=204)
def assign(here: HereNow, consulta: ConsultaId, cuenta: Cuenta, form: Adscripcion) -> None:
    """Adscribe una cuenta a una Dirección Distrital, o a la Mesa de una Unidad Territorial.

    Una Dirección Distrital solo adscribe a las Mesas de su distrito.
    """
    _require_role(here, cuenta, Role.DIRECCION_DISTRITAL if form.unidad is None else Role.RESPONSABLE_MESA)
    with here.database.writing() as db:
        Consultas(db).get(consulta)
        store = people.Adscripciones(db, consulta)
        if here.who.role is Role.DIRECCION_DISTRITAL and (
            form.unidad is None or store.of(here.who.account).distrito != form.distrito
        ):
            raise hidden()
        store.assign(people.Adscripcion(cuenta, form.distrito, form.unidad), here.who.account, here.now)
        detail = {"cuenta": cuenta, "distrito": form.distrito, "unidad": form.unidad or ""}
        tell(db, here, "adscripcion.asignar", consulta, detail=detail)


@router.get("/sellos", Permission.CONSULTA_MOSTRAR)
def list_sellos(here: HereNow, consulta: ConsultaId) -> list[SelloView]:
    """Lo que la Contraloría hizo constar, y el estado de la bitácora en cada ocasión."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        found = people.Sellos(db, consulta).all()
    return [SelloView(dicho=s.dicho, cuando=s.cuando, entradas=s.entradas, raiz=s.raiz) for s in found]


@router.post("/sellos", Permission.CONSULTA_SELLAR, status_code=201)
def seal(here: HereNow, consulta: ConsultaId, form: Sello) -> SelloView:
    """La Contraloría hace constar lo que vio, con el tamaño y la raíz de la bitácora en ese instante."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
    head = here.services.logs.consultas.head(consulta)
    made = people.Sello(here.now, head.size, head.root.hex(), form.dicho)
    with here.database.writing() as db:
        people.Sellos(db, consulta).add(made, here.who.account)
        detail = {"entradas": str(made.entradas), "raiz": made.raiz}
        tell(db, here, "consulta.sello", consulta, detail=detail)
    return SelloView(dicho=made.dicho, cuando=made.cuando, entradas=made.entradas, raiz=made.raiz)


def _require_role(here: Here, account: str, role: Role) -> None:
    """The account exists and is of that role. Raises Problem."""
    with here.database.reading() as db:
        found = Accounts(db).get(account)
    if found.rol is not role:
        raise Problem("datos-no-validos", f"La cuenta debe existir y ser de rol «{role.value}».")
