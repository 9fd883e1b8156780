"""Whatever an institution does to something leaves an act: every route that changes, asked rightly once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update
from webauthn.helpers import bytes_to_base64url

from api import wiring
from api.accounts.declaration import IN_FORCE
from api.accounts.permissions import INSTITUTIONAL, ROLES_OF, Permission, Role
from api.acts.tables import actos
from capture.audiencia.tables import audiencias
from capture.mesa.tables import muestra_registros, revisiones
from capture.processes.tables import periodos
from capture.records.tables import registros
from capture.requests.tables import requerimientos
from capture.results.tables import paquetes
from tests.api.accounts.people import SoftPasskey
from tests.api.asked import address, bodies, query
from tests.api.populated import Populated, populated
from tests.capture.registration_samples import NOW

pytestmark = pytest.mark.anyio
CHANGING = {"post", "put", "patch", "delete"}
NOT_ACTS = {
    "POST /v1/sesion/refuerzo/llave/inicio": "a challenge: nothing is done until it is answered",
    "POST /v1/credenciales/llaves/inicio": "a challenge: nothing is done until it is answered",
    "POST /v1/registros/busqueda": "it only looks",
    "DELETE /v1/sesion": "the own session",
    "DELETE /v1/sesion/todas": "the own sessions",
    "DELETE /v1/sesion/todas/{sesion}": "the own sessions",
}
ELSEWHERE = {
    "POST /v1/padron/consultas": "tests/api/padron/test_routes.py",
    "POST /v1/resultados/llaves/retos/{reto}": "tests/api/results/test_results_http.py",
    "POST /v1/mesa/discrepancias/{folio}": "tests/api/records/test_mesa.py",
    "POST /v1/consultas": "tests/api/consultas/test_routes.py",
    "PUT /v1/consultas/{consulta}": "tests/api/consultas/test_routes.py",
    "PUT /v1/consultas/{consulta}/cronograma": "tests/api/consultas/test_routes.py",
    "PUT /v1/consultas/{consulta}/custodios/{indice}": "tests/api/consultas/test_routes.py",
    "PUT /v1/consultas/{consulta}/adscripciones/{cuenta}": "tests/api/consultas/test_routes.py",
    "PUT /v1/consultas/{consulta}/ceremonia/buzon/{archivo}": "tests/api/consultas/test_routes.py",
    "POST /v1/consultas/{consulta}/sellos": "tests/api/consultas/test_routes.py",
    "POST /v1/consultas/{consulta}/ceremonia": "tests/api/consultas/test_routes.py",
    "POST /v1/consultas/{consulta}/ceremonia/ensayo": "tests/api/consultas/test_whole_path.py",
    "POST /v1/consultas/{consulta}/ceremonia/ensayo/acta": "tests/api/consultas/test_whole_path.py",
    "POST /v1/consultas/{consulta}/apertura": "tests/api/consultas/test_whole_path.py",
    "POST /v1/consultas/{consulta}/aportaciones": "tests/api/consultas/test_whole_path.py",
    "POST /v1/consultas/{consulta}/computo": "tests/api/consultas/test_whole_path.py",
    "PUT /v1/consultas/{consulta}/ceremonia/ensayo/{archivo}": "tests/api/consultas/test_whole_path.py",
    "PUT /v1/consultas/{consulta}/distrito/llave": "tests/api/consultas/test_whole_path.py",
    "POST /v1/consultas/{consulta}/cat/desbloqueos": "tests/api/entrada/test_entry.py",
    "POST /v1/consultas/{consulta}/cat/reposiciones": "tests/api/entrada/test_entry.py",
    "POST /v1/consultas/{consulta}/claves/deshabilitaciones": "tests/api/entrada/test_entry.py",
    "PUT /v1/consultas/{consulta}/mesas/{clave}/ubicacion": "tests/api/consultas/test_routes.py",
}
ELSEWHERE |= {
    f"{method} /v1/consultas/{{consulta}}/{end}": "tests/api/validacion/test_acts.py"
    for method, end in (
        ("POST", "invitaciones"),
        ("PUT", "lista-nominal"),
        ("POST", "validacion/turno"),
        ("POST", "validacion/solicitudes/{folio}/aprobacion"),
        ("POST", "validacion/solicitudes/{folio}/rechazo"),
        ("POST", "validacion/solicitudes/{folio}/devolucion"),
        ("POST", "verificacion/muestras"),
        ("POST", "verificacion/muestras/{muestra}/personas/{folio}"),
        ("POST", "autoridad/busquedas"),
    )
}
ELSEWHERE |= {
    f"{method} /v1/consultas/{{consulta}}/{end}": "tests/api/consultas/test_small_urns_path.py"
    for method, end in (
        ("PUT", "mesas/llave"),
        ("POST", "mesas/{clave}/personas"),
        ("PUT", "mesas/{clave}/resultados"),
        ("PUT", "mesas/{clave}/totales"),
        ("POST", "sumas"),
        ("POST", "sumas/aportaciones"),
        ("POST", "sumas/apertura"),
        ("POST", "mesas/{clave}/escrutinio"),
        ("POST", "escrutinio"),
    )
}
"""What needs more than one person or a key, with where its act is looked at."""


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Populated]:
    with populated(tmp_path_factory.mktemp("actos")) as made:
        yield made


def sql(*statements: Any) -> Callable[[Populated], None]:
    """What time, or somebody else, would have done."""

    def do(town: Populated) -> None:
        with town.services.database.writing() as db:
            for statement in statements:
                db.execute(statement)

    return do


def _ends(days: int) -> Any:
    moved = timedelta(days=days)
    return update(periodos).values(inicio=NOW + moved - timedelta(days=30), fin=NOW + moved)


def drawn(town: Populated) -> None:
    """A record of the sample, whose first review somebody else made."""
    ids = town.one.ids
    row = insert(muestra_registros).values(folio=ids["registro"], muestra=ids["muestra"], primera="otra")
    sql(update(revisiones).values(operador="otra"), row)(town)


_HELD = update(registros).where(registros.c.numero.like("%2"))
STORY: list[tuple[str, str] | Callable[[Populated], None]] = [
    ("derfe_admin", "POST /v1/opls"),
    ("opl_enlace", "POST /v1/periodos"),
    ("opl_enlace", "PUT /v1/periodos/{identifier}"),
    ("opl_enlace", "PUT /v1/periodos/{identifier}/activo"),
    ("opl_enlace", "POST /v1/periodos/{identifier}/avisos"),
    ("opl_enlace", "POST /v1/procesos"),
    ("opl_enlace", "PUT /v1/procesos/{folio}"),
    ("opl_enlace", "POST /v1/procesos/{folio}/confirmacion"),
    ("opl_enlace", "PUT /v1/procesos/{folio}/activo"),
    ("opl_enlace", "PUT /v1/procesos/{folio}/emblema"),
    ("promovente", "POST /v1/procesos/{folio}/auxiliares"),
    ("promovente", "POST /v1/procesos/{folio}/auxiliares/archivo"),
    ("derfe_operador", "POST /v1/cedulas-auxiliar/{identifier}/revision"),
    ("auxiliar", "POST /v1/dispositivos/{identifier}/baja"),
    ("opl_enlace", "POST /v1/auxiliares/{identifier}/baja"),
    ("opl_enlace", "POST /v1/solicitudes-uso"),
    ("derfe_operador", "POST /v1/solicitudes-uso/{folio}/respuesta"),
    ("derfe_operador", "POST /v1/atencion/reportes/{numero}/tomar"),
    ("derfe_operador", "POST /v1/atencion/reportes/{numero}/respuesta"),
    ("derfe_operador", "POST /v1/procesos/{folio}/compulsa"),
    ("opl_operador", "POST /v1/mesa/revisiones/{folio}"),
    ("opl_enlace", "POST /v1/mesa/asignaciones"),
    ("opl_enlace", "POST /v1/mesa/devoluciones"),
    sql(_HELD.values(datos=None)),
    ("derfe_operador", "POST /v1/registros/{folio}/reproceso"),
    ("opl_enlace", "POST /v1/mesa/muestras"),
    drawn,
    ("opl_enlace", "POST /v1/mesa/muestras/{muestra}/asignaciones"),
    sql(_ends(60)),
    ("opl_enlace", "POST /v1/mesa/criterios/{periodo}"),
    sql(_ends(20), update(periodos).values(municipios_excepcion='["32-010"]')),
    ("opl_operador", "POST /v1/captura-manual"),
    ("opl_enlace", "POST /v1/audiencias"),
    sql(_HELD.values(estado="con-inconsistencia", inciso="a")),
    ("opl_enlace", "POST /v1/audiencias/{audiencia}/corte"),
    ("opl_enlace", "POST /v1/audiencias/{audiencia}/confirmacion"),
    sql(update(audiencias).values(fecha=NOW - timedelta(hours=1))),
    ("opl_operador", "POST /v1/audiencias/{audiencia}/registros/{folio}"),
    ("opl_enlace", "POST /v1/audiencias/{audiencia}/conclusion"),
    ("opl_enlace", "POST /v1/audiencias/{audiencia}/notificacion"),
    sql(_ends(60)),
    ("opl_enlace", "POST /v1/resultados/llaves"),
    sql(_ends(-1)),
    ("derfe_operador", "POST /v1/resultados/entregas/{entrega}/pasos/{paso}"),
    ("derfe_operador", "POST /v1/resultados/entregas/{entrega}/abandono"),
    ("derfe_operador", "POST /v1/resultados/entregas"),
    ("derfe_operador", "POST /v1/resultados/cruces"),
    ("opl_enlace", "POST /v1/resultados/paquetes/{paquete}/acuse"),
    ("opl_enlace", "POST /v1/requerimientos"),
    ("derfe_operador", "POST /v1/requerimientos/{requerimiento}/atencion"),
    ("derfe_operador", "POST /v1/requerimientos/{requerimiento}/improcedencia"),
    sql(
        update(requerimientos).values(estado="improcedente"),
        update(paquetes).values(tipo="definitivo", hecho=NOW - timedelta(days=120)),
    ),
    ("derfe_admin", "POST /v1/retencion/{proceso}/respaldo"),
    ("derfe_admin", "POST /v1/retencion/{proceso}/destruccion"),
    ("derfe_admin", "POST /v1/retencion/{proceso}/destruccion/reanudar"),
    ("derfe_admin", "POST /v1/mensajes/{identificador}/reenvio"),
    ("derfe_admin", "POST /v1/cuentas"),
    ("derfe_admin", "POST /v1/cuentas/{cuenta}/sesiones/revocacion"),
    ("derfe_admin", "POST /v1/cuentas/{cuenta}/suspension"),
    ("derfe_admin", "POST /v1/cuentas/{cuenta}/reactivacion"),
    ("derfe_admin", "POST /v1/cuentas/{cuenta}/enlace"),
    ("pendiente", "PUT /v1/declaratoria/documento"),
    ("derfe_admin", "POST /v1/cuentas/{cuenta}/declaratoria/validacion"),
    ("pendiente", "POST /v1/declaratoria"),
    ("derfe_admin", "POST /v1/cuentas/{cuenta}/baja"),
    ("derfe_admin", "POST /v1/sesion/refuerzo"),
    ("derfe_admin", "POST /v1/credenciales/respaldo"),
    ("derfe_admin", "POST /v1/credenciales/llaves"),
    ("derfe_admin", "POST /v1/sesion/refuerzo/llave"),
    ("derfe_admin", "DELETE /v1/credenciales/llaves/{llave}"),
]
"""Who asks what, in an order in which each is right; what is between is done without being asked."""
PATHS = {
    ("POST /v1/registros/{folio}/reproceso", "folio"): "registro2",
    ("POST /v1/audiencias/{audiencia}/registros/{folio}", "folio"): "registro2",
    ("POST /v1/resultados/entregas/{entrega}/pasos/{paso}", "paso"): "A",
}


class Asker:
    """Asks each route of the story; what a passkey needs is remembered."""

    def __init__(self, town: Populated) -> None:
        self.town = town
        self.app = wiring.application_of(town.services, runs=wiring.nothing_runs)
        self.passkey = SoftPasskey("http://127.0.0.1:8000", "127.0.0.1")
        self.paths = self.app.openapi()["paths"]

    async def ask(self, who: str, label: str) -> httpx.Response:
        """The request; a failure is the test's."""
        method, path = label.split(" ")
        names = [p["name"] for p in self.paths[path][method.lower()].get("parameters", ())]
        here = {name: value for (at, name), value in PATHS.items() if at == label}
        others = {name: self.town.one.ids.get(value, value) for name, value in here.items()}
        if label.endswith("/declaratoria/validacion"):
            others["cuenta"] = self.town.staff["pendiente"][0]
        others["llave"] = bytes_to_base64url(self.passkey.id)
        where = address(path, self.town.one, **others)
        body = await self._body(who, label)
        sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        return await self._send(who, method, where, params=query(names, self.town.one), **sent)

    async def _body(self, who: str, label: str) -> Any:
        account = self.town.staff[who][0] if who in self.town.staff else ""
        if label == "POST /v1/sesion/refuerzo":
            return {"codigo": self.town.apps[account].code(NOW + timedelta(seconds=30))}
        if label == "PUT /v1/declaratoria/documento":
            return b"%PDF-1.7\n%%EOF\n"
        if label == "POST /v1/declaratoria":
            return {"version": IN_FORCE.version, "sha256": IN_FORCE.sha256.hex()}
        if label == "POST /v1/credenciales/llaves":
            begun = (await self._send(who, "POST", "/v1/credenciales/llaves/inicio")).json()
            made = self.passkey.create(begun["opciones"])
            return {"reto": begun["reto"], "credencial": made, "nombre": "llave"}
        if label == "POST /v1/sesion/refuerzo/llave":
            begun = (await self._send(who, "POST", "/v1/sesion/refuerzo/llave/inicio")).json()
            return {"reto": begun["reto"], "credencial": self.passkey.get(begun["opciones"])}
        return bodies(self.town.one).get(label)

    async def _send(self, who: str, method: str, where: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        headers = {"authorization": f"Bearer {self.town.token(who)}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
            return await http.request(method, where, headers=headers, **options)


def acts_of(town: Populated) -> set[str]:
    with town.services.database.reading() as db:
        return set(db.execute(select(actos.c.id)).scalars())


@pytest.mark.req("APO-25")
async def test_each_request_of_the_story_leaves_an_act_of_who_asked(town: Populated) -> None:
    asker, wrong = Asker(town), []
    for step in STORY:
        if callable(step):
            step(town)
            continue
        before = acts_of(town)
        answer = await asker.ask(*step)
        new = acts_of(town) - before
        account = {**town.staff, **town.one.people}[step[0]][0]
        with town.services.database.reading() as db:
            people = set(db.execute(select(actos.c.quien).where(actos.c.id.in_(new))).scalars())
        if answer.status_code >= 300 or account not in people:
            wrong.append((*step, answer.status_code, answer.text[:300], people))
    assert not wrong, "\n".join(map(str, wrong))


def test_the_story_has_every_route_with_which_an_institution_changes_something(town: Populated) -> None:
    app = wiring.application_of(town.services, runs=wiring.nothing_runs)
    told = {step[1] for step in STORY if not callable(step)} | NOT_ACTS.keys() | ELSEWHERE.keys()
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            roles = ROLES_OF[Permission(operation["x-permiso"])]
            if method in CHANGING and roles & INSTITUTIONAL and Role.ANONIMO not in roles:
                assert f"{method.upper()} {path}" in told
