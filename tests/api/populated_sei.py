"""A consultation of each side, with who belongs to it: a custodio, a Dirección Distrital and a Mesa."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from sqlalchemy import Connection, insert, update

from api.consultas import ceremony
from api.consultas.places import places_of
from api.services import Services
from capture.packet import device_key
from capture.packet.body import seal
from capture.preregistro.form import read_data
from capture.preregistro.receiving import body_path
from capture.preregistro.request import CIUDADANIA, Attempt
from capture.preregistro.store_sql import Begun, Requests
from capture.preregistro.tables import preregistros
from capture.validacion.tables import verificacion_llamadas, verificacion_muestras
from tally.claves.person import PersonData
from tally.claves.store_sql import Personas
from tally.consulta.form import read_form
from tally.consulta.people_sql import Adscripcion, Adscripciones
from tally.consulta.store_sql import Consultas
from tests.capture.packet.making import new_key
from tests.capture.preregistro.asking import Telephone, fields_of
from tests.capture.registration_samples import NOW
from tests.tally.consulta.making import asked

DISTRICT, UNIT, SECTION = "07", "09-001", "0101"
WHOM = {"clave_elector": "GMVLMR80010109M001", "ocr": "1000000000001"}
KEY = new_key("ed25519")
LLAVE = device_key.encode_key(KEY.public_key())
COUNT = {"recibidas": 50, "sobrantes": 40, "opiniones": [6, 3], "nulas": 1, "total": 10}
PARTS = {
    "indice": "1",
    "seccion": SECTION,
    "clave": UNIT,
    "uuid": "AAAAAAAAAAAAAAAAAAAAAA",
    "altura": "1",
    "patron": "1",
    "intento": "1",
    "campo": "ocr",
}
"""Parameters of paths that are no ids, and must have the form of theirs."""


def consult(services: Services, number: int, accounts: dict[str, str]) -> str:
    """A consultation whose ceremony was announced; `accounts`: by role. Its id."""
    name = f"consulta-{number}"
    form = read_form(asked(id=name), "consulta")
    with services.database.writing() as db:
        store, people = Consultas(db), Adscripciones(db, name)
        store.add(form, "nadie", NOW)
        store.appoint(name, 1, accounts["consejo_general"])
        people.assign(Adscripcion(accounts["direccion_distrital"], DISTRICT, None), "nadie", NOW)
        people.assign(Adscripcion(accounts["responsable_mesa"], DISTRICT, UNIT), "nadie", NOW)
        found = store.get(name)
        names = [one.nombre for one in store.custodios(name)]
        person = PersonData(**WHOM, nombre="Ana", telefono="5512345678", correo="ana@ejemplo.mx")
        identifier = f"0193{number:04d}-0000-7000-8000-00000000000a"
        Personas(db, services.sei.keeper).add(identifier, name, SECTION, person, NOW)
        _request(db, services, name, (accounts["deoeyg"], identifier, folio_of(number)))
        _sample(db, name, (sample_of(number), folio_of(number)))
    ceremony.begin(places_of(services.settings, name).ceremony, found, names)
    return name


def folio_of(number: int) -> str:
    """The request of each side."""
    return f"0000-0000-000{number}"


def sample_of(number: int) -> str:
    """The sample of each side."""
    return f"0193{number:04d}-0000-7000-8000-00000000000b"


def _request(db: Connection, services: Services, name: str, whose: tuple[str, str, str]) -> None:
    """A request that an operator holds, of somebody with a Clave, with the packet that it was."""
    operator, titular, folio = whose
    phone = Telephone(1, name, KEY, folio, "A" * 43, services.chamber.new_process_key(name))
    envelope, body = phone.packet(1, NOW)
    services.blobs.put(body_path(envelope), body)
    data = seal(read_data(fields_of(1)).encode(), phone.recipient)
    requests = Requests(db, services.acts)
    made = requests.begin(Begun(folio, name, phone.secret, phone.spki, "izquierda,derecha"), NOW)
    attempt = Attempt(folio, 1, made.giros, NOW, envelope.encode(), body_path(envelope))
    requests.received(made, attempt, envelope.tamano, envelope.sha256, CIUDADANIA)
    held = {"estado": "en-validacion", "operador": operator, "asignado": NOW, "titular": titular}
    db.execute(update(preregistros).where(preregistros.c.folio == folio).values(**held, datos=data))


def _sample(db: Connection, name: str, ids: tuple[str, str]) -> None:
    told = {"semilla": "s", "tamano": 1, "poblacion": 1, "sha256": bytes(32), "sorteada": NOW}
    row = {"id": ids[0], "consulta": name, "sorteada_por": "nadie"}
    db.execute(insert(verificacion_muestras).values(**row, **told))
    db.execute(insert(verificacion_llamadas).values(muestra=ids[0], folio=ids[1]))


def sei_bodies(ids: dict[str, str]) -> dict[str, Any]:
    """What each route of a consultation takes; ids are of one side."""
    at = "/v1/consultas/{consulta}"
    desk = {**WHOM, "verificacion": "por teléfono"}
    secret = "A" * 43
    return {
        "POST /v1/consultas": asked(id="consulta-nueva"),
        f"PUT {at}": asked(id=ids["consulta"]),
        f"PUT {at}/cronograma": {
            "invitacion": {"inicio": "2027-04-09T00:00:00", "fin": "2027-04-13T00:00:00"}
        },
        f"PUT {at}/custodios/{{indice}}": {"cuenta": ids["custodio"]},
        f"PUT {at}/adscripciones/{{cuenta}}": {"distrito": DISTRICT},
        f"POST {at}/sellos": {"dicho": "Estuve presente."},
        f"PUT {at}/ceremonia/buzon/{{archivo}}": b"{}",
        f"PUT {at}/ceremonia/ensayo/{{archivo}}": b"{}",
        f"POST {at}/aportaciones": b"{}",
        f"PUT {at}/distrito/llave": {"llave": ids["llave"]},
        f"PUT {at}/mesas/llave": {"demarcacion": "MILPA ALTA", "llave": "0" * 64},
        f"POST {at}/mesas/{{clave}}/personas": {"clave_elector": WHOM["clave_elector"]},
        f"PUT {at}/mesas/{{clave}}/ubicacion": {"ubicaciones": ["Plaza Juárez 1, kiosco"]},
        f"PUT {at}/mesas/{{clave}}/resultados": COUNT,
        f"PUT {at}/mesas/{{clave}}/totales": b"{}",
        f"POST {at}/sumas/aportaciones": b"{}",
        f"POST {at}/entradas": {**WHOM, "auth": "0" * 64},
        f"POST {at}/entradas/token": {"entrada": secret},
        f"POST {at}/entradas/sesion": {"entrada": secret, "token": "123456"},
        f"POST {at}/opiniones": b"{}",
        f"POST {at}/retos": b"{}",
        f"POST {at}/cat/desbloqueos": desk,
        f"POST {at}/cat/reposiciones": desk,
        f"POST {at}/preregistros": {"llave": b64encode(LLAVE).decode()},
        f"PUT {at}/preregistros/{{folio}}/intentos/{{intento}}": b"cuerpo",
        f"POST {at}/invitaciones": {"anterior": ids["consulta"]},
        f"POST {at}/invitaciones/confirmacion": {
            "invitacion": "0193aaaa-0000-7000-8000-000000000001",
            "secreto": secret,
            "sin_cambios": True,
        },
        f"PUT {at}/lista-nominal": {"corte": "2027-02-28"},
        f"POST {at}/validacion/solicitudes/{{folio}}/rechazo": {"causa": 1},
        f"POST {at}/verificacion/muestras": {"semilla": "s", "tamano": 1},
        f"POST {at}/verificacion/muestras/{{muestra}}/personas/{{folio}}": {"hallazgo": "recibida"},
        f"POST {at}/autoridad/busquedas": {
            **WHOM,
            "autoridad": "Tribunal",
            "expediente": "E-1",
            "oficio": "OF/1",
            "fundamento": "Art. 1",
        },
        f"POST {at}/claves/deshabilitaciones": {**WHOM, "motivo": "no lo solicitó"},
    }
