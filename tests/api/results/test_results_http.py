"""Results, requests and retention over HTTP, with the jobs that the processing service does."""

from __future__ import annotations

import subprocess
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio import to_thread
from sqlalchemy import insert, select
from starlette.requests import Request

from api import wiring
from api.accounts.permissions import Actor, Role
from api.acts.acts import LogName, put_leaf
from api.acts.tables import actos, hojas
from api.results.jobs import open_bench
from api.services import Services
from api.settings import Settings
from api.worker.services import WorkerServices
from api.worker.wiring import build_worker
from capture.calendar import months_after
from capture.packet.body import seal
from capture.processing.datos import Datos, Fuente, Valor
from capture.records.tables import registros
from capture.results.checking import check_folder
from capture.results.deadlines import key_due
from capture.results.opening import open_package
from keys.recipients import identity
from ledger.acuse import Acuse, Credential
from ledger.database import Database
from ledger.vkey import Ed25519Verifier, parse_vkey
from tests.capture.packet import making as packets
from tests.capture.results.making import END, OPL, PERIODO, PROCESO, START, register
from tests.document_judges import require_signed

KEY, KEY_TEXT = identity.new_age(START)
PEOPLE = {
    "enlace": Actor("enlace-1", Role.OPL_ENLACE, OPL),
    "other": Actor("enlace-2", Role.OPL_ENLACE, "oplz"),
    "derfe": Actor("derfe-1", Role.DERFE_OPERADOR),
    "admin": Actor("admin-1", Role.DERFE_ADMIN),
}


