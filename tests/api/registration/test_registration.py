"""Registration over HTTP, as it goes: an OPL, a period, a promovente, auxiliares, devices, bajas."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from api.accounts.permissions import Actor, Role
from api.outbox.tables import mensajes
from capture.devices.key import possession_message, read_key
from capture.packet import device_key
from capture.packet.body import encode_tar
from keys.errors import Refusal
from ledger.database import Database
from tests.api.registration.service import ADMIN, DERFE, ENLACE, OTHER, Service, running
from tests.capture import registration_samples as samples
from tests.capture.auxiliares.test_roster import csv_file, row, xlsx_file
from tests.capture.processes.test_emblem import png
from tests.capture.registration_samples import auxiliar_form, changed
from tests.document_judges import require_signed

PHOTO = b"\xff\xd8\xff captura"


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Iterator[Service]:
    with running(database, tmp_path / "datos") as made:
        yield made


def open_period(service: Service, tipo: str = "iniciativa-ciudadana") -> str:
    form = {"id": "ieez", "nombre": "Instituto Electoral de Prueba", "siglas": "IEP", "entidad": "32"}
    service.made(ADMIN, "POST", "/v1/opls", json=form)
    period = {**asdict(samples.period_form(tipo)), "opl": "ieez"}
    return str(service.made(ENLACE, "POST", "/v1/periodos", json=period)["id"])


def register_process(service: Service, tipo: str = "iniciativa-ciudadana") -> dict[str, str]:
    path = f"/v1/procesos?periodo={open_period(service, tipo)}"
    made: dict[str, str] = service.made(ENLACE, "POST", path, json=asdict(samples.process_form()))
    return made


def promovente(folio: str) -> Actor:
    return Actor("promovente", Role.PROMOVENTE, proceso=folio)


def add_auxiliar(service: Service, folio: str, number: int = 0) -> Actor:
    path = f"/v1/procesos/{folio}/auxiliares"
    made = service.made(promovente(folio), "POST", path, json=asdict(auxiliar_form(number)))
    return Actor(f"auxiliar{number}", Role.AUXILIAR, proceso=folio, auxiliar=made["id"])


@pytest.mark.req("APO-03")
def test_a_promovente_is_registered_and_written_to_with_the_folio(service: Service) -> None:
    made = register_process(service)
    assert made["folio"] == "F261127320000001"
    assert made["recipiente"].startswith("age1")
    ((kind, body),) = service.mails("promovente@ejemplo.mx")
    assert kind == "proceso.confirmacion"
    for told in (
        "F261127320000001",
        "01/11/2026 00:00",
        "31/01/2027 23:59",
        "/portal",
        "promovente@ejemplo.mx",
    ):
        assert told in body
    assert service.acts() == ["opl.alta", "periodo.alta", "proceso.alta"]


@pytest.mark.req("APO-03")
def test_an_aspirante_is_written_to_when_the_signed_cedula_is_received(service: Service) -> None:
    folio = register_process(service, "candidatura-independiente")["folio"]
    assert service.mails("promovente@ejemplo.mx") == []
    pdf = service.ask(ENLACE, "GET", f"/v1/procesos/{folio}/cedula")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-type"] == "application/pdf"
    assert service.made(ENLACE, "POST", f"/v1/procesos/{folio}/confirmacion")["confirmado"] is not None
    assert len(service.mails("promovente@ejemplo.mx")) == 1
    problem = service.refused(409, ENLACE, "POST", f"/v1/procesos/{folio}/confirmacion")
    assert problem["codigo"] == "proceso.confirmado"


@pytest.mark.req("APO-29")
def test_a_cedula_is_issued_once_while_it_says_the_same(service: Service, tmp_path: Path) -> None:
    folio = register_process(service)["folio"]
    path = f"/v1/procesos/{folio}/cedula"
    first = service.ask(ENLACE, "GET", path)
    require_signed(first.content, service.ask(None, "GET", "/v1/documentos/autoridad.pem").content, tmp_path)
    where = first.headers["content-location"]
    service.now += timedelta(days=1)
    promovente = Actor("promovente", Role.PROMOVENTE, proceso=folio)
    again = service.ask(promovente, "GET", path)
    assert (again.headers["content-location"], again.content) == (where, first.content)
    assert service.ask(promovente, "GET", where).content == first.content
    service.refused(404, OTHER, "GET", where)
    form = asdict(replace(samples.process_form(), nombre="Otra"))
    service.made(ENLACE, "PUT", f"/v1/procesos/{folio}", json=form)
    assert service.ask(ENLACE, "GET", path).headers["content-location"] != where
    assert service.acts().count("documento.emitir") == 2


@pytest.mark.req("APO-03")
def test_all_fields_to_correct_are_said_and_nobody_is_registered(service: Service) -> None:
    path = f"/v1/procesos?periodo={open_period(service)}"
    form = asdict(replace(samples.process_form(), nombre="", telefono_movil="", correo="x"))
    problem = service.refused(422, ENLACE, "POST", path, json=form)
    assert {found["campo"] for found in problem["errores"]} == {
        "Nombre(s)",
        "Teléfonos",
        "Correo electrónico",
    }
    assert service.acts() == ["opl.alta", "periodo.alta"]
    assert service.made(ENLACE, "GET", path) == []


@pytest.mark.req("APO-01")
def test_nobody_sees_or_changes_the_things_of_another_opl_or_process(service: Service) -> None:
    folio = register_process(service)["folio"]
    auxiliar = add_auxiliar(service, folio)
    stranger = promovente("F261127320000009")
    paths = [
        f"/v1/procesos/{folio}",
        f"/v1/procesos/{folio}/auxiliares",
        f"/v1/auxiliares/{auxiliar.auxiliar}",
    ]
    for path in paths:
        for who in (OTHER, stranger):
            service.refused(404, who, "GET", path)
        service.refused(401, None, "GET", path)
    service.refused(404, stranger, "POST", paths[1], json=asdict(auxiliar_form(7)))
    baja = {"causa": "datos-incorrectos"}
    service.refused(404, stranger, "POST", f"{paths[2]}/baja", json=baja)
    service.refused(403, ENLACE, "POST", paths[1], json=asdict(auxiliar_form(7)))
    service.refused(404, auxiliar, "GET", paths[1])
    assert service.made(auxiliar, "GET", paths[2])["id"] == auxiliar.auxiliar
    other = add_auxiliar(service, folio, 1)
    service.refused(404, other, "GET", paths[2])


@pytest.mark.req("APO-01")
def test_an_account_of_an_opl_or_process_that_does_not_say_which_sees_nothing(service: Service) -> None:
    folio = register_process(service)["folio"]
    periodo = service.made(ENLACE, "GET", "/v1/periodos")[0]["id"]
    for who in (Actor("a", Role.OPL_OPERADOR), Actor("b", Role.PROMOVENTE)):
        service.refused(404, who, "GET", f"/v1/procesos/{folio}")
        service.refused(404, who, "GET", f"/v1/procesos?periodo={periodo}")
    for who in (ENLACE, DERFE, promovente(folio)):
        assert [one["folio"] for one in service.made(who, "GET", f"/v1/procesos?periodo={periodo}")] == [
            folio
        ]


def test_the_openapi_document_describes_every_route(service: Service) -> None:
    made = service.app.openapi()
    text = json.dumps(made)
    for name in set(re.findall(r'#/components/schemas/([^"]+)"', text)):
        assert name in made["components"]["schemas"], name
    body = made["paths"]["/v1/dispositivos"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) == {
        "proceso",
        "auxiliar",
        "correo",
        "nombre",
        "credencial",
        "numero",
        "prueba",
        "capturas",
    }


@pytest.mark.req("APO-26")
def test_the_app_shows_the_process_its_emblem_and_the_aviso(service: Service) -> None:
    folio = register_process(service)["folio"]
    periodo = service.made(ENLACE, "GET", "/v1/periodos")[0]["id"]
    shown = service.made(None, "GET", f"/v1/procesos/{folio}/app")
    assert (shown["aviso"], shown["emblema"], shown["abierto"]) == (None, False, True)
    aviso = {"texto": "Sus datos se usarán para…", "liga": "https://instituto.ejemplo.mx/aviso"}
    service.made(ENLACE, "POST", f"/v1/periodos/{periodo}/avisos", json=aviso)
    image = png(64, 64, size=100_000)
    service.made(ENLACE, "PUT", f"/v1/procesos/{folio}/emblema", content=image)
    shown = service.made(None, "GET", f"/v1/procesos/{folio}/app")
    assert (shown["aviso"]["version"], shown["aviso"]["texto"], shown["emblema"]) == (1, aviso["texto"], True)
    assert "clave_elector" not in str(shown)
    assert service.made(None, "GET", f"/v1/procesos/{folio}/emblema") == image
    too_large = service.ask(ENLACE, "PUT", f"/v1/procesos/{folio}/emblema", content=bytes(600_000))
    assert too_large.status_code == 413


@pytest.mark.req("APO-04")
@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_roster_is_registered_and_everybody_is_written_to(service: Service, make: Any) -> None:
    folio = register_process(service)["folio"]
    data = make([row(auxiliar_form(n)) for n in range(3)])
    made = service.made(promovente(folio), "POST", f"/v1/procesos/{folio}/auxiliares/archivo", content=data)
    assert made["auxiliares"] == ["A000000001", "A000000002", "A000000003"]
    ((kind, body),) = service.mails("auxiliar2@ejemplo.mx")
    assert kind == "auxiliar.alta"
    assert folio in body
    assert "A000000003" in body


@pytest.mark.req("APO-04")
def test_of_a_roster_with_one_bad_row_nobody_is_registered(service: Service) -> None:
    folio = register_process(service)["folio"]
    path = f"/v1/procesos/{folio}/auxiliares/archivo"
    bad = changed(auxiliar_form(1), telefono="1")
    data = csv_file([row(auxiliar_form(0)), row(bad)])
    problem = service.refused(422, promovente(folio), "POST", path, content=data)
    assert [(found["row"], found["field"]) for found in problem["renglones"]] == [(3, "Número telefónico")]
    report = service.ask(promovente(folio), "POST", f"{path}?informe=csv", content=data)
    assert report.status_code == 422
    assert report.headers["content-type"].startswith("text/csv")
    assert "Número telefónico" in report.text
    assert service.made(promovente(folio), "GET", f"/v1/procesos/{folio}/auxiliares") == []
    assert service.mails("auxiliar0@ejemplo.mx") == []


@pytest.mark.req("APO-04")
def test_a_promovente_removes_an_auxiliar_who_is_told(service: Service) -> None:
    folio = register_process(service)["folio"]
    auxiliar = add_auxiliar(service, folio)
    path = f"/v1/auxiliares/{auxiliar.auxiliar}/baja"
    causes = service.made(promovente(folio), "GET", "/v1/causas-de-baja")
    assert "Cambio de correo" in {cause["texto"] for cause in causes}
    removed = service.made(promovente(folio), "POST", path, json={"causa": "cambio-de-correo"})
    assert removed["motivo"] == "Cambio de correo"
    kinds = [kind for kind, _ in service.mails("auxiliar0@ejemplo.mx")]
    assert kinds == ["auxiliar.alta", "auxiliar.baja"]
    assert service.acts().count("auxiliar.baja") == 1
    service.refused(409, promovente(folio), "POST", path, json={"causa": "cambio-de-correo"})
    assert add_auxiliar(service, folio).auxiliar != auxiliar.auxiliar


@pytest.mark.req("APO-05")
def test_a_baja_by_the_authority_is_told_to_the_promovente_with_its_cause(service: Service) -> None:
    folio = register_process(service)["folio"]
    auxiliar = add_auxiliar(service, folio)
    path = f"/v1/auxiliares/{auxiliar.auxiliar}/baja"
    service.refused(409, ENLACE, "POST", path, json={"causa": "fuera-de-lista-nominal"})
    service.made(DERFE, "POST", path, json={"causa": "fuera-de-lista-nominal"})
    kind, body = service.mails("promovente@ejemplo.mx")[-1]
    assert kind == "auxiliar.baja-autoridad"
    words = "Los datos registrados del auxiliar no se encuentran en lista nominal (revisión INE)"
    assert words in body
    (seen,) = service.made(promovente(folio), "GET", f"/v1/procesos/{folio}/auxiliares")
    assert seen["motivo"] == words


def proof(service: Service, key: Ed25519PrivateKey, holder: str, body: bytes) -> dict[str, str]:
    asked = service.made(None, "POST", "/v1/dispositivos/retos")
    spki = device_key.encode_key(key.public_key())
    value = base64.b64decode(asked["valor"])
    message = possession_message(asked["reto"], value, holder, read_key(spki), body)
    signature = base64.b64encode(device_key.sign(key, message)).decode()
    return {"reto": asked["reto"], "llave": base64.b64encode(spki).decode(), "firma": signature}


def device_form(service: Service, who: Actor, recipient: str) -> dict[str, Any]:
    files = {"anverso.jpg": PHOTO * 30_000, "reverso.jpg": PHOTO, "foto.jpg": PHOTO, "firma.png": PHOTO}
    sealed = pyrage.encrypt(encode_tar(files), [pyrage.x25519.Recipient.from_str(recipient)])
    digest = hashlib.sha256(sealed).digest()
    return {
        "proceso": who.proceso,
        "auxiliar": who.auxiliar,
        "correo": "auxiliar0@ejemplo.mx",
        "nombre": "Mi teléfono",
        "credencial": "cic",
        "numero": "123456789",
        "prueba": proof(service, Ed25519PrivateKey.generate(), str(who.auxiliar), digest),
        "capturas": base64.b64encode(sealed).decode(),
    }


@pytest.mark.req("APO-05")
def test_an_auxiliar_registers_in_the_app_and_a_reviewer_sees_the_captures(service: Service) -> None:
    made = register_process(service)
    auxiliar = add_auxiliar(service, made["folio"])
    form = device_form(service, auxiliar, made["recipiente"])
    device = service.made(auxiliar, "POST", "/v1/dispositivos", json=form)["dispositivo"]
    (shown,) = service.made(auxiliar, "GET", f"/v1/auxiliares/{auxiliar.auxiliar}/dispositivos")
    assert (shown["id"], shown["algoritmo"]) == (device, "ed25519")
    path = f"/v1/procesos/{made['folio']}/cedulas-auxiliar?pendientes=true"
    (cedula,) = service.made(ENLACE, "GET", path)
    own = f"/v1/cedulas-auxiliar/{cedula['id']}"
    assert service.made(ENLACE, "GET", f"{own}/capturas/foto.jpg") == PHOTO
    service.refused(404, ENLACE, "GET", f"{own}/capturas/otra.jpg")
    service.refused(404, OTHER, "GET", f"{own}/capturas/foto.jpg")
    service.refused(403, promovente(made["folio"]), "GET", f"{own}/capturas/foto.jpg")
    assert service.ask(ENLACE, "GET", f"{own}/pdf").content.startswith(b"%PDF-")
    reviewed = service.made(ENLACE, "POST", f"{own}/revision", json={"corresponde": False})
    assert reviewed["corresponde"] is False
    assert service.made(ENLACE, "GET", path) == []
    assert {"dispositivo.alta", "cedula-auxiliar.consulta", "cedula-auxiliar.revision"} <= set(service.acts())


@pytest.mark.req("APO-07")
def test_a_third_device_is_refused_until_one_is_removed_by_its_holder(service: Service) -> None:
    made = register_process(service)
    auxiliar, other = (add_auxiliar(service, made["folio"], n) for n in (0, 1))
    forms = [device_form(service, auxiliar, made["recipiente"]) for _ in range(3)]
    first, _ = (
        service.made(auxiliar, "POST", "/v1/dispositivos", json=form)["dispositivo"] for form in forms[:2]
    )
    problem = service.refused(409, auxiliar, "POST", "/v1/dispositivos", json=forms[2])
    assert problem["codigo"] == "dispositivo.maximo"
    assert "«Baja de dispositivo»" in problem["detail"]
    service.refused(404, other, "POST", f"/v1/dispositivos/{first}/baja")
    assert service.made(auxiliar, "POST", f"/v1/dispositivos/{first}/baja")["baja"] is not None
    again = device_form(service, auxiliar, made["recipiente"])
    service.made(auxiliar, "POST", "/v1/dispositivos", json=again)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"auxiliar": "A000000009"}, 403),
        ({"correo": "otra@ejemplo.mx"}, 409),
        ({"capturas": "bm8="}, 409),
        ({"capturas": "%"}, 422),
        ({"credencial": "curp"}, 422),
        ({"numero": "1"}, 422),
        ({"prueba": {}}, 422),
        ({"nombre": "otro", "capturas": base64.b64encode(b"age-encryption.org/v1\nx").decode()}, 409),
        ({"prueba": {"reto": "x", "llave": "bm8=", "firma": "bm8="}}, 422),
    ],
)
def test_a_device_with_other_data_is_refused(
    service: Service, tmp_path: Path, change: dict[str, Any], status: int
) -> None:
    made = register_process(service)
    auxiliar = add_auxiliar(service, made["folio"])
    form = {**device_form(service, auxiliar, made["recipiente"]), **change}
    service.refused(status, auxiliar, "POST", "/v1/dispositivos", json=form)
    assert "dispositivo.alta" not in service.acts()
    assert not list((tmp_path / "datos").rglob("cedulas-auxiliar/**/*.age"))


@pytest.mark.req("APO-15")
def test_a_citizen_gets_a_code_by_mail_and_activates_once(service: Service) -> None:
    made = register_process(service)
    (shown,) = service.made(None, "GET", "/v1/mi-apoyo/procesos?entidad=32")
    assert shown["recipiente"] == made["recipiente"]
    assert service.made(None, "GET", "/v1/mi-apoyo/procesos?entidad=10") == []
    key, nothing = Ed25519PrivateKey.generate(), bytes(32)
    form = {
        "qr": "http://qr.ine.mx/180112345678902123456789/20190101/V/123456",
        "modelo": "G",
        "entidad": "32",
        "correo": "ciudadana@ejemplo.mx",
        "autenticacion": "google",
        "prueba": proof(service, key, "mi-apoyo", nothing),
    }
    asked = service.made(None, "POST", "/v1/mi-apoyo/codigos", json=form)
    ((kind, body),) = service.mails("ciudadana@ejemplo.mx")
    assert kind == "mi-apoyo.codigo"
    code = next(line.strip() for line in body.splitlines() if len(line.strip()) == 11 and "-" in line)
    path = f"/v1/mi-apoyo/codigos/{asked['activacion']}/activacion"
    for typed, status in (("ZZZZZ-ZZZZZ", 409), (code, 200), (code, 200)):
        given = {
            "codigo": typed,
            "nombre": "Mi teléfono",
            "prueba": proof(service, key, asked["activacion"], nothing),
        }
        assert service.ask(None, "POST", path, json=given).status_code == status
    assert service.acts().count("mi-apoyo.activacion") == 1
    gone = f"/v1/mi-apoyo/codigos/{asked['activacion']}/baja"
    service.refused(409, None, "POST", gone, json=proof(service, Ed25519PrivateKey.generate(), "x", nothing))
    service.made(None, "POST", gone, json=proof(service, key, asked["activacion"], nothing))


@pytest.mark.req("APO-15")
@pytest.mark.parametrize("correo", ["ciudadana@ejemplo.mx", "curiosa@ejemplo.mx"])
def test_only_the_owner_of_the_mail_is_told_that_somebody_activated_already(
    service: Service, correo: str
) -> None:
    """With the same e-mail, or with the same credential: whoever asks is answered as ever."""
    register_process(service)
    codes = "/v1/mi-apoyo/codigos"
    first, key = ask_for_code(service, "ciudadana@ejemplo.mx")
    code = code_in(service.mails("ciudadana@ejemplo.mx")[0][1])
    given = {"codigo": code, "nombre": "x", "prueba": proof(service, key, first["activacion"], bytes(32))}
    service.made(None, "POST", f"{codes}/{first['activacion']}/activacion", json=given)
    second, other = ask_for_code(service, correo)
    assert second.keys() == first.keys()
    kind, body = service.mails(correo)[-1]
    assert (kind, code_in(body)) == ("mi-apoyo.ocupado", None)
    given = {"codigo": "ZZZZZ-ZZZZZ", "nombre": "x"}
    given |= {"prueba": proof(service, other, second["activacion"], bytes(32))}
    refused = service.refused(409, None, "POST", f"{codes}/{second['activacion']}/activacion", json=given)
    assert refused["codigo"] == "codigo.valor"


def ask_for_code(service: Service, correo: str) -> tuple[Any, Ed25519PrivateKey]:
    """«Generar Código» on a new device: the answer, and the device's key."""
    key = Ed25519PrivateKey.generate()
    form = {
        "qr": "http://qr.ine.mx/180112345678902123456789/20190101/V/123456",
        "modelo": "G",
        "entidad": "32",
        "correo": correo,
        "autenticacion": "google",
        "prueba": proof(service, key, "mi-apoyo", bytes(32)),
    }
    return service.made(None, "POST", "/v1/mi-apoyo/codigos", json=form), key


