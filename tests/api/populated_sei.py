"""A consultation of each side, with who belongs to it: a custodio, a Dirección Distrital and a Mesa."""

from __future__ import annotations

from typing import Any

from api.consultas import ceremony
from api.consultas.places import places_of
from api.services import Services
from tally.claves.person import PersonData
from tally.claves.store_sql import Personas
from tally.consulta.form import read_form
from tally.consulta.people_sql import Adscripcion, Adscripciones
from tally.consulta.store_sql import Consultas
from tests.capture.registration_samples import NOW
from tests.tally.consulta.making import asked

DISTRICT, UNIT, SECTION = "07", "09-001", "0101"
WHOM = {"clave_elector": "GMVLMR80010109M001", "ocr": "1000000000001"}
COUNT = {"recibidas": 50, "sobrantes": 40, "opiniones": [6, 3], "nulas": 1, "total": 10}
PARTS = {
    "indice": "1",
    "seccion": SECTION,
    "clave": UNIT,
    "uuid": "AAAAAAAAAAAAAAAAAAAAAA",
    "altura": "1",
    "patron": "1",
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
    ceremony.begin(places_of(services.settings, name).ceremony, found, names)
    return name


def sei_bodies(ids: dict[str, str]) -> dict[str, Any]:
    """What each route of a consultation takes; ids are of one side."""
    at = "/v1/consultas/{consulta}"
    desk = {**WHOM, "verificacion": "por teléfono"}
    secret = "A" * 43
    return {
        "POST /v1/consultas": asked(id="consulta-nueva"),
        f"PUT {at}": asked(id=ids["consulta"]),
        f"PUT {at}/cronograma": {
            "invitacion": {"inicio": "2027-04-09T00:00:00", "fin": "2027-04-12T00:00:00"}
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
        f"POST {at}/claves/deshabilitaciones": {**WHOM, "motivo": "no lo solicitó"},
    }
