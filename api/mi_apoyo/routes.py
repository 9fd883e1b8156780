"""«Mi Apoyo»: the processes of an entidad, the activation code by e-mail, and the activation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.accounts.permissions import Permission
from api.devices.routes import ProofForm, proof_of
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.rates import Rate
from api.messages.mi_apoyo import activation_code, activation_taken
from api.processes.routes_processes import Shown, shown_of
from api.processes.sight import addresses, fresh_id, tell
from capture.identity.entidades import entidad as read_entidad
from capture.identity.names import line
from capture.mi_apoyo.activation import ActivationForm, ActivationRequest, open_for, read_activation
from capture.mi_apoyo.code import SALT_BYTES, derive, new_code, read_code
from capture.mi_apoyo.store_sql import ActivationStore, GivenCode
from capture.processes.process_store_sql import ProcessStore
from capture.processes.store_sql import PeriodStore
from keys.randomness import SystemRandomness

citizens = Guarded("/v1/mi-apoyo", "mi-apoyo")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationCodeForm(ActivationForm):
    """A request for a code, with the proof of the device that will use it."""

    prueba: ProofForm


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The identifier of the request; the code goes to the e-mail."""

    activacion: str
    vence: datetime


@dataclass(frozen=True, slots=True)
class ActivationGiven:
    """The code as it came by e-mail, the name of the device, and its proof."""

    codigo: str
    nombre: str
    prueba: ProofForm


@dataclass(frozen=True, slots=True)
class Activated:
    """The device that may now send the support of this one person."""

    activacion: str
    dispositivo: str
    entidad: str


@dataclass(frozen=True, slots=True)
class Left:
    """The activation that ended."""

    activacion: str


@citizens.get("/procesos", Permission.PROCESO_MOSTRAR)
def open_processes(here: HereNow, entidad: str) -> list[Shown]:
    """Los procesos activos que la ciudadanía de una entidad puede apoyar directamente."""
    place = read_entidad(entidad)
    with here.database.reading() as db:
        store = ProcessStore(db)
        stored = [
            p
            for period in open_for(PeriodStore(db).all(), place, here.now)
            for p in store.of_period(period.id)
        ]
        return [shown_of(db, here, process) for process in stored if process.activo]


@citizens.post("/codigos", Permission.MI_APOYO_SOLICITAR, rate=Rate.SECRETS, status_code=201)
def ask(here: HereNow, form: ActivationCodeForm) -> CodeSent:
    """«Generar Código»: llega por correo, y solo lo puede usar el dispositivo que lo pide."""
    data = read_activation(form)
    asked = ActivationRequest(data, proof_of(form.prueba))
    identifier, salt, code = fresh_id(here), here.services.random(SALT_BYTES), new_code(SystemRandomness())
    derived = derive(code, salt)
    with here.database.writing() as db:
        store, contact = ActivationStore(db), addresses(here).contact
        free = store.are_free(data.correo, data.cic)
        expires = store.request(identifier, asked, salt, derived, here.now)
        given = activation_code(data.correo, code, expires, contact)
        here.services.outbox.put(db, given if free else activation_taken(data.correo, contact))
    return CodeSent(identifier, expires)


@citizens.post("/codigos/{identifier}/activacion", Permission.MI_APOYO_ACTIVAR, rate=Rate.SECRETS)
def activate(here: HereNow, identifier: str, form: ActivationGiven) -> Activated:
    """«Introduce el código de activación». Los errores se cuentan; repetirlo no daña."""
    code, name, proof = (
        read_code(form.codigo),
        line(form.nombre, "Nombre del dispositivo", 100),
        proof_of(form.prueba),
    )
    with here.database.writing() as db:
        ActivationStore(db).count_attempt(identifier, here.now)
        salt = ActivationStore(db).salt(identifier)
    given = GivenCode(code, derive(code, salt), proof)
    with here.database.writing() as db:
        store, fresh = ActivationStore(db), fresh_id(here)
        device = store.activate(identifier, given, fresh, name, here.now)
        if device == fresh:
            tell(db, here, "mi-apoyo.activacion", identifier, detail={"dispositivo": device})
        return Activated(identifier, device, store.get(identifier).entidad)


@citizens.post("/codigos/{identifier}/baja", Permission.MI_APOYO_ACTIVAR)
def leave(here: HereNow, identifier: str, form: ProofForm) -> Left:
    """«Baja de dispositivo» de «Mi Apoyo», desde el propio dispositivo: correo y credencial quedan libres."""
    with here.database.writing() as db:
        ActivationStore(db).leave(identifier, proof_of(form), here.now)
        tell(db, here, "mi-apoyo.baja", identifier)
    return Left(identifier)
