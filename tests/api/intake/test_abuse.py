"""What a registered device that means harm can do with uploads, and what somebody without one can."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, insert, select

from api import wiring
from api.http.rates import Rates
from api.http.settings import RateSettings
from api.intake.settings import IntakeSettings
from api.intake.tus import CONTENT_TYPE
from api.intake.uploads import UnknownUpload, UploadBusy, Uploads, name_of
from api.services import Services
from api.settings import Settings
from capture.auxiliares.tables import auxiliares
from capture.packet.device_key import sign
from capture.packet.envelope import Envelope
from capture.records.tables import registros
from ledger.database import Database
from tests.capture.intake import registering
from tests.capture.intake.registering import Registered
from tests.capture.packet.making import packet

pytestmark = pytest.mark.anyio
TUS = {"Tus-Resumable": "1.0.0"}
PATCH = {**TUS, "Content-Type": CONTENT_TYPE}
FEW = 3


@pytest.fixture
def registered(database: Database) -> Registered:
    return registering.register(database)


@pytest.fixture
async def services(registered: Registered, tmp_path: Path) -> AsyncIterator[Services]:
    url = registered.database.engine.url.render_as_string(hide_password=False)
    intake = IntakeSettings(open_uploads=FEW, request_seconds=1, idle_seconds=5)
    settings = Settings(data=tmp_path / "datos", database=url, intake=intake)
    made = wiring.build_services(settings, clock=lambda: registering.NOON)
    made.logs.start()
    yield made
    made.logs.close()
    made.database.engine.dispose()


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(wiring.application_of(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as client:
        yield client


def made(registered: Registered, **changes: object) -> tuple[Envelope, bytes]:
    return packet(
        registered.keys[registered.device], registered.recipient, dispositivo=registered.device, **changes
    )


def second_device(registered: Registered) -> str:
    """Another auxiliar of the same process with a device."""
    row = {**registering._auxiliar("A000000002"), "correo": "dos@ejemplo.mx", "clave_elector": "B" * 18}
    with registered.database.writing() as db:
        db.execute(insert(auxiliares).values(**row))
        return registering._device(db, registered, {"auxiliar": "A000000002", "ranura": 1})


async def create(http: httpx.AsyncClient, envelope: Envelope, body: bytes | None = None) -> httpx.Response:
    told = {"Upload-Metadata": f"sobre {b64encode(envelope.encode()).decode()}"}
    headers = {**TUS, "Upload-Length": str(envelope.tamano), **told}
    if body is not None:
        headers["Content-Type"] = CONTENT_TYPE
    return await http.post("/v1/paquetes", headers=headers, content=body)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("codigo", "")


@pytest.mark.req("APO-13")
async def test_another_device_neither_repeats_a_packet_nor_gets_its_acuse(
    http: httpx.AsyncClient, registered: Registered
) -> None:
    envelope, body = made(registered)
    assert (await create(http, envelope, body)).status_code == 201
    other = second_device(registered)
    stolen = replace(envelope, dispositivo=other, emisor="A000000002")
    stolen = replace(stolen, firma=sign(registered.keys[other], stolen.signed_bytes()))
    assert code(await create(http, stolen, body)) == (409, "paquete.folio")
    assert code(await http.post("/v1/acuses", content=stolen.encode())) == (409, "paquete.folio")
    with registered.database.reading() as db:
        assert db.execute(select(func.count()).select_from(registros)).scalar_one() == 1
    assert (await http.post("/v1/acuses", content=envelope.encode())).status_code == 200


async def test_nothing_is_said_of_a_folio_to_who_did_not_sign(
    http: httpx.AsyncClient, registered: Registered
) -> None:
    envelope, body = made(registered)
    absent, _ = made(registered)
    await create(http, envelope, body)
    for one in (envelope, absent):
        assert code(await create(http, replace(one, firma=bytes(64)))) == (409, "paquete.firma")


async def test_two_devices_with_the_same_folio_make_one_record(
    http: httpx.AsyncClient, registered: Registered
) -> None:
    envelope, body = made(registered)
    other = second_device(registered)
    mine = {"dispositivo": other, "emisor": "A000000002", "folio": envelope.folio}
    rival, rival_body = packet(registered.keys[other], registered.recipient, **mine)
    answers = await asyncio.gather(create(http, envelope, body), create(http, rival, rival_body))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_a_device_begins_so_many_packets_a_day_and_nobody_uses_that_up_for_it(
    services: Services, registered: Registered
) -> None:
    few = RateSettings(devices="2 per 86400 second")
    services.taking._rates = Rates(few, services.metrics)
    transport = httpx.ASGITransport(wiring.application_of(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        first, second, third = (made(registered) for _ in range(3))
        for _ in range(5):
            assert (await create(http, replace(first[0], firma=bytes(64)))).status_code == 409
        for envelope, body in (first, second, first, second):
            assert (await create(http, envelope, body)).status_code == 201, "a repeat is not a new one"
        refused = await create(http, *third)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "86400")


@pytest.mark.req("APO-16")
async def test_a_device_has_few_uploads_open_at_a_time(
    http: httpx.AsyncClient, registered: Registered
) -> None:
    packets = [made(registered) for _ in range(FEW + 1)]
    begun = [await create(http, envelope) for envelope, _ in packets[:FEW]]
    assert [answer.status_code for answer in begun] == [201] * FEW
    for content in (None, packets[FEW][1]):
        refused = await create(http, packets[FEW][0], content)
        assert code(refused) == (429, "carga.demasiadas")
        assert refused.headers["retry-after"] == "3600"
    assert (await create(http, packets[0][0])).status_code == 201, "those it has go on"
    other = second_device(registered)
    mine = {"dispositivo": other, "emisor": "A000000002"}
    envelope, body = packet(registered.keys[other], registered.recipient, **mine)
    assert (await create(http, envelope, body)).status_code == 201, "others are not held up"
    where, body = begun[0].headers["location"], packets[0][1]
    assert (await http.patch(where, headers={**PATCH, "Upload-Offset": "0"}, content=body)).status_code == 204
    assert (await create(http, *packets[FEW])).status_code == 201, "and one that is complete makes room"


async def test_a_request_that_sends_drop_by_drop_ends(
    http: httpx.AsyncClient, registered: Registered
) -> None:
    envelope, body = made(registered)
    where = (await create(http, envelope)).headers["location"]

    async def drops() -> AsyncIterator[bytes]:
        for at in range(len(body)):
            yield body[at : at + 1]
            await asyncio.sleep(0.2)

    async with asyncio.timeout(20):
        slow = await http.patch(where, headers={**PATCH, "Upload-Offset": "0"}, content=drops())
    at = int(slow.headers["upload-offset"])
    assert 0 < at < len(body)
    rest = await http.patch(where, headers={**PATCH, "Upload-Offset": str(at)}, content=body[at:])
    assert rest.headers["upload-offset"] == str(len(body)), "what came is not lost"


@pytest.mark.parametrize(
    "name",
    ["x", "..", "%2e%2e%2fetc%2fpasswd", "..%5c..%5c", "a" * 64, "𝕏" * 64, "٣" * 90, "a.sobre", "a%0ab", "."],
)
async def test_names_of_uploads_stay_in_their_folder(http: httpx.AsyncClient, name: str) -> None:
    for method, more in (("HEAD", {}), ("PATCH", {"Upload-Offset": "0"}), ("DELETE", {})):
        answer = await http.request(method, f"/v1/paquetes/{name}", headers={**PATCH, **more})
        assert answer.status_code in {404, 405}, (method, answer.text)


def test_an_upload_that_is_written_is_not_given_up(registered: Registered, tmp_path: Path) -> None:
    uploads, (envelope, body) = Uploads(tmp_path / "cargas"), made(registered)
    name = uploads.begin(envelope)
    with uploads.writing(name) as file:
        file.write(body[:9])
        with pytest.raises(UploadBusy):
            uploads.give_up(name)
    uploads.give_up(name)
    with pytest.raises(UnknownUpload):
        uploads.envelope(name)
    assert uploads.offset(name) == 0


def test_nobody_writes_a_file_that_was_moved_away_meanwhile(
    registered: Registered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between opening and locking, another request finishes and its bytes become a blob."""
    uploads, (envelope, _) = Uploads(tmp_path / "cargas"), made(registered)
    name = name_of(envelope)
    with uploads.writing(name) as file:
        path = file.path
    import fcntl

    def lock(*_: object) -> None:
        path.replace(tmp_path / "objeto")

    monkeypatch.setattr(fcntl, "flock", lock)
    with pytest.raises(UploadBusy), uploads.writing(name):
        pytest.fail("it wrote into a blob")
    assert (tmp_path / "objeto").read_bytes() == b""
