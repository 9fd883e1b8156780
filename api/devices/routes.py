"""Devices: a challenge, the registration of an auxiliar's device, and «Baja de dispositivo»."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from api.accounts.permissions import Permission
from api.auxiliares.routes import auxiliar_in_sight
from api.http.base64_field import small_bytes
from api.http.bodies import whole_body
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.plain import DETAIL, is_plain
from api.http.problems import Problem
from api.http.rates import Rate
from api.processes.sight import fresh_id, hidden, tell
from capture.devices.challenges_sql import Challenges, Proof
from capture.devices.key import CHALLENGE_BYTES, read_key
from capture.devices.registration import (
    MAX_BODY_BYTES,
    Registration,
    body_path,
    register,
    require_registrable,
)
from capture.devices.store_sql import Device, DeviceStore
from capture.identity.contact import email
from capture.identity.credential_numbers import cic, ocr
from capture.processes.folio import read_auxiliar_id, read_process_folio
from ledger.fields import decode_base64

devices = Guarded("/v1", "dispositivos")
_MAX_JSON_BYTES = MAX_BODY_BYTES * 4 // 3 + 16_384


@dataclass(frozen=True, slots=True)
class DeviceChallenge:
    """What a device signs to show that it has its key: 32 bytes in base64, and until when it may."""

    reto: str
    valor: str
    vence: datetime


@dataclass(frozen=True, slots=True)
class ProofForm:
    """The answer to a challenge. `llave`: SubjectPublicKeyInfo; `firma`: 64 bytes; both in base64."""

    reto: str
    llave: str
    firma: str


@dataclass(frozen=True, slots=True)
class DeviceForm:
    """What the app sends in «Registro de Auxiliar». `capturas`: age file in base64; `credencial`: cic or
    ocr."""

    proceso: str
    auxiliar: str
    correo: str
    nombre: str
    credencial: str
    numero: str
    prueba: ProofForm
    capturas: str


@dataclass(frozen=True, slots=True)
class DeviceMade:
    """`repetido`: it had been registered already, and nothing changed."""

    dispositivo: str
    repetido: bool


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device without its key."""

    id: str
    nombre: str
    algoritmo: str
    alta: datetime
    baja: datetime | None


_FORM = TypeAdapter(DeviceForm)
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _FORM.json_schema(ref_template="#/components/schemas/{model}")}
        },
    }
}
_BODY["requestBody"]["content"]["application/json"]["schema"].pop("$defs", None)  # type: ignore[index]


@devices.post("/dispositivos/retos", Permission.MI_APOYO_SOLICITAR, rate=Rate.PACKETS, status_code=201)
def challenge(here: HereNow) -> DeviceChallenge:
    """Un reto para una prueba, de auxiliares o de «Mi Apoyo»."""
    identifier, value = fresh_id(here), here.services.random(CHALLENGE_BYTES)
    with here.database.writing() as db:
        expires = Challenges(db).issue(identifier, value, here.now)
    return DeviceChallenge(identifier, base64.b64encode(value).decode(), expires)


@devices.post(
    "/dispositivos",
    Permission.DISPOSITIVO_ALTA,
    status_code=201,
    response_model=DeviceMade,
    openapi_extra=_BODY,
)
async def add(here: HereNow, request: Request) -> DeviceMade:
    """Registra un dispositivo de la persona auxiliar, con las capturas de su cédula; a lo más dos activos."""
    body = await whole_body(request, _MAX_JSON_BYTES)
    return await run_in_threadpool(_add, here, body)


def _add(here: Here, body: bytes) -> DeviceMade:
    asked, blobs = _registration(body), here.services.blobs
    if (here.who.auxiliar, here.who.proceso or asked.proceso) != (asked.auxiliar, asked.proceso):
        raise Problem("sin-permiso", "La sesión es de otra persona auxiliar o de otro proceso.")
    with here.database.reading() as db:
        require_registrable(db, asked, here.now)
    device, cedula = fresh_id(here), fresh_id(here)
    blobs.put(body_path(asked, cedula), asked.body)
    kept = False
    try:
        with here.database.writing() as db:
            made = register(db, asked, device, cedula, here.now)
            if not made.again:
                tell(db, here, "dispositivo.alta", made.device, detail={"auxiliar": asked.auxiliar})
        kept = not made.again
    finally:
        if not kept:
            blobs.delete(body_path(asked, cedula))
    return DeviceMade(made.device, made.again)


def _registration(body: bytes) -> Registration:
    try:
        read = json.loads(body)
        form = _FORM.validate_python(read)
    except (ValidationError, ValueError, RecursionError):
        detail = "El cuerpo debe ser JSON con los datos del registro del dispositivo."
        raise Problem("datos-no-validos", detail) from None
    if not is_plain(read):
        raise Problem("datos-no-validos", DETAIL)
    if form.credencial not in ("cic", "ocr"):
        raise Problem("datos-no-validos", "La credencial se identifica por «cic» u «ocr».")
    return Registration(
        proceso=read_process_folio(form.proceso),
        auxiliar=read_auxiliar_id(form.auxiliar),
        correo=email(form.correo),
        name=form.nombre,
        credencial=form.credencial,
        numero=cic(form.numero) if form.credencial == "cic" else ocr(form.numero),
        proof=proof_of(form.prueba),
        body=decode_base64(form.capturas, "Capturas"),
    )


def proof_of(form: ProofForm) -> Proof:
    """The proof of a form. Raises Refusal."""
    key = read_key(small_bytes(form.llave, "Llave del dispositivo"))
    return Proof(form.reto, key, small_bytes(form.firma, "Firma del dispositivo"))


@devices.get("/auxiliares/{identifier}/dispositivos", Permission.DISPOSITIVO_CONSULTAR)
def list_devices(here: HereNow, identifier: str) -> list[DeviceView]:
    """Los dispositivos de una persona auxiliar, también los dados de baja."""
    with here.database.reading() as db:
        auxiliar_in_sight(db, here, identifier)
        return [_view(device) for device in DeviceStore(db).of_auxiliar(identifier)]


@devices.post("/dispositivos/{identifier}/baja", Permission.DISPOSITIVO_BAJA)
def remove(here: HereNow, identifier: str) -> DeviceView:
    """«Baja de dispositivo»: quien lo tenía puede registrar otro."""
    with here.database.writing() as db:
        store = DeviceStore(db)
        if store.get(identifier).auxiliar is None or store.get(identifier).auxiliar != here.who.auxiliar:
            raise hidden()
        store.remove(identifier, here.now)
        tell(db, here, "dispositivo.baja", identifier)
        return _view(store.get(identifier))


def _view(device: Device) -> DeviceView:
    return DeviceView(device.id, device.name, device.algorithm, device.alta, device.baja)
