"""Institutes, periods of capture, and the avisos de privacidad of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.accounts.permissions import Permission
from api.http.guard import Guarded
from api.http.here import HereNow
from api.processes.sight import fresh_id, hidden, require_opl, tell
from capture.processes.aviso import Aviso, read_aviso
from capture.processes.institute import Institute, read_institute
from capture.processes.period import PeriodForm, read_period
from capture.processes.store_sql import AvisoStore, InstituteStore, PeriodStore, StoredPeriod

institutes = Guarded("/v1/opls", "opls")
periods = Guarded("/v1/periodos", "periodos")


@dataclass(frozen=True, slots=True)
class InstituteForm:
    """A local institute as typed. `id`: a short name such as «ieez»."""

    id: str
    nombre: str
    siglas: str
    entidad: str


@dataclass(frozen=True, slots=True)
class NewPeriod(PeriodForm):
    """A period as typed, and whose it is."""

    opl: str = ""


@dataclass(frozen=True, slots=True)
class Active:
    """Activo o inactivo."""

    activo: bool


@dataclass(frozen=True, slots=True)
class AvisoForm:
    """An aviso de privacidad simplificado and the address of the integral one."""

    texto: str
    liga: str


@dataclass(frozen=True, slots=True)
class Identified:
    """The identifier of what was made."""

    id: str


@dataclass(frozen=True, slots=True)
class AvisoView:
    """A published version; records name it by version."""

    periodo: str
    version: int
    texto: str
    liga: str
    sha256: str
    publicado: datetime


@institutes.post("", Permission.OPL_CREAR, status_code=201)
def add_institute(here: HereNow, form: InstituteForm) -> Institute:
    """Registra un OPL."""
    made = read_institute(form.id, form.nombre, form.siglas, form.entidad)
    with here.database.writing() as db:
        InstituteStore(db).add(made, here.now)
        tell(db, here, "opl.alta", made.id)
    return made


@institutes.get("", Permission.OPL_CONSULTAR)
def list_institutes(here: HereNow) -> list[Institute]:
    """Los OPL a la vista de la cuenta."""
    with here.database.reading() as db:
        return [one for one in InstituteStore(db).all() if here.who.opl in (None, one.id)]


@periods.post("", Permission.PERIODO_CREAR, status_code=201)
def add_period(here: HereNow, form: NewPeriod) -> Identified:
    """Abre un periodo de captación para un OPL. Las fechas son de la hora centro."""
    require_opl(here, form.opl)
    made, identifier = read_period(form), fresh_id(here)
    with here.database.writing() as db:
        PeriodStore(db).add(identifier, form.opl, made, here.now)
        tell(db, here, "periodo.alta", identifier, detail={"tipo": made.tipo.value, "opl": form.opl})
    return Identified(identifier)


@periods.get("", Permission.PERIODO_CONSULTAR)
def list_periods(here: HereNow) -> list[StoredPeriod]:
    """Los periodos a la vista de la cuenta, del más nuevo al más antiguo."""
    with here.database.reading() as db:
        return PeriodStore(db).all(here.who.opl)


@periods.get("/{identifier}", Permission.PERIODO_CONSULTAR)
def one_period(here: HereNow, identifier: str) -> StoredPeriod:
    """Un periodo."""
    with here.database.reading() as db:
        stored = PeriodStore(db).get(identifier)
    require_opl(here, stored.opl)
    return stored


@periods.put("/{identifier}", Permission.PERIODO_MODIFICAR)
def change_period(here: HereNow, identifier: str, form: PeriodForm) -> StoredPeriod:
    """Sustituye los datos de un periodo, mientras nada dependa de ellos."""
    made = read_period(form)
    with here.database.writing() as db:
        store = PeriodStore(db)
        require_opl(here, store.get(identifier).opl)
        store.change(identifier, made, here.now)
        dates = {"inicio": made.inicio.isoformat(), "fin": made.fin.isoformat()}
        tell(db, here, "periodo.cambio", identifier, detail=dates)
        return store.get(identifier)


@periods.put("/{identifier}/activo", Permission.PERIODO_MODIFICAR)
def switch_period(here: HereNow, identifier: str, form: Active) -> StoredPeriod:
    """«Estatus del periodo (Activo/Inactivo)»."""
    with here.database.writing() as db:
        store = PeriodStore(db)
        require_opl(here, store.get(identifier).opl)
        store.set_active(identifier, form.activo)
        tell(db, here, "periodo.activo" if form.activo else "periodo.inactivo", identifier)
        return store.get(identifier)


@periods.post("/{identifier}/avisos", Permission.PERIODO_MODIFICAR, status_code=201)
def publish_aviso(here: HereNow, identifier: str, form: AvisoForm) -> AvisoView:
    """Publica la versión siguiente del aviso de privacidad simplificado."""
    content = read_aviso(form.texto, form.liga)
    with here.database.writing() as db:
        require_opl(here, PeriodStore(db).get(identifier).opl)
        made = AvisoStore(db).publish(identifier, content, here.now)
        detail = {"version": str(made.version), "sha256": content.sha256.hex()}
        tell(db, here, "aviso.publicacion", identifier, detail=detail)
    return view_of(made)


@periods.get("/{identifier}/aviso", Permission.AVISO_CONSULTAR)
def one_aviso(here: HereNow, identifier: str, version: int | None = None) -> AvisoView:
    """Una versión del aviso de privacidad; la más nueva si no se dice cuál."""
    if version is not None and not 0 < version < 2**31:
        raise hidden()
    with here.database.reading() as db:
        return view_of(AvisoStore(db).get(identifier, version))


def view_of(aviso: Aviso) -> AvisoView:
    """As it is answered."""
    text, link, digest = aviso.content.texto, aviso.content.liga, aviso.content.sha256.hex()
    return AvisoView(aviso.periodo, aviso.version, text, link, digest, aviso.publicado)
