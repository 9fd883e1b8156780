"""`/v1/consultas/{consulta}/verificacion` and `/autoridad`: whether Claves arrived (SEI-11), and what an
authority is told (SEI-12)."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import Path
from sqlalchemy import Connection

from api.accounts.permissions import Permission
from api.entrada.routes import Consulta
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.refusals import declare
from api.preregistro.routes import FolioPath
from api.processes.sight import fresh_id, tell
from api.validacion.forms_check import (
    Contacto,
    Hallado,
    Informe,
    Llamada,
    MuestraView,
    NuevoHallazgo,
    NuevoSorteo,
)
from capture.validacion.errors import UnknownSorteo
from capture.validacion.samples_sql import Sample, Samples
from capture.validacion.sampling import HEADER, Hallazgo
from tally.claves.states import State
from tally.claves.store_sql import Personas
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consultas
from tally.entrada.sessions_sql import VoterSessions

router = Guarded("/v1/consultas/{consulta}/verificacion", "verificacion")
declare(UnknownSorteo, "no-encontrado")
Muestra = Annotated[str, Path(max_length=36, description="Identificador de la muestra")]
_ALGORITHM = f"SHA-256(«{HEADER}», semilla, folio): los primeros en orden"
_DENIED = "Niega haber realizado el trámite (verificación de entrega)."


@router.post("/muestras", Permission.VERIFICACION_SORTEAR, status_code=201)
def draw(here: HereNow, consulta: Consulta, form: NuevoSorteo) -> MuestraView:
    """Sortea a quiénes se llama por teléfono; la semilla se publica y cualquiera puede repetir el sorteo."""
    identifier = fresh_id(here)
    with here.database.writing() as db:
        _require_phase(db, here, consulta)
        samples = Samples(db, consulta)
        made = samples.draw(identifier, form.semilla, form.tamano, here.who.account, here.now)
        detail = {"consulta": consulta, "tamano": str(form.tamano), "poblacion": made.digest.hex()}
        tell(db, here, "verificacion.muestra", identifier, form.semilla, detail)
        return _view(samples.get(identifier))


@router.get("/muestras", Permission.CONSULTA_MOSTRAR)
def listing(here: HereNow, consulta: Consulta) -> list[MuestraView]:
    """Las muestras que se sortearon, con su semilla."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        return [_view(one) for one in Samples(db, consulta).all()]


@router.get("/muestras/{muestra}", Permission.VERIFICACION_CONSULTAR)
def report(here: HereNow, consulta: Consulta, muestra: Muestra) -> Informe:
    """El informe de una muestra: a cuántas personas se llamó y qué se encontró."""
    with here.database.reading() as db:
        samples = Samples(db, consulta)
        sample, calls = samples.get(muestra), samples.calls(muestra)
    found = Counter(call.hallazgo for call in calls)
    return Informe(
        muestra=_view(sample),
        hallazgos={one.value: found[one] for one in Hallazgo},
        faltan=found[None],
        llamadas=[Llamada(folio=c.folio, hallazgo=c.hallazgo, nota=c.nota, cuando=c.cuando) for c in calls],
    )


@router.get("/muestras/{muestra}/personas/{folio}", Permission.VERIFICACION_REGISTRAR)
def contact(here: HereNow, consulta: Consulta, muestra: Muestra, folio: FolioPath) -> Contacto:
    """A quién llamar, y a qué teléfono. Cada consulta queda en la bitácora."""
    with here.database.writing() as db:
        titular = Samples(db, consulta).titular(muestra, folio)
        data = Personas(db, here.services.sei.keeper).data(titular)
        tell(db, here, "verificacion.contacto", folio, detail={"consulta": consulta, "muestra": muestra})
    return Contacto(folio=folio, nombre=data.nombre, telefono=data.telefono)


@router.post("/muestras/{muestra}/personas/{folio}", Permission.VERIFICACION_REGISTRAR)
def found(
    here: HereNow, consulta: Consulta, muestra: Muestra, folio: FolioPath, form: NuevoHallazgo
) -> Hallado:
    """Registra qué se encontró. Si la persona niega el trámite, su Clave se deshabilita."""
    with here.database.writing() as db:
        _require_phase(db, here, consulta)
        samples = Samples(db, consulta)
        who, now = here.who.account, here.now
        samples.found(muestra, folio, form.hallazgo, form.nota, who, now)
        detail = {"consulta": consulta, "muestra": muestra, "hallazgo": form.hallazgo.value}
        tell(db, here, "verificacion.hallazgo", folio, detail=detail)
        denied = form.hallazgo is Hallazgo.NIEGA_TRAMITE
        if denied:
            _disable(db, here, consulta, samples.titular(muestra, folio))
    return Hallado(folio=folio, hallazgo=form.hallazgo.value, deshabilitada=denied)


def _disable(db: Connection, here: Here, consulta: str, titular: str) -> None:
    people = Personas(db, here.services.sei.keeper)
    person = people.get(titular)
    if person.estado is State.DESHABILITADA:
        return
    people.disabled(person, _DENIED, here.now)
    VoterSessions(db).close_all(person.id)
    tell(db, here, "clave.deshabilitacion", person.id, _DENIED, {"consulta": consulta})


def _require_phase(db: Connection, here: Here, consulta: str) -> None:
    Consultas(db).get(consulta).cronograma.require(Fase.VERIFICACION, here.now)


def _view(sample: Sample) -> MuestraView:
    return MuestraView(
        id=sample.id,
        semilla=sample.semilla,
        tamano=sample.tamano,
        poblacion=sample.poblacion,
        sha256=sample.sha256,
        sorteada=sample.sorteada,
        algoritmo=_ALGORITHM,
    )
