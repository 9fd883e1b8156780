"""The service and its worker over one database: telephones ask, operators rule, time is the test's own."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
from sqlalchemy import insert, select

from api import wiring
from api.accounts.permissions import Actor, Role
from api.http.app import build_app
from api.outbox.tables import mensajes
from api.padron.settings import make_key, read_key
from api.preregistro.adapters import terms_of
from api.preregistro.looking import tools_of
from api.services import Services
from api.settings import Settings
from api.worker.services import WorkerServices
from api.worker.wiring import build_worker
from capture.padron.line import SITUACION_BY_NUMBER
from capture.padron.situacion import Situacion
from capture.padron.tables import CURRENT, cortes, padron
from capture.preregistro.processing import Processing
from capture.preregistro.tools import Tools
from capture.preregistro.verdict import Biometrics
from ledger.database import Database
from tally.consulta.cronograma import Fase
from tally.consulta.cronograma_2022 import default_of
from tally.consulta.form import read_form
from tally.consulta.store_sql import Consultas
from tests.capture.preregistro.asking import ScriptedEngines, Telephone, fields_of
from tests.tally.consulta.making import asked

ID = "presupuesto-2027"
URL = f"/v1/consultas/{ID}"
PLAN = default_of(2027)
DURING = PLAN[Fase.PREREGISTRO].inicio + timedelta(hours=3)
CHECKING = PLAN[Fase.VERIFICACION].inicio + timedelta(hours=10)
CORTE = date(2027, 2, 28)
NUMBERS = {situacion: number for number, situacion in SITUACION_BY_NUMBER.items()}


@dataclass
class House:
    """Everything of one test. `script`: what the engines say of the next packets."""

    services: Services
    worker: WorkerServices
    now: list[datetime]
    script: list[Biometrics | OSError] = field(default_factory=list)
    turns: list[Any] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.services.database

    def ask(self, who: Role | Actor | None, method: str, path: str, **options: Any) -> httpx.Response:
        """One request."""
        actor = Actor(who.value, who, verified=self.now[0]) if isinstance(who, Role) else who
        services = replace(self.services, authenticate=lambda _request, _now: actor)
        app = build_app(services, wiring.ROUTERS, wiring.nothing_runs)

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
                return await http.request(method, path, **options)

        return anyio.run(send)

    def done(self, who: Role | Actor | None, method: str, path: str, **options: Any) -> Any:
        """One that must be done: its JSON."""
        answer = self.ask(who, method, path, **options)
        assert answer.status_code in (200, 201, 202), (path, answer.status_code, answer.text)
        return answer.json()

    def refused(self, who: Role | Actor | None, method: str, path: str, **options: Any) -> tuple[int, str]:
        """Status and rule of one that must not be done."""
        answer = self.ask(who, method, path, **options)
        assert answer.status_code >= 400, (path, answer.text)
        return answer.status_code, answer.json().get("codigo", "")

    # --- telephones ---

    def begin(self, number: int) -> Telephone:
        """A folio, a secret, and whom to seal to."""
        made = Telephone.new(number, ID)
        form = {"llave": b64encode(made.spki).decode()}
        given = self.done(None, "POST", f"{URL}/preregistros", json=form)
        made.folio, made.secret, made.recipient = given["folio"], given["secreto"], given["recipiente"]
        return made

    def send(self, phone: Telephone, attempt: int = 1, **changes: Any) -> httpx.Response:
        """A packet of one attempt."""
        return self.put(phone, attempt, *phone.packet(attempt, self.now[0], **changes))

    def put(self, phone: Telephone, attempt: int, envelope: Any, body: bytes) -> httpx.Response:
        """That packet."""
        headers = {"X-Preregistro": phone.secret, "X-Sobre": b64encode(envelope.encode()).decode()}
        path = f"{URL}/preregistros/{phone.folio}/intentos/{attempt}"
        return self.ask(None, "PUT", path, content=body, headers=headers)

    def state(self, phone: Telephone) -> dict[str, Any]:
        """What the telephone is told."""
        headers = {"X-Preregistro": phone.secret}
        found: dict[str, Any] = self.done(None, "GET", f"{URL}/preregistros/{phone.folio}", headers=headers)
        return found

    def asked(
        self, number: int, *said: Biometrics | OSError, listed: bool = True, **changes: Any
    ) -> Telephone:
        """A person who sent one packet that the worker processed."""
        if listed:
            self.list_person(number)
        phone = self.begin(number)
        self.script += said
        answer = self.send(phone, **changes)
        assert answer.status_code == 202, answer.text
        self.work(number, **changes)
        return phone

    def refused_again(self, phone: Telephone, attempt: int) -> bool:
        """Another packet of an attempt that was received."""
        return self.send(phone, attempt, calle="Otra calle").status_code == 409

    @staticmethod
    def phase_end() -> datetime:
        """The first instant after the phase of pre-registro."""
        return PLAN[Fase.PREREGISTRO].fin

    # --- the worker ---

    def tools(self, number: int = 0, **changes: Any) -> Tools:
        """Real ones but for the engines."""
        fields = fields_of(number, **{k: v for k, v in changes.items() if k != "files"})
        engines = ScriptedEngines(self.script, self.turns, fields)
        return replace(tools_of(self.worker), engines=engines)

    def processing(self, tools: Tools | None = None) -> Processing:
        """The job of this consultation."""
        with self.database.reading() as db:
            terms = terms_of(db, Consultas(db).get(ID), self.services.settings.sei)
        return Processing(tools or self.tools(), terms)

    def work(self, number: int = 0, **changes: Any) -> int:
        """What the worker does by itself; engines say that person `number` is who they say."""
        return self.processing(self.tools(number, **changes)).run()

    def list_person(
        self, number: int, situacion: Situacion = Situacion.LISTA_NOMINAL, entidad: int = 9
    ) -> None:
        """In the lista nominal."""
        key = read_key(self.services.settings.padron.key_file)
        given = fields_of(number)
        clave, number_tag = given["clave_elector"], key.number(given["clave_elector"], "ocr", given["ocr"])
        row = {"corte": 1, "clave": key.clave(clave), "ocr": number_tag}
        with self.database.writing() as db:
            db.execute(insert(padron).values(**row, situacion=NUMBERS[situacion], entidad=entidad))

    # --- messages ---

    def messages(self, kind: str) -> list[tuple[str, str]]:
        """To whom and what, in order."""
        c = mensajes.c
        with self.database.reading() as db:
            rows = db.execute(select(c.destino, c.cuerpo).where(c.tipo == kind).order_by(c.id))
            return [(row.destino, row.cuerpo) for row in rows]

    def claves(self) -> list[tuple[str, str]]:
        """To whom, and the Clave."""
        return [
            (to, re.findall(r"Clave de Opinión: (\S{8})\n", text)[0])
            for to, text in self.messages("secreto.clave")
        ]

    def hold(self, operator: Role | Actor = Role.DEOEYG) -> str:
        """The folio of what an operator was given."""
        return str(self.done(operator, "POST", f"{URL}/validacion/turno")["solicitud"]["folio"])


@contextmanager
def house_over(database: Database, folder: Path) -> Iterator[House]:
    """A consultation whose pre-registro is open."""
    url = database.engine.url.render_as_string(hide_password=False)
    now = [DURING]
    key_file = folder / "padron.llave"
    make_key(key_file)
    rates: Any = dict.fromkeys(("reading", "writing", "packets", "secrets"), "100000 per 1 second")
    given: Any = {"rates": rates, "padron": {"key_file": key_file}}
    settings = Settings(data=folder / "datos", database=url, **given)
    services = wiring.build_services(settings, clock=lambda: now[0])
    worker = build_worker(settings, clock=lambda: now[0])
    services = replace(services, chamber=worker.chamber)
    with services.database.writing() as db:
        Consultas(db).add(read_form(asked(), "consulta"), "nadie", now[0])
        key = read_key(key_file)
        told = {"fecha": CORTE, "archivo": "lista.csv", "llave": key.key_id, "estado": CURRENT}
        db.execute(insert(cortes).values(id=1, **told, iniciado=now[0]))
    try:
        yield House(services, worker, now)
    finally:
        worker.reading.close()
        worker.database.engine.dispose()
        services.database.engine.dispose()
