"""The OPL prepares: accounts, request for use, results key, periodo, processes and their auxiliares."""

from __future__ import annotations

import csv
import io
from base64 import b64decode
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from api.accounts.permissions import Role
from api.accounts.staff import Application, Oficio
from api.demo.acting import Client, Staff
from api.demo.apoyo.people import enter_with_provider, link_for
from api.demo.apoyo.plan import CANDIDATES, ENTIDAD, INSTITUTE, OPERATORS, OPL, SHARES
from api.demo.apoyo.town import Town
from api.demo.orders import order
from capture.auxiliares.form import LABELS, AuxiliarForm
from capture.device.people import Invented, invent
from capture.processes.process_form import ProcessForm
from keys.randomness import Randomness

PASSPHRASE = "tres sauces frente a la plaza"  # noqa: S105 - of an invented institute
SIGN_IN = "Google"
"""What the institute writes down; the provider of the rehearsal stands in for it."""
_OFICIO = "INE/ENSAYO/1/2026"


@dataclass(frozen=True)
class Candidate:
    """An aspirante with the process that was registered."""

    name: str
    email: str
    proceso: str
    recipient: str


@dataclass(frozen=True)
class Helper:
    """An auxiliar, registered by the promovente."""

    identifier: str
    email: str
    proceso: str
    person: Invented


@dataclass
class Office:
    """Everybody who works on the process."""

    admin: Staff
    derfe: Staff
    enlace: Staff
    operators: list[Staff]
    periodo: str = ""


def open_offices(town: Town) -> Office:
    """The first account, then the OPL and its people; each account active once its declaration is signed."""
    admin = _first_account(town)
    admin.client.post("/v1/opls", {"id": OPL, "nombre": INSTITUTE, "siglas": "IEE", "entidad": ENTIDAD})
    derfe = _account(town, admin, "derfe@ine.mx", "Persona de la DERFE", Role.DERFE_OPERADOR, None)
    enlace = _account(town, admin, "enlace@ine.mx", "Persona enlace", Role.OPL_ENLACE, OPL)
    operators = [
        _account(town, admin, f"mesa{n}@ine.mx", f"Persona operadora {n}", Role.OPL_OPERADOR, OPL)
        for n in range(1, OPERATORS + 1)
    ]
    return Office(admin, derfe, enlace, operators)


def _first_account(town: Town) -> Staff:
    asked = Application(
        "Persona administradora",
        "Administración",
        "admin@ine.mx",
        "5512345678",
        Role.DERFE_ADMIN,
        None,
        Oficio(_OFICIO, town.clock().date()),
    )
    desk = town.services.accounts
    with desk.means.database.writing() as db:
        _, address = desk.administration.create_first(db, asked, town.clock())
    admin = Staff(town, asked.correo, asked.nombre)
    admin.enrol(address.split("#")[1])
    return admin


def _account(town: Town, admin: Staff, email: str, name: str, role: Role, opl: str | None) -> Staff:
    form = {"nombre": name, "cargo": name, "correo": email, "telefono": "5512345678", "rol": role.value}
    oficio = {"oficio_numero": _OFICIO, "oficio_fecha": town.clock().date().isoformat(), "opl": opl}
    admin.client.post("/v1/cuentas", {**form, **oficio})
    staff = Staff(town, email, name)
    staff.enrol(link_for(town, email))
    return staff


def ask_for_use(town: Town, office: Office) -> str:
    """The OPL asks with its estimates and DERFE answers; the folio (APO-30)."""
    asked = office.enlace.client.post(
        "/v1/solicitudes-uso",
        {
            "tipo": "candidatura-independiente",
            "correo": office.enlace.email,
            "numero_oficio": "IEE/1/2026",
            "fecha_oficio": town.clock().date().isoformat(),
            "aspirantes_estimados": str(len(CANDIDATES)),
            "apoyos_estimados": str(town.plan.records),
        },
    )
    folio = str(asked["folio"])
    answer = {"procedente": True, "respuesta": "Se pone a disposición el Sistema de Captación."}
    office.derfe.client.post(f"/v1/solicitudes-uso/{folio}/respuesta", answer)
    return folio


def open_period(town: Town, office: Office) -> None:
    """The periodo and its aviso de privacidad."""
    plan, client = town.plan, office.enlace.client
    form = {
        "opl": OPL,
        "tipo": "candidatura-independiente",
        "nombre": "Diputación local",
        "cargo": "Diputación local",
        "ambito": "local",
        "entidad": ENTIDAD,
        "inicio": plan.opens.strftime("%Y-%m-%dT%H:%M"),
        "fin": plan.closes.strftime("%Y-%m-%dT%H:%M"),
        "mi_apoyo": True,
    }
    office.periodo = client.post("/v1/periodos", form)["id"]
    notice = {"texto": "Aviso de privacidad simplificado del ensayo.", "liga": "https://ejemplo.mx/aviso"}
    client.post(f"/v1/periodos/{office.periodo}/avisos", notice)