def code_in(body: str) -> str | None:
    """The activation code that a mail has in a line of its own."""
    return next((text for text in body.split() if len(text) == 11 and text[5] == "-"), None)


@pytest.mark.req("APO-15")
def test_wrong_codes_are_counted_although_they_are_refused(service: Service) -> None:
    register_process(service)
    key, nothing = Ed25519PrivateKey.generate(), bytes(32)
    form = {
        "qr": "http://qr.ine.mx/180112345678902123456789/20190101/V/123456",
        "modelo": "G",
        "entidad": "32",
        "correo": "ciudadana@ejemplo.mx",
        "autenticacion": "google",
        "prueba": proof(service, key, "mi-apoyo", nothing),
    }
    asked = service.made(None, "POST", "/v1/mi-apoyo/codigos", json=form)["activacion"]
    codes = []
    for _ in range(6):
        given = {"codigo": "ZZZZZZZZZZ", "nombre": "x", "prueba": proof(service, key, asked, nothing)}
        path = f"/v1/mi-apoyo/codigos/{asked}/activacion"
        codes.append(service.refused(409, None, "POST", path, json=given)["codigo"])
    assert codes == ["codigo.valor"] * 5 + ["codigo.vigencia"]


@pytest.mark.req("APO-30")
def test_an_opl_asks_for_the_use_and_derfe_answers_with_the_folio(service: Service, tmp_path: Path) -> None:
    open_period(service)
    form = {
        "tipo": "candidatura-independiente",
        "numero_oficio": "SE/1/2026",
        "fecha_oficio": "20/11/2026",
        "aspirantes_estimados": "39",
        "apoyos_estimados": "150000",
        "correo": "enlace@ejemplo.mx",
    }
    asked = service.made(ENLACE, "POST", "/v1/solicitudes-uso", json=form)
    assert (asked["folio"], asked["estado"]) == ("USO-ZAC-2026-1", "recibida")
    path = f"/v1/solicitudes-uso/{asked['folio']}"
    service.refused(404, OTHER, "GET", path)
    service.refused(403, ENLACE, "POST", f"{path}/respuesta", json={"procedente": True, "respuesta": "Sí"})
    answer = {"procedente": True, "respuesta": "Se pondrá a disposición el sistema."}
    assert service.made(DERFE, "POST", f"{path}/respuesta", json=answer)["estado"] == "atendida"
    ((_, body),) = service.mails("enlace@ejemplo.mx")
    assert "USO-ZAC-2026-1" in body
    assert answer["respuesta"] in body
    oficio = service.ask(ENLACE, "GET", f"{path}/oficio")
    require_signed(oficio.content, service.ask(None, "GET", "/v1/documentos/autoridad.pem").content, tmp_path)
    with service.services.database.reading() as db:
        (attached,) = db.execute(select(mensajes.c.documento)).scalars()
    assert oficio.headers["content-location"] == f"/v1/documentos/{attached}"
    service.refused(404, OTHER, "GET", f"{path}/oficio")
    service.refused(409, DERFE, "POST", f"{path}/respuesta", json=answer)
    assert [one["folio"] for one in service.made(ENLACE, "GET", "/v1/solicitudes-uso")] == [asked["folio"]]


