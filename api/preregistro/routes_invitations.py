"""`/v1/consultas/{consulta}/invitaciones` and its lista nominal: people who had a Clave (SEI-02, SEI-05)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, update

from api.accounts.permissions import Permission
from api.entrada.routes import Consulta
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.preregistro.forms import Confirmacion, Confirmada, CorteDeLista, Invitados, Invitar
from api.processes.sight import fresh_id, tell
from capture.packet.body import seal
from capture.preregistro.folio import new_folio
from capture.preregistro.form import RequestData
from capture.preregistro.invitations_sql import Invitation, Invitations, Invited
from capture.preregistro.request import CIUDADANIA
from capture.preregistro.states import Paso
from capture.preregistro.store_sql import Begun, Requests
from capture.preregistro.tables import preregistro_ajustes
from capture.preregistro.verdict import Dictamen
from tally.claves.store_sql import Personas, with_clave
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consultas

router = Guarded("/v1/consultas/{consulta}", "preregistro")
_CONFIRMED = (
    "Su Clave se enviará a su correo electrónico, y un aviso mediante SMS. Su número de folio es {folio}."
)
_CHANGED = (
    "En caso de haber modificado sus datos de la Credencial para votar, correo electrónico y/o número "
    "telefónico, deberá solicitar nuevamente su Pre-registro."
)


@router.post("/invitaciones", Permission.INVITACION_ENVIAR, status_code=202)
def invite(here: HereNow, consulta: Consulta, form: Invitar) -> Invitados:
    """Invita a quienes tuvieron una Clave en una consulta anterior; nadie se invita dos veces."""
    with here.database.writing() as db:
        Consultas(db).get(form.anterior)
        Consultas(db).get(consulta).cronograma.require(Fase.INVITACION, here.now)
        store = Invitations(db, consulta)
        added = store.add(form.anterior, with_clave(db, form.anterior), lambda: fresh_id(here))
        detail = {"anterior": form.anterior, "personas": str(added)}
        tell(db, here, "invitacion.envio", consulta, detail=detail)
        return Invitados(nuevas=added, estados=store.figures())


@router.get("/invitaciones", Permission.INVITACION_ENVIAR)
def figures(here: HereNow, consulta: Consulta) -> Invitados:
    """Cuántas invitaciones se enviaron y cuántas se confirmaron."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        return Invitados(nuevas=0, estados=Invitations(db, consulta).figures())


@router.post("/invitaciones/confirmacion", Permission.INVITACION_CONFIRMAR)
def confirm(here: HereNow, consulta: Consulta, form: Confirmacion) -> Confirmada:
    """Quien tuvo una Clave confirma que nada cambió, y recibe una nueva sin Pre-registro."""
    recipient = here.services.chamber.new_process_key(_open(here, consulta))
    with here.database.writing() as db:
        store = Invitations(db, consulta)
        found = store.of_secret(form.invitacion, form.secreto)
        if found.folio is not None and form.sin_cambios:
            return Confirmada(folio=found.folio, mensaje=_CONFIRMED.format(folio=found.folio))
        if not form.sin_cambios:
            store.answer(found, Invited.CHANGED, None, here.now)
            return Confirmada(folio=None, mensaje=_CHANGED)
        folio = _request(db, here, found, (form.secreto, recipient))
        store.answer(found, Invited.CONFIRMED, folio, here.now)
    return Confirmada(folio=folio, mensaje=_CONFIRMED.format(folio=folio))


def _open(here: Here, consulta: str) -> str:
    with here.database.reading() as db:
        Consultas(db).get(consulta).cronograma.require(Fase.PREREGISTRO, here.now)
    return consulta


def _request(db: Connection, here: Here, invitation: Invitation, told: tuple[str, str]) -> str:
    """A request that needs no test: the lista nominal is asked as for everybody."""
    services, consulta, now = here.services, invitation.consulta, here.now
    data = _data(db, here, invitation)
    sealed = seal(data.encode(), told[1])
    blind = services.chamber.hmac(consulta, data.clave_elector.encode())
    requests = Requests(db, services.acts)
    folio = new_folio(services.random)
    made = requests.begin(Begun(folio, consulta, told[0], None, "", "invitacion"), now)
    of_person = {"datos": sealed, "persona": blind, "seccion": data.seccion}
    values = {**of_person, "recibido": now, "dictamen": Dictamen.INVITACION.value}
    requests.step(made, Paso.CONFIRMACION, CIUDADANIA, now, **values)
    return folio


def _data(db: Connection, here: Here, invitation: Invitation) -> RequestData:
    """What is known of the person; the address is that of the credential, which did not change."""
    people = Personas(db, here.services.sei.keeper)
    person, known = people.get(invitation.titular), people.data(invitation.titular)
    units = Consultas(db).of_seccion(invitation.consulta, person.seccion)
    place = units[0].unidad if units else None
    return RequestData(
        nombre=known.nombre,
        apellido_paterno="",
        apellido_materno="",
        clave_elector=known.clave_elector,
        ocr=known.ocr,
        vigencia="",
        seccion=person.seccion,
        demarcacion=place.demarcacion if place else "",
        unidad=place.nombre if place else "",
        cp="",
        calle="",
        numero_exterior="",
        numero_interior="",
        telefono=known.telefono,
        correo=known.correo,
    )


@router.put("/lista-nominal", Permission.LISTA_NOMINAL_CARGAR)
def set_cut_off(here: HereNow, consulta: Consulta, form: CorteDeLista) -> CorteDeLista:
    """Fija la fecha de corte de la Lista Nominal con que se coteja: la del corte que se cargó."""
    with here.database.writing() as db:
        Consultas(db).get(consulta)
        _keep(db, consulta, form, here.who.account, here.now)
        tell(db, here, "lista-nominal.corte", consulta, detail={"corte": form.corte.isoformat()})
    return form


def _keep(db: Connection, consulta: str, form: CorteDeLista, who: str, now: datetime) -> None:
    c = preregistro_ajustes.c
    told = {"corte": form.corte, "fijado": now, "fijado_por": who}
    changed = db.execute(update(preregistro_ajustes).where(c.consulta == consulta).values(**told))
    if not changed.rowcount:
        db.execute(insert(preregistro_ajustes).values(consulta=consulta, **told))