def register_key(town: Town, office: Office) -> Path:
    """The OPL makes its key on its own machine, and proves that it has it (APO-23)."""
    folder = town.plan.output / "opl"
    folder.mkdir(parents=True, exist_ok=True)
    phrase = folder / "frase.txt"
    phrase.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    key = folder / OPL
    order("opl", "generar-llave", str(key), "--frase-archivo", str(phrase))
    public = (folder / f"{OPL}.pub").read_text(encoding="ascii")
    client = office.enlace.client
    asked = client.post("/v1/resultados/llaves", {"periodo": office.periodo, "llave": public})
    challenge = folder / "reto"
    challenge.write_bytes(b64decode(asked["reto"]))
    private = Path(f"{key}.llave")
    told = order(
        "opl", "registrar-posesion", str(challenge), "--llave", str(private), "--frase-archivo", str(phrase)
    )
    client.post(f"/v1/resultados/llaves/retos/{asked['id']}", {"respuesta": told.split()[-1]})
    return private


def register_candidates(town: Town, office: Office, random: Randomness) -> list[Candidate]:
    """Three aspirantes; each is written to once the signed cédula is back (APO-03)."""
    made = []
    for number, name in enumerate(CANDIDATES, 1):
        email = f"aspirante{number}@ejemplo.mx"
        form = _process_form(town, name, email, invent(random, ENTIDAD))
        client = office.enlace.client
        done = client.post(f"/v1/procesos?periodo={office.periodo}", asdict(form))
        client.ask("GET", f"/v1/procesos/{done['folio']}/cedula")
        client.post(f"/v1/procesos/{done['folio']}/confirmacion")
        made.append(Candidate(name, email, done["folio"], done["recipiente"]))
    return made


def _process_form(town: Town, name: str, email: str, person: Invented) -> ProcessForm:
    values = person.values
    return ProcessForm(
        denominacion=f"Candidatura independiente de {name}",
        promovente=name,
        nombre=values["nombre"].title(),
        apellido_paterno=values["apellido_paterno"].title(),
        apellido_materno=values["apellido_materno"].title(),
        lugar_nacimiento="Ciudad del ensayo",
        fecha_nacimiento=born(values["clave_elector"]).isoformat(),
        genero="no especificado",
        telefono_movil="4921234567",
        clave_elector=values["clave_elector"],
        cic=values.get("cic", ""),
        ocr="" if "cic" in values else values["ocr"],
        credencial_entidad=values["entidad"],
        credencial_municipio=values["municipio"],
        credencial_seccion=values["seccion"],
        correo=email,
        autenticacion=SIGN_IN,
        fecha_manifestacion=(town.clock() - timedelta(days=1)).date().isoformat(),
        numero_oficio="IEE/2/2026",
        fecha_oficio=town.clock().date().isoformat(),
    )


def born(clave: str) -> date:
    """The date of birth in a clave de elector of somebody who is an adult."""
    year = int(clave[6:8])
    return date(1900 + year, int(clave[8:10]), int(clave[10:12]))


def register_auxiliares(town: Town, candidates: list[Candidate], random: Randomness) -> list[Helper]:
    """Each aspirante hands in a file of auxiliares (APO-04)."""
    helpers = []
    for number, candidate in enumerate(candidates):
        client = Client(town, candidate.email, enter_with_provider(town, candidate.email))
        people = [invent(random, ENTIDAD) for _ in range(SHARES[number])]
        emails = [f"auxiliar{number + 1}-{n}@ejemplo.mx" for n in range(1, len(people) + 1)]
        path = f"/v1/procesos/{candidate.proceso}/auxiliares/archivo"
        data = _roster(people, emails)
        made = client.ask("POST", path, content=data, headers={"Content-Type": "text/csv"}).json()
        found = zip(made["auxiliares"], emails, people, strict=True)
        helpers += [
            Helper(identifier, email, candidate.proceso, person) for identifier, email, person in found
        ]
        client.close()
    return helpers


def _roster(people: list[Invented], emails: list[str]) -> bytes:
    out = io.StringIO()
    names = ("nombre", "apellido_paterno", "apellido_materno")
    rows = [
        AuxiliarForm(
            **{name: person.values[name].title() for name in names},
            fecha_nacimiento=born(person.values["clave_elector"]).isoformat(),
            telefono="4921234567",
            correo=email,
            autenticacion=SIGN_IN,
            clave_elector=person.values["clave_elector"],
            curp=person.values["curp"],
        )
        for person, email in zip(people, emails, strict=True)
    ]
    writer = csv.writer(out)
    writer.writerow(LABELS.values())
    writer.writerows([getattr(row, name) for name in LABELS] for row in rows)
    return out.getvalue().encode()