@pytest.mark.req("APO-02")
def test_a_period_and_a_process_are_switched_off_and_corrected(service: Service) -> None:
    folio = register_process(service)["folio"]
    periodo = service.made(ENLACE, "GET", "/v1/periodos")[0]["id"]
    longer = {**asdict(samples.period_form()), "fin": "2027-02-15T00:00"}
    changed_period = service.made(ENLACE, "PUT", f"/v1/periodos/{periodo}", json=longer)
    assert changed_period["period"]["fin"].startswith("2027-02-15T00:00")
    service.refused(404, OTHER, "PUT", f"/v1/periodos/{periodo}", json=longer)
    corrected = asdict(replace(samples.process_form(), nombre="Ana"))
    assert service.made(ENLACE, "PUT", f"/v1/procesos/{folio}", json=corrected)["data"]["nombre"] == "Ana"
    assert (
        service.made(ENLACE, "PUT", f"/v1/procesos/{folio}/activo", json={"activo": False})["activo"] is False
    )
    service.made(ENLACE, "PUT", f"/v1/periodos/{periodo}/activo", json={"activo": False})
    assert service.made(None, "GET", f"/v1/procesos/{folio}/app")["abierto"] is False
    assert service.made(None, "GET", "/v1/mi-apoyo/procesos?entidad=32") == []


def test_after_the_period_no_device_is_registered(service: Service) -> None:
    made = register_process(service)
    auxiliar = add_auxiliar(service, made["folio"])
    service.now += timedelta(days=90)
    form = device_form(service, auxiliar, made["recipiente"])
    problem = service.refused(409, auxiliar, "POST", "/v1/dispositivos", json=form)
    assert problem["codigo"] == "dispositivo.periodo"


def test_a_refusal_of_the_outbox_undoes_the_alta(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    folio = register_process(service)["folio"]

    def broken(*_: object) -> str:
        raise Refusal("prueba", "mensajes", "que se pueda", "no se puede")

    monkeypatch.setattr("api.outbox.outbox.Outbox.put", broken)
    path = f"/v1/procesos/{folio}/auxiliares"
    service.refused(409, promovente(folio), "POST", path, json=asdict(auxiliar_form()))
    assert service.made(promovente(folio), "GET", path) == []
    assert "auxiliar.alta" not in service.acts()
