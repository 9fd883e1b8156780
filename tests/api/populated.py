"""A service with two institutes that have one thing of each kind, and people who really signed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

from pyrage import x25519
from sqlalchemy import Connection, event, insert, select, update

from api import wiring
from api.accounts.means import Visitor, staff_grant
from api.accounts.permissions import OF_AN_OPL, ROLES_OF, Permission, Role
from api.accounts.session import Grant
from api.accounts.states import State
from api.accounts.store_sql import Accounts
from api.accounts.tables import cuentas
from api.acts.tables import actos
from api.database_version import migrate
from api.documents.issued import Owner
from api.documents.service import About
from api.outbox.tables import mensajes
from api.results.bench import ask as ask_job
from api.services import Services
from api.settings import Settings
from capture.attention.report import CAUSES, Medio, NewReport
from capture.attention.store_sql import SqlReports
from capture.audiencia.store_sql import Asked, SqlAudiencias
from capture.auxiliares.form import read_auxiliar
from capture.auxiliares.store_sql import AuxiliarStore
from capture.auxiliares.tables import cedulas_auxiliar
from capture.devices.key import read_key
from capture.devices.store_sql import DeviceStore
from capture.mesa.tables import asignaciones, muestras
from capture.packet import device_key
from capture.packet.body import encode_tar, seal
from capture.processes.aviso import read_aviso
from capture.processes.institute import read_institute
from capture.processes.process_form import read_process
from capture.processes.process_store_sql import ProcessStore
from capture.processes.store_sql import AvisoStore, InstituteStore, PeriodStore
from capture.processing.bodies import BlobBodies
from capture.processing.job import Processing
from capture.processing.opening import Tools
from capture.processing.periods_sql import SqlPeriods
from capture.processing.ports import DeviceReading
from capture.records import moves
from capture.records.states import Quien
from capture.records.store_sql import SqlRecords
from capture.requests.request import Form
from capture.requests.store_sql import Requests
from capture.results.keys_sql import Doer
from capture.results.steps import Corte
from capture.results.store_sql import Deliveries, Package
from capture.results.tables import entregas, retos_llave
from capture.usage_requests.oficio_document import oficio
from capture.usage_requests.request import UsageForm, read_request
from capture.usage_requests.store_sql import UsageStore
from capture.vault.boveda import LocalBoveda
from capture.vault.chamber_folder import FolderChamber
from keys.recipients import identity
from ledger.acuse import Acuse, Credential
from ledger.database import Database, open_engine
from tests.api.accounts.people import App, active, application, enrolled
from tests.api.populated_sei import consult, folio_of, sample_of
from tests.capture import registration_samples as samples
from tests.capture.packet.making import body as captured_body
from tests.capture.packet.making import new_key
from tests.capture.registration_samples import NOW, TODAY

HERE = Visitor("192.0.2.7", "Navegador de prueba", "portador")
APOYO = (Role.DERFE_ADMIN, Role.DERFE_OPERADOR, Role.CONTRALORIA, Role.OPL_ENLACE, Role.OPL_OPERADOR)
SEI = (
    Role.SECRETARIA_EJECUTIVA,
    Role.DEOEYG,
    Role.UTSI,
    Role.CONSEJO_GENERAL,
    Role.COEG,
    Role.DEPCYC,
    Role.CAT,
    Role.DIRECCION_DISTRITAL,
    Role.RESPONSABLE_MESA,
)
STAFF = (*APOYO, *SEI)
OF_A_PLACE = (Role.CONSEJO_GENERAL, Role.DIRECCION_DISTRITAL, Role.RESPONSABLE_MESA)
"""Who belongs somewhere in a consultation."""
ORDER = (*STAFF, Role.PROMOVENTE, Role.AUXILIAR, Role.PENDIENTE)
"""Who asks first, of those who may."""


@dataclass
class Side:
    """One institute, and the id of one thing of each kind. `people`: account and grant of each role."""

    opl: str
    number: int
    ids: dict[str, str] = field(default_factory=dict)
    people: dict[str, tuple[str, Grant]] = field(default_factory=dict)


@dataclass
class Populated:
    """Two institutes that have nothing to do with each other, and the national staff."""

    services: Services
    one: Side
    other: Side
    staff: dict[str, tuple[str, Grant]] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    """The app of codes of each account of staff."""

    def token(self, who: str, side: Side | None = None, verified: bool = True) -> str:
        """A new session of somebody, whatever became of the one before: its token."""
        account, grant = {**self.staff, **(side or self.one).people}[who]
        now, means = self.services.clock(), self.services.accounts.means
        with self.services.database.writing() as db:
            pending = grant.role is Role.PENDIENTE
            state = State.DECLARACION_PENDIENTE if pending else State.ACTIVA
            db.execute(update(cuentas).where(cuentas.c.id == account).values(estado=state.value))
            opened = means.open_session(db, account, grant, HERE, now, now if verified else None)
        return opened.token

    def who_may(self, permission: Permission) -> str | None:
        """The first role that may; None when no session is needed."""
        roles = ROLES_OF[permission]
        return None if Role.ANONIMO in roles else next(role.value for role in ORDER if role in roles)


@contextmanager
def populated(folder: Path, database: Database | None = None) -> Iterator[Populated]:
    """On an SQLite of its own that does not wait for the disk, or on a database of the test."""
    url = f"sqlite:///{folder / 'certeza.db'}"
    if database is None:
        _made(url)
    else:
        url = database.engine.url.render_as_string(hide_password=False)
    rates = dict.fromkeys(("reading", "writing", "packets", "secrets"), "1000000 per 1 second")
    settings = Settings(data=folder / "datos", database=url, rates=rates)  # type: ignore[arg-type]
    built = wiring.build_services(settings, clock=lambda: NOW)
    _quick(built.database)
    chamber = FolderChamber(folder / "boveda", x25519.Identity.generate())
    services = replace(built, chamber=chamber)
    services.logs.start()
    made = Populated(services, Side("ieez", 1), Side("iepc", 2))
    try:
        _people(made)
        for side in (made.one, made.other):
            _register(services, side)
            _capture(services, side)
        _process(services)
        for side in (made.one, made.other):
            _fill(services, side)
            _consult(made, side)
        yield made
    finally:
        services.logs.close()
        services.database.engine.dispose()


def _made(url: str) -> None:
    database = Database(open_engine(url))
    migrate(database)
    database.engine.dispose()


def _quick(database: Database) -> None:
    """What is tried here is not durability."""
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        database.engine.dispose()


def _people(made: Populated) -> None:
    services, numbers = made.services, count()
    with services.database.writing() as db:
        for side, entidad in ((made.one, "32"), (made.other, "14")):
            InstituteStore(db).add(read_institute(side.opl, "Instituto de Prueba", "IDP", entidad), NOW)
    for role in STAFF:
        for side in (made.one, made.other) if role in OF_AN_OPL else (None,):
            asked = application(role, f"persona{next(numbers)}@ine.mx", side and side.opl)
            person = active(services.accounts, asked, NOW)
            made.apps[person.account.id] = person.app
            people = made.staff if side is None else side.people
            people[role.value] = (person.account.id, staff_grant(person.account))
    pending = enrolled(services.accounts, application(Role.DERFE_OPERADOR, "nueva@ine.mx"), NOW)
    made.staff["pendiente"] = (pending.account.id, staff_grant(pending.account))


def _fill(services: Services, side: Side) -> None:
    with services.database.writing() as db:
        _review(db, services, side)
        _deliver(db, services, side)
        _others(db, services, side)


def _consult(made: Populated, side: Side) -> None:
    """A consultation of each side, with people of its own where they only see theirs."""
    accounts = {role.value: made.staff[role.value][0] for role in SEI}
    for role in OF_A_PLACE if side.number > 1 else ():
        asked = application(role, f"{role.value}{side.number}@ine.mx", None)
        person = active(made.services.accounts, asked, NOW).account
        side.people[f"{role.value}2"] = (person.id, staff_grant(person))
        accounts[role.value] = person.id
    side.ids["consulta"] = consult(made.services, side.number, accounts)
    side.ids["solicitud-sei"], side.ids["muestra-sei"] = folio_of(side.number), sample_of(side.number)
    side.ids["custodio"] = accounts[Role.CONSEJO_GENERAL.value]
    side.ids["distrital"] = accounts[Role.DIRECCION_DISTRITAL.value]


def _uuid(side: Side, number: int) -> str:
    return f"0193{side.number:04d}-0000-7000-8000-{number:012x}"


def _register(services: Services, side: Side) -> None:
    enlace, ids = side.people["opl_enlace"][0], side.ids
    made = samples.period()
    ids["periodo"] = _uuid(side, 1)
    with services.database.writing() as db:
        PeriodStore(db).add(ids["periodo"], side.opl, made, NOW - timedelta(days=60))
        AvisoStore(db).publish(ids["periodo"], read_aviso("Aviso " * 20, "https://ejemplo.mx/aviso"), NOW)
        for which in (1, 2):
            ids[f"proceso{which}"] = folio = f"F2611273290000{side.number}{which}"
            form = replace(samples.process_form(), correo=f"promovente{side.number}{which}@ejemplo.mx")
            recipient = services.chamber.new_process_key(folio)
            ProcessStore(db).add(
                folio, ids["periodo"], read_process(form, made, TODAY), recipient, enlace, NOW
            )
        ids["proceso"] = ids["proceso1"]
        for which in (1, 2):
            person = read_auxiliar(samples.auxiliar_form(side.number * 10 + which), TODAY)
            ids[f"auxiliar{which}"] = AuxiliarStore(db).add(ids["proceso"], person, enlace, NOW)
        ids["auxiliar"] = ids["auxiliar1"]
        _outsiders(db, services, side)


def _outsiders(db: Connection, services: Services, side: Side) -> None:
    ids = side.ids
    for name, email, grant in (
        ("promovente", f"promovente{side.number}1", Grant(Role.PROMOVENTE, side.opl, ids["proceso1"])),
        ("promovente2", f"promovente{side.number}2", Grant(Role.PROMOVENTE, side.opl, ids["proceso2"])),
        ("auxiliar", f"auxiliar{side.number}1", _aux(side, "auxiliar1")),
        ("auxiliar2", f"auxiliar{side.number}2", _aux(side, "auxiliar2")),
    ):
        account = services.accounts.means.new_id()
        Accounts(db).add_identity(account, "https://ejemplo.mx", account, f"{email}@ejemplo.mx", NOW)
        side.people[name] = (account, grant)


def _aux(side: Side, which: str) -> Grant:
    return Grant(Role.AUXILIAR, side.opl, side.ids["proceso"], side.ids[which])


def _capture(services: Services, side: Side) -> None:
    """A device with its cédula, and two records in the mesa de control."""
    ids, chamber, blobs = side.ids, services.chamber, services.blobs
    recipient = chamber.new_process_key(ids["proceso"])
    ids["dispositivo"], ids["cedula"] = _uuid(side, 2), _uuid(side, 3)
    captures = seal(encode_tar({"anverso.jpg": b"\xff\xd8\xff"}), recipient)
    blobs.put(f"cedulas/{ids['cedula']}.age", captures)
    with services.database.writing() as db:
        spki = device_key.encode_key(new_key().public_key())
        DeviceStore(db).add_of_auxiliar(ids["dispositivo"], ids["auxiliar"], read_key(spki), "teléfono", NOW)
        db.execute(
            insert(cedulas_auxiliar).values(
                id=ids["cedula"],
                auxiliar=ids["auxiliar"],
                dispositivo=ids["dispositivo"],
                credencial="cic",
                numero="123456789",
                cuerpo=f"cedulas/{ids['cedula']}.age",
                tamano=len(captures),
                sha256=sha256(captures).digest(),
                recibida=NOW,
            )
        )
    for which in (1, 2):
        ids[f"registro{which}"] = _record(services, side, which, recipient)
    ids["registro"] = ids["registro1"]


def _record(services: Services, side: Side, which: int, recipient: str) -> str:
    folio, ids = _uuid(side, 100 + which), side.ids
    numero = f"{side.number}{which:08d}"
    fields = {"nombre": "ANA", "clave_elector": f"ABCDEF90010132M{side.number}{which:02d}"}
    sealed = seal(
        captured_body(folio, proceso=ids["proceso"], numero=numero, fields=fields).encode(), recipient
    )
    services.blobs.put(f"registros/{folio}.age", sealed)
    acuse = Acuse(
        ids["proceso"],
        folio,
        "auxiliar",
        Credential.CIC,
        numero,
        NOW.replace(microsecond=0),
        sha256(sealed).digest(),
        sha256(folio.encode()).digest(),
    )
    row = moves.NewRecord(
        folio=folio,
        proceso=ids["proceso"],
        modalidad="auxiliar",
        credencial="cic",
        numero=numero,
        capturado=NOW - timedelta(hours=1),
        recibido=NOW,
        tamano=len(sealed),
        sha256=sha256(sealed).digest(),
        sobre=b"sobre",
        cuerpo=f"registros/{folio}.age",
        acuse=acuse.encode(),
        codigo=acuse.code,
        auxiliar=ids["auxiliar"],
        dispositivo=ids["dispositivo"],
    )
    with services.database.writing() as db:
        SqlRecords(db, services.acts).create(row)
    return folio


def _process(services: Services) -> None:
    """The job after reception: the records are in the mesa afterwards."""
    boveda, bodies = LocalBoveda(services.chamber), BlobBodies(services.blobs)
    periods, clock = SqlPeriods(), services.clock
    tools = Tools(services.database, bodies, boveda, DeviceReading(), periods, services.acts, clock)
    assert Processing(tools).process_all().waiting == ()


def _review(db: Connection, services: Services, side: Side) -> None:
    """One record is held by the operator, another one by the enlace in an audiencia; and a sample."""
    ids, operador = side.ids, side.people["opl_operador"][0]
    row = {"operador": operador, "vuelta": 1, "asignado": NOW, "asignado_por": "enlace"}
    db.execute(insert(asignaciones).values(folio=ids["registro"], **row))
    ids["muestra"] = _uuid(side, 4)
    day = timedelta(days=1)
    terms = {"semilla": "semilla", "por_millar": 1000, "desde": NOW - day, "hasta": NOW + day}
    told = {"sorteada": NOW, "sorteada_por": "enlace"}
    db.execute(insert(muestras).values(id=ids["muestra"], proceso=ids["proceso"], **terms, **told))
    ids["audiencia"] = _uuid(side, 5)
    fecha, who = NOW + timedelta(days=7), moves.Actor("enlace", Quien.AUDIENCIA, "opl_enlace")
    asked = Asked(ids["audiencia"], ids["proceso"], side.opl, fecha, "Sala", (operador,))
    SqlAudiencias(db, services.acts).ask(asked, who, NOW)


def _deliver(db: Connection, services: Services, side: Side) -> None:
    """A key that waits for its proof, a delivery that began, and a package; a request of an authority."""
    ids, enlace, acts = side.ids, Doer(side.people["opl_enlace"][0], "opl_enlace"), services.acts
    key, _ = identity.new_age(NOW)
    ids["llave"], recipient = key.recipient.text, key.recipient
    ids["reto"], ids["entrega"], ids["paquete"], ids["requerimiento"] = (_uuid(side, n) for n in range(6, 10))
    challenge = {"opl": side.opl, "periodo": ids["periodo"], "tipo": "age", "llave": recipient.text}
    times = {"emitido": NOW, "vence": NOW + timedelta(days=1), "intentos": 0, "pedido_por": enlace.account}
    secret = {"reto": b"sellado", "respuesta": bytes(32)}
    db.execute(insert(retos_llave).values(id=ids["reto"], **challenge, **times, **secret))
    begun = {"proceso": ids["proceso"], "corte": Corte.PRELIMINAR.value, "iniciada": NOW}
    db.execute(insert(entregas).values(id=ids["entrega"], **begun))
    form = Form(ids["proceso"], "OF/1", date(2026, 11, 1), "Tribunal", "E-1", "Art. 1", (ids["registro"],))
    Requests(db, acts).receive(ids["requerimiento"], form, recipient, enlace, NOW)
    for kind, identifier in (("preliminar", ids["paquete"]), ("requerimiento", ids["requerimiento"])):
        package = replace(_package(side, kind, recipient.fingerprint), id=identifier)
        services.blobs.put(package.ruta, b"paquete")
        Deliveries(db, acts).keep(package, enlace)
    ids["trabajo"] = ask_job(db, "paquete", ids["entrega"], enlace, NOW, bytes([side.number]) * 16)


def _package(side: Side, kind: str, fingerprint: str) -> Package:
    ids = side.ids
    return Package(
        id="",
        tipo=kind,
        opl=side.opl,
        periodo=ids["periodo"],
        proceso=ids["proceso"],
        entrega=None,
        ruta=f"paquetes/{side.opl}-{kind}",
        nombre="paquete.age",
        llave=fingerprint,
        manifiesto="0" * 64,
        cifrado="1" * 64,
        bytes=7,
        autoridad="derfe.ejemplo.mx+00000000+AAAA",
        hecho=NOW,
    )


def _others(db: Connection, services: Services, side: Side) -> None:
    """A request for use, a report to the desk, a stopped message, an issued document, an account."""
    ids = side.ids
    ids["opl"], ids["cuenta"] = side.opl, side.people["opl_operador"][0]
    asked = UsageForm("iniciativa-ciudadana", "OF/1", "01/11/2026", "10", "1000", "opl@ejemplo.mx", "")
    request = read_request(asked, TODAY)
    ids["solicitud"] = UsageStore(db).receive(side.opl, request, side.people["opl_enlace"][0], NOW)
    report = NewReport(Medio.PORTAL, tuple(CAUSES)[:1], "Persona", "Título", "Descripción", NOW)
    ids["reporte"] = str(SqlReports(db).add(report, None))
    stored = UsageStore(db).get(ids["solicitud"])
    content = oficio(stored, "Instituto de Prueba", True, "Procede.", NOW)
    owner = Owner(side.opl, ids["periodo"], ids["proceso"])
    document = services.documents.prepare(content, owner, About(ids["solicitud"]))
    services.documents.keep(db, document)
    ids["documento"], ids["huella"] = document.id, document.sha256_json
    ids["mensaje"] = _uuid(side, 10)
    stopped = {"estado": "detenido", "creado": NOW, "despues_de": NOW, "intentos": 8, "falla": "550"}
    words = {"destino": "nadie@ejemplo.mx", "asunto": "Aviso", "cuerpo": "Aviso"}
    db.execute(
        insert(mensajes).values(
            identificador=ids["mensaje"], tipo="aviso", canal="correo", **words, **stopped
        )
    )
    ids["acto"] = str(db.execute(select(actos.c.id).order_by(actos.c.cuando.desc())).scalars().first())


AT = {
    "/v1/periodos/": "periodo",
    "/v1/procesos/": "proceso",
    "/v1/auxiliares/": "auxiliar",
    "/v1/cedulas-auxiliar/": "cedula",
    "/v1/dispositivos/": "dispositivo",
    "/v1/solicitudes-uso/": "solicitud",
    "/v1/documentos/": "documento",
    "/v1/documentos/huella/": "huella",
    "/v1/atencion/reportes/": "reporte",
    "/v1/registros/": "registro",
    "/v1/mesa/criterios/": "periodo",
    "/v1/mesa/revisiones/": "registro",
    "/v1/mesa/muestras/": "muestra",
    "/v1/mesa/discrepancias/": "registro",
    "/v1/captura-manual/": "proceso",
    "/v1/audiencias/": "audiencia",
    "/v1/audiencias/{audiencia}/registros/": "registro",
    "/v1/resultados/llaves/": "periodo",
    "/v1/resultados/llaves/retos/": "reto",
    "/v1/resultados/plazos/": "proceso",
    "/v1/resultados/entregas/": "proceso",
    "/v1/resultados/trabajos/": "trabajo",
    "/v1/resultados/paquetes/": "paquete",
    "/v1/requerimientos/": "requerimiento",
    "/v1/retencion/": "proceso",
    "/v1/bitacora/": "acto",
    "/v1/mensajes/": "mensaje",
    "/v1/cuentas/": "cuenta",
    "/v1/consultas/": "consulta",
    "/v1/consultas/{consulta}/adscripciones/": "distrital",
    "/v1/consultas/{consulta}/preregistros/": "solicitud-sei",
    "/v1/consultas/{consulta}/validacion/solicitudes/": "solicitud-sei",
    "/v1/consultas/{consulta}/verificacion/muestras/": "muestra-sei",
    "/v1/consultas/{consulta}/verificacion/muestras/{muestra}/personas/": "solicitud-sei",
}
"""What a parameter of a path is the id of, by what goes before it."""
NAMED = {
    "periodo": "periodo",
    "proceso": "proceso",
    "auxiliar": "auxiliar",
    "opl": "opl",
    "operador": "cuenta",
    "operadores": "cuenta",
    "folios": "registro",
    "llave": "llave",
}
"""What a parameter of a query or a field of a body is the id of, by its name."""


def id_at(path: str, name: str) -> str | None:
    """The kind of thing that a parameter of a path names; None for what is no id."""
    before = path.partition(f"{{{name}}}")[0]
    if before == "/v1/resultados/entregas/" and name == "entrega":
        return "entrega"
    return AT.get(before)
