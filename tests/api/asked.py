"""A request to each route that changes something, as somebody would rightly ask it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from tests.api.populated import NAMED, Side, id_at
from tests.api.populated_sei import PARTS, sei_bodies
from tests.capture import registration_samples as samples
from tests.capture.auxiliares.test_roster import csv_file, row
from tests.capture.processes.test_emblem import png
from tests.capture.registration_samples import NOW, auxiliar_form

REASON = {"razon": "oficio OF/1/2026"}
MOTIVE = {"motivo": "oficio OF/1/2026"}
PROOF = {"reto": "0193aaaa-0000-7000-8000-000000000001", "llave": "AAAA", "firma": "AAAA"}
CEDULA = {
    "nombre": "Ana",
    "apellido_paterno": "López",
    "clave_elector": "LPZXAN80010132M100",
    "ocr": "0123456789012",
    "entidad": "32",
    "municipio": "010",
    "seccion": "0123",
}
FOLIO = "0193ffff-0000-7000-8000-00000000000f"
_LATER = (NOW + timedelta(days=5)).isoformat()


def bodies(side: Side) -> dict[str, Any]:
    """The JSON, or the bytes, of each route that takes something; ids are those of `side`."""
    ids, account = side.ids, side.people["opl_operador"][0]
    own = f"promovente{side.number}1@ejemplo.mx"
    aviso = {"texto": "Aviso de privacidad " * 5, "liga": "https://ejemplo.mx/aviso"}
    people = {"operadores": [account], "proceso": ids["proceso"]}
    request = {"oficio": "OF/2", "fecha_oficio": "2026-11-01", "autoridad": "Tribunal", "expediente": "E-2"}
    asked = {**request, "fundamento": "Art. 1", "folios": [ids["registro"]], "llave": ids["llave"]}
    sample = {"semilla": "s", "por_millar": 1000, "desde": (NOW - timedelta(days=2)).isoformat()}
    paper = {"folio": FOLIO, "campos": CEDULA, "capturada": (NOW - timedelta(hours=1)).isoformat()}
    usage = {"tipo": "iniciativa-ciudadana", "numero_oficio": "OF/3", "fecha_oficio": "01/11/2026"}
    counts = {"aspirantes_estimados": "10", "apoyos_estimados": "1000", "correo": "opl@ejemplo.mx"}
    staff = {"nombre": "Ana", "cargo": "Analista", "correo": "otra@ine.mx", "telefono": "5512345678"}
    oficio = {"oficio_numero": "INE/1/2026", "oficio_fecha": "2026-11-01", "rol": "opl_operador"}
    report = {"persona": "Persona", "titulo": "Título", "descripcion": "Descripción"}
    return {
        "POST /v1/opls": {"id": "nuevo", "nombre": "Instituto", "siglas": "IN", "entidad": "09"},
        "POST /v1/periodos": {**asdict(samples.period_form()), "opl": side.opl},
        "PUT /v1/periodos/{identifier}": asdict(samples.period_form()),
        "PUT /v1/periodos/{identifier}/activo": {"activo": True},
        "POST /v1/periodos/{identifier}/avisos": aviso,
        "POST /v1/procesos": {**asdict(samples.process_form()), "correo": "otra@ejemplo.mx"},
        "PUT /v1/procesos/{folio}": {**asdict(samples.process_form()), "correo": own},
        "PUT /v1/procesos/{folio}/activo": {"activo": True},
        "PUT /v1/procesos/{folio}/emblema": png(),
        "POST /v1/procesos/{folio}/auxiliares": asdict(auxiliar_form(77)),
        "POST /v1/procesos/{folio}/auxiliares/archivo": csv_file([row(auxiliar_form(78))]),
        "POST /v1/auxiliares/{identifier}/baja": {"causa": "otra", "motivo": "a petición"},
        "POST /v1/cedulas-auxiliar/{identifier}/revision": {"corresponde": True},
        "POST /v1/solicitudes-uso": {**usage, **counts, "observaciones": ""},
        "POST /v1/solicitudes-uso/{folio}/respuesta": {"procedente": True, "respuesta": "Procede."},
        "POST /v1/atencion/reportes": {"causas": ["registro-de-auxiliar"], **report},
        "POST /v1/atencion/reportes/{numero}/tomar": {"proceso": ids["proceso"]},
        "POST /v1/atencion/reportes/{numero}/respuesta": {"respuesta": "Listo."},
        "POST /v1/registros/busqueda": {"numero": "100000001", "proceso": ids["proceso"]},
        "POST /v1/mesa/criterios/{periodo}": {
            "criterios": [{"inciso": "a", "tipo": "Firma", "detalle": "Sin firma", "especificar": False}]
        },
        "POST /v1/mesa/asignaciones": people,
        "POST /v1/mesa/devoluciones": {"operador": account},
        "POST /v1/mesa/revisiones/{folio}": {"inciso": None, "especificacion": None},
        "POST /v1/mesa/muestras": {**sample, "hasta": NOW.isoformat(), "proceso": ids["proceso"]},
        "POST /v1/mesa/muestras/{muestra}/asignaciones": people,
        "POST /v1/mesa/discrepancias/{folio}": {"inciso": None, "especificacion": None},
        "POST /v1/captura-manual": {**paper, "proceso": ids["proceso"], "criterio": None},
        "POST /v1/audiencias": {**people, "fecha": _LATER, "lugar": "Sala"},
        "POST /v1/audiencias/{audiencia}/registros/{folio}": {"cambio": "sin-modificacion"},
        "POST /v1/resultados/llaves": {"periodo": ids["periodo"], "llave": ids["llave"]},
        "POST /v1/resultados/llaves/retos/{reto}": {"respuesta": "ABCD"},
        "POST /v1/resultados/entregas": {"proceso": ids["proceso"], "corte": "preliminar"},
        "POST /v1/resultados/entregas/{entrega}/pasos/{paso}": {},
        "POST /v1/resultados/entregas/{entrega}/abandono": MOTIVE,
        "POST /v1/resultados/cruces": {"periodo": ids["periodo"]},
        "POST /v1/resultados/paquetes/{paquete}/acuse": {"manifiesto": "0" * 64},
        "POST /v1/requerimientos": {**asked, "proceso": ids["proceso"]},
        "POST /v1/requerimientos/{requerimiento}/improcedencia": MOTIVE,
        "POST /v1/retencion/{proceso}/destruccion": MOTIVE,
        "POST /v1/cuentas": {**staff, **oficio, "opl": side.opl},
        "POST /v1/cuentas/{cuenta}/suspension": REASON,
        "POST /v1/cuentas/{cuenta}/reactivacion": REASON,
        "POST /v1/cuentas/{cuenta}/baja": REASON,
        "POST /v1/cuentas/{cuenta}/enlace": REASON,
        "POST /v1/cuentas/{cuenta}/sesiones/revocacion": REASON,
        **sei_bodies(ids),
    }


def address(path: str, side: Side, **others: str) -> str:
    """A path with the ids of `side` in it."""
    parts = []
    for part in path.split("/"):
        name, dot, ending = part.removeprefix("{").partition("}")
        kind = id_at(path, name) if part.startswith("{") else None
        given = others.get(name, PARTS.get(name, "A") if kind is None else side.ids[kind])
        parts.append(f"{given}{ending}" if part.startswith("{") else part)
        assert dot or not part.startswith("{")
    return "/".join(parts)


def query(names: list[str], side: Side) -> dict[str, str]:
    """The parameters of a query that name something; what can be followed is looked at once."""
    named = {name: side.ids[NAMED[name]] for name in names if name in NAMED}
    return named | ({"segundos": "0"} if "segundos" in names else {})
