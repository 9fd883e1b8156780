"""A packet over HTTP: resumed, refused or received; and an acuse that verifies (APO-12, APO-13, APO-16)."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from api import wiring
from api.acts.acts import LogName
from api.intake.tus import CONTENT_TYPE
from api.outbox.tables import mensajes
from api.public_log.open_logs import log_folder
from api.services import Services
from api.settings import Settings
from capture.intake.receiving import body_path
from capture.packet.body import parse_body
from capture.packet.device_key import sign
from capture.packet.envelope import Envelope
from capture.records.tables import registros
from ledger.acuse import parse_acuse_file
from ledger.database import Database
from tests.capture.intake.registering import OTHER, Registered, register
from tests.capture.packet.making import NOON, packet


@pytest.fixture
def registered(database: Database) -> Registered:
    return register(database)


@pytest.fixture
async def services(registered: Registered, tmp_path: Path) -> AsyncIterator[Services]:
    url = registered.database.engine.url.render_as_string(hide_password=False)
    made = wiring.build_services(Settings(data=tmp_path / "datos", database=url), clock=lambda: NOON)
    made.logs.apoyo.start()
    made.logs.actos.start()
    yield made
    made.logs.apoyo.close()
    made.logs.actos.close()
    made.database.engine.dispose()


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(wiring.application_of(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as client:
        yield client


def made(registered: Registered, **changes: object) -> tuple[Envelope, bytes]:
    key = registered.keys[registered.device]
    return packet(key, registered.recipient, dispositivo=registered.device, **changes)


def headers(envelope: Envelope, **more: str) -> dict[str, str]:
    metadata = f"sobre {b64encode(envelope.encode()).decode()}"
    return {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(envelope.tamano),
        "Upload-Metadata": metadata,
        **more,
    }


async def send(http: httpx.AsyncClient, envelope: Envelope, body: bytes) -> httpx.Response:
    return await http.post(
        "/v1/paquetes", headers=headers(envelope, **{"Content-Type": CONTENT_TYPE}), content=body
    )


def count(registered: Registered) -> int:
    with registered.database.reading() as db:
        return db.execute(select(func.count()).select_from(registros)).scalar_one()


@pytest.mark.anyio
@pytest.mark.req("APO-12")
async def test_what_is_received_has_an_acuse_that_others_verify(
    http: httpx.AsyncClient, registered: Registered, services: Services, tmp_path: Path
) -> None:
    envelope, body = made(registered)
    answer = await send(http, envelope, body)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(body)))
    acuse = await http.post("/v1/acuses", content=envelope.encode())
    assert acuse.status_code == 200, acuse.text
    file = parse_acuse_file(acuse.content)
    assert (file.acuse.registro, file.acuse.folio) == (envelope.sha256, envelope.folio)
    assert file.acuse.recibido == NOON
    (tmp_path / "mi.acuse").write_bytes(acuse.content)
    policy = log_folder(services.settings, LogName.APOYO) / "politica.txt"
    command = [sys.executable, "-m", "certeza_verifier", "acuse", str(tmp_path / "mi.acuse")]
    subprocess.run([*command, "--politica", str(policy)], check=True, capture_output=True)
    found = (await http.get(f"/v1/acuses/{file.acuse.code}")).json()
    assert (found["indice"], found["codigo"]) == (file.proof.index, file.acuse.code)
    kept = services.blobs.get(body_path(envelope))
    assert sha256(kept).digest() == envelope.sha256


@pytest.mark.anyio
@pytest.mark.req("APO-12")
async def test_the_person_is_told_without_personal_data(
    http: httpx.AsyncClient, registered: Registered, services: Services
) -> None:
    envelope, body = made(registered)
    await send(http, envelope, body)
    with services.database.reading() as db:
        row = db.execute(select(mensajes)).one()
        acuse = db.execute(select(registros.c.codigo)).scalar_one()
    assert row.destino == "auxiliar@ejemplo.mx"
    for expected in (envelope.folio, "CIC: 123456789", "20/11/2026 12:00:00", acuse[:4], acuse):
        assert expected in row.cuerpo
    assert "ANA" not in row.cuerpo


@pytest.mark.anyio
@pytest.mark.req("APO-16")
async def test_a_cut_upload_goes_on_where_it_was(
    http: httpx.AsyncClient, registered: Registered, services: Services
) -> None:
    envelope, body = made(registered)
    created = await http.post("/v1/paquetes", headers=headers(envelope))
    where = created.headers["location"]
    assert created.headers["upload-offset"] == "0"
    half = len(body) // 2
    patch = {"Tus-Resumable": "1.0.0", "Content-Type": CONTENT_TYPE}
    first = await http.patch(where, headers={**patch, "Upload-Offset": "0"}, content=body[:half])
    assert (first.status_code, first.headers["upload-offset"]) == (204, str(half))
    assert first.headers["upload-expires"] == "Sun, 22 Nov 2026 18:00:00 GMT"
    head = await http.head(where, headers={"Tus-Resumable": "1.0.0"})
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == (str(half), str(len(body)))
    wrong = await http.patch(where, headers={**patch, "Upload-Offset": "0"}, content=body)
    assert (wrong.status_code, wrong.headers["upload-offset"]) == (409, str(half))
    assert count(registered) == 0
    last = await http.patch(where, headers={**patch, "Upload-Offset": str(half)}, content=body[half:])
    assert last.status_code == 204
    assert count(registered) == 1
    assert parse_acuse_file((await http.post("/v1/acuses", content=envelope.encode())).content)


@pytest.mark.anyio
@pytest.mark.req("APO-16")
async def test_a_repeat_gets_the_same_acuse_and_makes_no_second_record(
    http: httpx.AsyncClient, registered: Registered, services: Services
) -> None:
    envelope, body = made(registered)
    await send(http, envelope, body)
    first = parse_acuse_file((await http.post("/v1/acuses", content=envelope.encode())).content)
    again = await send(http, envelope, body)
    assert (again.status_code, again.headers["upload-offset"]) == (201, str(len(body)))
    second = parse_acuse_file((await http.post("/v1/acuses", content=envelope.encode())).content)
    assert first.acuse == second.acuse
    assert count(registered) == 1
    with services.database.reading() as db:
        assert len(db.execute(select(mensajes)).all()) == 1


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json().get("codigo", answer.json()["type"])


@pytest.mark.anyio
async def test_a_folio_that_is_taken_by_another_body_is_refused(
    http: httpx.AsyncClient, registered: Registered
) -> None:
    envelope, body = made(registered)
    await send(http, envelope, body)
    other, other_body = made(registered, folio=envelope.folio)
    assert refused(await send(http, other, other_body)) == (409, "paquete.folio")
    assert count(registered) == 1


@pytest.mark.anyio
async def test_wrong_truncated_oversized_and_foreign_packets_are_refused_with_a_code(
    http: httpx.AsyncClient, registered: Registered
) -> None:
    envelope, body = made(registered)
    altered = bytes([body[0] ^ 1]) + body[1:]
    assert refused(await send(http, envelope, altered)) == (409, "paquete.sha256")
    assert refused(await send(http, envelope, body + b"x")) == (413, "/v1/problemas/demasiado-grande")
    foreign, foreign_body = made(registered, proceso=OTHER)
    assert refused(await send(http, foreign, foreign_body)) == (409, "paquete.ajeno")
    unknown, unknown_body = made(registered, proceso="F999")
    assert refused(await send(http, unknown, unknown_body)) == (403, "paquete.proceso")
    forged = replace(envelope, numero="111111111")
    assert refused(await send(http, forged, body)) == (409, "paquete.firma")
    late, late_body = made(registered, capturado=NOON + timedelta(days=3))
    assert refused(await send(http, late, late_body)) == (409, "paquete.reloj")
    assert count(registered) == 0
    assert (await send(http, envelope, body)).status_code == 201, "and the right one still goes in"


@pytest.mark.anyio
@pytest.mark.req("APO-07")
async def test_a_third_device_is_not_known_and_a_removed_one_is_flagged(
    http: httpx.AsyncClient, registered: Registered
) -> None:
    envelope, body = made(registered)
    third = replace(envelope, dispositivo="00000000-0000-0000-0000-000000000000")
    signed = replace(third, firma=sign(registered.keys[registered.device], third.signed_bytes()))
    assert refused(await send(http, signed, body)) == (403, "paquete.dispositivo")
    registered.set_device(baja=NOON - timedelta(hours=1))
    assert (await send(http, envelope, body)).status_code == 201
    with registered.database.reading() as db:
        assert db.execute(select(registros.c.estado)).scalar_one() == "dispositivo-no-autorizado"


@pytest.mark.anyio
async def test_only_the_device_that_signed_gets_the_acuse(
    http: httpx.AsyncClient, registered: Registered
) -> None:
    envelope, body = made(registered)
    await send(http, envelope, body)
    forged = replace(envelope, firma=bytes(64))
    assert refused(await http.post("/v1/acuses", content=forged.encode())) == (409, "paquete.firma")
    other, _ = made(registered)
    assert refused(await http.post("/v1/acuses", content=other.encode())) == (409, "paquete.no-recibido")


@pytest.mark.anyio
async def test_the_protocol_is_tus(http: httpx.AsyncClient, registered: Registered) -> None:
    options = await http.options("/v1/paquetes")
    assert (options.status_code, options.headers["tus-version"]) == (204, "1.0.0")
    assert "creation-with-upload" in options.headers["tus-extension"]
    envelope, _ = made(registered)
    old = await http.post("/v1/paquetes", headers={**headers(envelope), "Tus-Resumable": "0.2.2"})
    assert (old.status_code, old.headers["tus-version"]) == (412, "1.0.0")
    created = await http.post("/v1/paquetes", headers=headers(envelope))
    where = created.headers["location"]
    gone = await http.delete(where, headers={"Tus-Resumable": "1.0.0"})
    assert gone.status_code == 204
    assert (await http.head(where, headers={"Tus-Resumable": "1.0.0"})).status_code == 404
    outside = await http.head("/v1/paquetes/..%2f..%2fetc", headers={"Tus-Resumable": "1.0.0"})
    assert outside.status_code == 404


@pytest.mark.anyio
@pytest.mark.req("APO-11")
async def test_what_rests_is_sealed_to_the_process(
    http: httpx.AsyncClient, registered: Registered, services: Services
) -> None:
    import pyrage

    envelope, body = made(registered)
    await send(http, envelope, body)
    opened = parse_body(pyrage.decrypt(services.blobs.get(body_path(envelope)), [registered.identity]))
    assert opened.record.folio == envelope.folio


@pytest.mark.anyio
@pytest.mark.req("APO-15")
async def test_a_citizen_sends_the_own_support_and_is_told_what_the_source_lists(
    http: httpx.AsyncClient, registered: Registered, services: Services
) -> None:
    changes = {"modalidad": "mi-apoyo", "emisor": registered.citizen, "numero": "987654321"}
    key = registered.keys[registered.citizen_device]
    device = registered.citizen_device
    envelope, body = packet(key, registered.recipient, dispositivo=device, proceso=OTHER, **changes)
    assert (await send(http, envelope, body)).status_code == 201
    with services.database.reading() as db:
        text = db.execute(select(mensajes.c.cuerpo)).scalar_one()
    assert all(
        part in text for part in (envelope.folio, device, "ABCDE-23456", "persona@ejemplo.mx", "987654321")
    )