@dataclass
class Clock:
    """Where the test's time is."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Service:
    """The web server and the processing service over one database."""

    web: Services
    worker: WorkerServices
    clock: Clock
    http: httpx.AsyncClient
    folder: Path

    async def ask(self, who: str, method: str, path: str, code: int, **options: Any) -> Any:
        answer = await self.http.request(method, f"/v1{path}", headers={"x-quien": who}, **options)
        assert answer.status_code == code, answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content

    async def require_signed(self, pdf: bytes) -> None:
        """By one of the authorities that the service names."""
        anchor = await self.ask("", "GET", "/documentos/autoridad.pem", 200)
        await to_thread.run_sync(require_signed, pdf, anchor, self.folder)

    def work(self) -> None:
        """Bring leaves into the log, then do the jobs."""
        for pump in self.web.logs.pumps:
            pump.pump()
        open_bench(self.worker).run_pending()
        for pump in self.web.logs.pumps:
            pump.pump()

    async def done(self, job: Any) -> Any:
        self.work()
        row = await self.ask("derfe", "GET", f"/resultados/trabajos/{job['id']}", 200)
        assert row["estado"] == "hecho", row
        return row


def authenticate(request: Request, now: datetime) -> Actor | None:
    """Who the header names, with a second factor given just now."""
    found = PEOPLE.get(request.headers.get("x-quien", ""))
    return replace(found, verified=now) if found else None


@pytest.fixture
async def service(database: Database, tmp_path: Path) -> AsyncIterator[Service]:
    clock = Clock(key_due(START) - timedelta(days=1))
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(data=tmp_path / "datos", database=url)
    web = replace(wiring.build_services(settings, clock), authenticate=authenticate)
    worker = build_worker(settings, clock)
    register(database, worker.chamber.new_process_key)
    for log in (web.logs.apoyo, web.logs.actos):
        log.start()
    transport = httpx.ASGITransport(wiring.application_of(web))
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        yield Service(web, worker, clock, http, tmp_path)
    for log in (web.logs.apoyo, web.logs.actos):
        log.close()
    for one in (web, worker):
        one.database.engine.dispose()


def receive(service: Service, number: int, **columns: object) -> str:
    """A record as reception and processing leave it."""
    folio, numero = packets.new_folio(), f"{number:09d}"
    worker, proceso = service.worker, PROCESO
    body = packets.body(folio, proceso=proceso, numero=numero, captured=START)
    sealed = seal(body.encode(), worker.chamber.new_process_key(proceso))
    worker.blobs.put(f"cuerpos/{folio}", sealed)
    received = START + timedelta(minutes=number)
    digest = sha256(sealed).digest()
    acuse = Acuse(proceso, folio, "auxiliar", Credential.CIC, numero, received, digest, digest)
    datos = Datos({"nombre": Valor("ANA", Fuente.QR, 1.0)}, {})
    row = {
        "folio": folio,
        "proceso": proceso,
        "modalidad": "auxiliar",
        "auxiliar": "A000000001",
        "credencial": "cic",
        "numero": numero,
        "capturado": START,
        "recibido": received,
        "tamano": len(sealed),
        "sha256": digest,
        "sobre": b"sobre",
        "cuerpo": f"cuerpos/{folio}",
        "acuse": acuse.encode(),
        "codigo": acuse.code,
        "estado": "compulsado",
        "situacion": "lista-nominal",
        "datos": worker.boveda.seal(proceso, datos.encode()),
    }
    with worker.database.writing() as db:
        db.execute(insert(registros).values(**{**row, **columns}))
        put_leaf(db, LogName.APOYO, folio.encode(), acuse.entry)
    return folio


async def register_key(service: Service) -> None:
    form = {"periodo": PERIODO, "llave": KEY.recipient.text}
    asked = await service.ask("enlace", "POST", "/resultados/llaves", 201, json=form)
    challenge = service.folder / "reto.age"
    challenge.write_bytes(b64decode(asked["reto"]))
    (service.folder / "llave.txt").write_bytes(KEY_TEXT)
    order = ["age", "-d", "-i", str(service.folder / "llave.txt"), str(challenge)]
    opened = subprocess.run(order, check=True, capture_output=True).stdout
    path = f"/resultados/llaves/retos/{asked['id']}"
    wrong = await service.ask("enlace", "POST", path, 409, json={"respuesta": "0" * 64})
    assert wrong["codigo"] == "posesion.respuesta"
    answer = {"respuesta": sha256(opened).hexdigest()}
    await service.ask("other", "POST", path, 404, json=answer)
    found = await service.ask("enlace", "POST", path, 200, json=answer)
    assert "".join(found["huella"]).replace(" ", "") == KEY.recipient.fingerprint


async def deliver(service: Service) -> Any:
    """A definitive delivery from A to E; the package as the portal lists it."""
    service.clock.now = END + timedelta(days=20)
    told = {"notificada": service.clock.now.isoformat(), "oficio": "OPL/8/2026"}
    form = {"proceso": PROCESO, "corte": "definitivo", **told}
    made = await service.ask("derfe", "POST", "/resultados/entregas", 201, json=form)
    steps = f"/resultados/entregas/{made['id']}/pasos"
    early = await service.ask("derfe", "POST", f"{steps}/B", 409, json={"oficio": "OPL/9/2026"})
    assert early["codigo"] == "resultados.paso_orden"
    await service.ask("derfe", "POST", f"{steps}/A", 202, json={})
    await service.ask("derfe", "POST", f"{steps}/B", 202, json={"oficio": "OPL/9/2026"})
    await service.ask("derfe", "POST", f"{steps}/C", 202, json={"corte_padron": "2026-03-31"})
    for step in "DE":
        await service.done(await service.ask("derfe", "POST", f"{steps}/{step}", 202, json={}))
    shown = await service.ask("enlace", "GET", f"/resultados/entregas/{PROCESO}", 200)
    assert [p["paso"] for p in shown[0]["pasos"] if p["instante"]] == list("ABCDE")
    listed = await service.ask("enlace", "GET", f"/resultados/paquetes?periodo={PERIODO}", 200)
    assert "manifiesto" not in listed[0]
    return listed[0]


@pytest.mark.anyio
@pytest.mark.req("APO-23")
async def test_an_opl_gets_its_results_and_signs_for_them(service: Service) -> None:
    await register_key(service)
    receive(service, 1)
    receive(service, 2, inciso="m", estado="con-inconsistencia", situacion=None)
    package = await deliver(service)
    path = f"/resultados/paquetes/{package['id']}"
    await service.ask("other", "GET", f"{path}/archivo", 404)
    await service.ask("derfe", "GET", f"{path}/archivo", 403)
    sealed = await service.ask("enlace", "GET", f"{path}/archivo", 200)
    assert sha256(sealed).hexdigest() == package["cifrado"]
    file = service.folder / package["nombre"]
    file.write_bytes(sealed)
    folder = open_package(KEY, file, service.folder / "opl", lambda _: None)
    authority = Ed25519Verifier(parse_vkey(package["autoridad"]))
    checked = check_folder(folder, authority, service.web.logs.apoyo.policy, lambda _: None)
    assert checked.leaves == 2 and checked.attested is not None
    wrong = await service.ask("enlace", "POST", f"{path}/acuse", 409, json={"manifiesto": "0" * 64})
    assert wrong["codigo"] == "resultados.acuse" and checked.manifest not in str(wrong)
    receipt = await service.ask("enlace", "POST", f"{path}/acuse", 200, json={"manifiesto": checked.manifest})
    again = await service.ask("enlace", "POST", f"{path}/acuse", 200, json={"manifiesto": checked.manifest})
    assert receipt == again
    constancia = await service.ask("enlace", "GET", f"/documentos/{receipt['documento']}", 200)
    await service.require_signed(constancia)
    await service.ask("other", "GET", f"/documentos/{receipt['documento']}", 404)
    service.work()
    with service.web.database.reading() as db:
        entry = receipt["entrada"].encode()
        placed = db.execute(select(hojas.c.indice).where(hojas.c.entrada == entry)).scalars().all()
        states = db.execute(select(registros.c.estado)).scalars().all()
    assert len(placed) == 1 and placed[0] is not None
    assert set(states) == {"final"}


@pytest.mark.anyio
@pytest.mark.req("APO-24")
async def test_records_are_requested_backed_up_and_destroyed(service: Service) -> None:
    await register_key(service)
    folio = receive(service, 1)
    await deliver(service)
    form = {
        "proceso": PROCESO,
        "oficio": "OPL/55/2026",
        "fecha_oficio": "2026-05-11",
        "autoridad": "Tribunal de prueba",
        "expediente": "JDC-1/2026",
        "fundamento": "Artículo 80",
        "folios": [folio],
        "llave": KEY.recipient.text,
    }
    request = await service.ask("enlace", "POST", "/requerimientos", 201, json=form)
    listed = await service.ask("enlace", "GET", "/requerimientos", 200)
    due = datetime.fromisoformat(listed[0]["vence"]) - datetime.fromisoformat(listed[0]["recibido"])
    assert due == timedelta(hours=72)
    assert await service.ask("other", "GET", "/requerimientos", 200) == []

    service.clock.now = months_after(service.clock.now, 4)
    state = await service.ask("admin", "GET", f"/retencion/{PROCESO}", 200)
    assert state["fase"] == "en-respaldo"
    await service.done(await service.ask("admin", "POST", f"/retencion/{PROCESO}/respaldo", 202))
    assert not service.worker.blobs.exists(f"cuerpos/{folio}")
    reason = {"motivo": "Concluyó el plazo de conservación"}
    held = await service.ask("admin", "POST", f"/retencion/{PROCESO}/destruccion", 409, json=reason)
    assert held["codigo"] == "retencion.requerimientos"

    path = f"/requerimientos/{request['id']}"
    await service.done(await service.ask("derfe", "POST", f"{path}/atencion", 202))
    file = service.folder / "requerimiento.tar.age"
    file.write_bytes(await service.ask("enlace", "GET", f"{path}/archivo", 200))
    folder = open_package(KEY, file, service.folder / "juzgado", lambda _: None)
    await service.require_signed((folder / "cedulas" / folio / "cedula.pdf").read_bytes())

    await service.ask("derfe", "POST", f"/retencion/{PROCESO}/destruccion", 403, json=reason)
    order = await service.ask("admin", "POST", f"/retencion/{PROCESO}/destruccion", 202, json=reason)
    await service.done(order)
    acta = await service.ask("admin", "GET", f"/retencion/{PROCESO}/acta", 200)
    assert acta["registros"] == 1 and folio not in str(acta)
    await service.require_signed(await service.ask("admin", "GET", f"/retencion/{PROCESO}/acta.pdf", 200))
    with service.web.database.reading() as db:
        kinds = db.execute(select(actos.c.tipo).where(actos.c.objeto == folio)).scalars().all()
    assert "requerimiento.acceso" in kinds
    await service.ask("enlace", "GET", f"{path}/archivo", 410)


@pytest.mark.anyio
async def test_a_job_that_is_refused_says_why(service: Service) -> None:
    await register_key(service)
    service.clock.now = END + timedelta(days=1)
    form = {"proceso": PROCESO, "corte": "preliminar"}
    made = await service.ask("derfe", "POST", "/resultados/entregas", 201, json=form)
    job = await service.ask("derfe", "POST", f"/resultados/entregas/{made['id']}/pasos/E", 202, json={})
    twice = await service.ask("derfe", "POST", f"/resultados/entregas/{made['id']}/pasos/E", 202, json={})
    assert job == twice
    service.work()
    row = await service.ask("derfe", "GET", f"/resultados/trabajos/{job['id']}", 200)
    assert (row["estado"], row["codigo"]) == ("rechazado", "resultados.paso_orden")
    await service.ask("enlace", "GET", f"/resultados/trabajos/{job['id']}", 404)


@pytest.mark.anyio
async def test_deadlines_are_shown_to_the_opl_and_to_no_other(service: Service) -> None:
    shown = await service.ask("enlace", "GET", f"/resultados/plazos/{PROCESO}", 200)
    assert datetime.fromisoformat(shown["llave"]) == key_due(START)
    assert shown["definitivos"] is None
    await service.ask("other", "GET", f"/resultados/plazos/{PROCESO}", 404)
    await service.ask("", "GET", f"/resultados/plazos/{PROCESO}", 401)
