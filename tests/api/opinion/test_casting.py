"""Casting over HTTP, and the table of attacks on it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.outbox.tables import mensajes
from api.public_log.log import LogPlace, PublicLog
from ledger.database import Database
from ledger.errors import SignatureRefusal
from ledger.limits import Pace
from ledger.lock_sqlite import SqliteLock
from ledger.policy import NO_QUORUM, Log, Policy
from ledger.proof import parse_proof
from ledger.tree import leaf_hash
from ledger.vkey import Ed25519Signer
from tally.consulta.leaves_sql import mark_leaves, waiting_leaves
from tally.consulta.tables import hojas_consulta
from tally.opinion.receipt import verify_receipt
from tally.schema import metadata
from tally.tables import boletas, participaciones, urna_bloques
from tests.api.entrada.voting import Device, Sei, sei_over
from tests.tally.opinion.polling import ID, person_data

pytestmark = pytest.mark.anyio


@pytest.fixture
def sei(database: Database, tmp_path: Path) -> Iterator[Sei]:
    with sei_over(database, tmp_path) as made:
        yield made


def counted(sei: Sei) -> tuple[int, int, int]:
    """Ballots, marks and leaves."""
    with sei.database.reading() as db:
        tables = (boletas, participaciones, hojas_consulta)
        found = [db.execute(select(func.count()).select_from(t)).scalar_one() for t in tables]
    return found[0], found[1], found[2]


@pytest.mark.req("SEI-18")
@pytest.mark.req("SEI-19")
async def test_an_opinion_is_received_with_a_receipt_that_anybody_can_check(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    answer = await sei.cast(device, device.ballot(sei.group))
    told = answer.json()
    assert answer.status_code == 200
    assert told["mensaje"] == "Su opinión ha sido enviada exitosamente"
    assert "Mesas" in told["recordatorio"]
    log = sei.services.sei.signers.of(ID)
    consulta, receipt = verify_receipt(told["comprobante"].encode(), log.verifier)
    assert (consulta, receipt.uuid, receipt.height) == (ID, told["uuid"], 1)
    assert receipt.tracker == told["rastreador"]
    stranger = Ed25519Signer(log.name, bytes(32))
    with pytest.raises(SignatureRefusal):
        verify_receipt(told["comprobante"].encode(), stranger.verifier)
    assert counted(sei) == (1, 1, 1)


@pytest.mark.req("SEI-19")
async def test_the_sms_says_only_that_it_was_received_and_leaves_with_the_session(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    await sei.cast(device, device.ballot(sei.group))
    c = mensajes.c
    mine = select(c.cuerpo, c.despues_de).where(c.tipo == "sei.opinion-recibida")
    with sei.database.reading() as db:
        waiting = db.execute(mine).one()
    assert waiting.cuerpo == "Fue recibida su opinión por internet. Gracias por su participación."
    assert waiting.despues_de == sei.clock[0] + timedelta(minutes=15)
    left = await sei.ask("POST", "/sesion/salida", headers=device.headers)
    assert left.json()["pagina"] == "www.iecm.mx"
    with sei.database.reading() as db:
        assert db.execute(mine).one().despues_de == sei.clock[0]
    assert (await sei.ask("POST", "/sesion/salida", headers=device.headers)).status_code == 401


@pytest.mark.req("SEI-28")
async def test_the_proof_follows_when_the_log_has_the_ballot(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    told = (await sei.cast(device, device.ballot(sei.group))).json()
    where = f"/opiniones/{told['uuid']}/{told['altura']}/prueba"
    early = await sei.ask("GET", where)
    assert (early.status_code, early.headers["retry-after"]) == (503, "1")
    followed(sei)
    proof = parse_proof((await sei.ask("GET", where)).content, "prueba")
    entry = f"certeza/urna/v1\n{told['uuid']}\n{told['altura']}\n{told['evento']}".encode()
    proof.verify_leaf(leaf_hash(entry))
    Policy((Log(sei.services.sei.signers.of(ID).key),), (), (), NO_QUORUM).verify(proof.checkpoint, "prueba")
    assert (await sei.ask("GET", where.replace("/1/", "/2/"))).status_code == 404


def followed(sei: Sei) -> None:
    """What the process that owns the log does: append what waits, and say where it is."""
    settings, signer = sei.services.settings, sei.services.sei.signers.of(ID)
    folder = settings.data / "publico" / ID / "log"
    lock = SqliteLock(settings.data / "consulta.sqlite")
    log = PublicLog(LogPlace(folder, lock, signer, None, Pace(interval=0.05), 20.0))
    log.start()
    with sei.database.writing() as db:
        waiting = waiting_leaves(db, ID, 10)
        indices = log.append([(key, entry) for _, key, entry in waiting])
        mark_leaves(db, [(row, index) for (row, _, _), index in zip(waiting, indices, strict=True)])
    log.close()


@pytest.mark.req("SEI-20")
async def test_whose_answer_was_lost_gets_the_same_one_also_without_session_and_after_the_end(
    sei: Sei,
) -> None:
    device = await sei.begin(sei.devices[0])
    ballot = device.ballot(sei.group)
    first = (await sei.cast(device, ballot)).json()
    assert (await sei.cast(device, ballot)).json() == first
    sei.clock[0] += timedelta(days=30)
    assert (await sei.cast(device, ballot)).json() == first
    assert (await sei.ask("POST", "/opiniones", content=ballot)).json() == first
    assert counted(sei) == (1, 1, 1)


@pytest.mark.req("SEI-20")
async def test_two_devices_of_one_person_at_once(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    ballots = [device.ballot(sei.group, ut=ut) for ut in (0, 1, 0, 1)]
    answers = await asyncio.gather(*(sei.cast(device, ballot) for ballot in ballots))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert counted(sei) == (1, 1, 1)


@pytest.mark.req("SEI-20")
async def test_who_opined_does_not_enter_again(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    await sei.cast(device, device.ballot(sei.group))
    again = await sei.ask("POST", "/entradas", json=device.data)
    assert again.json()["codigo"] == "urna.persona"


@pytest.mark.req("SEI-28")
async def test_a_challenged_ballot_is_not_cast(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    ballot = device.ballot(sei.group)
    shown = await sei.ask("POST", "/retos", content=ballot, headers=device.headers)
    assert shown.status_code == 200
    assert (await sei.cast(device, ballot)).json()["codigo"] == "urna.reto"
    fresh = await sei.cast(device, device.ballot(sei.group))
    assert fresh.status_code == 200
    assert fresh.json()["rastreador"] != shown.json()["rastreador"]


@pytest.mark.req("SEI-17")
async def test_a_unit_without_projects_shows_its_legend(database: Database, tmp_path: Path) -> None:
    with sei_over(database, tmp_path, ("0103",)) as sei:
        device = await sei.begin(sei.devices[0])
        (ballot,) = device.session["boletas"]
        assert ballot["uuid"] is None
        assert ballot["leyenda"] == (
            "EN ESTA UNIDAD TERRITORIAL NO SE REGISTRARON PROYECTOS ESPECÍFICOS A DEFINIR EN LA CONSULTA DE "
            "PRESUPUESTO PARTICIPATIVO 2027"
        )


async def attacks(sei: Sei, mine: Device, other: Device) -> dict[str, tuple[bytes, Device, str]]:
    """What is sent, in whose session, and the rule that refuses it."""
    own, theirs = mine.ballot(sei.group), other.ballot(sei.group)
    second = mine.ballot(sei.group, ut=1)
    uuid = mine.session["boletas"][0]["uuid"].encode()
    uuid2 = mine.session["boletas"][1]["uuid"].encode()
    at = own.rindex(b'"response":"') + 12
    digit = b"1" if own[at : at + 1] != b"1" else b"2"
    credential = theirs[theirs.index(b'"credential":"') + 14 :][:64]
    mine_credential = own[own.index(b'"credential":"') + 14 :][:64]
    return {
        "otra persona, en la sesión propia": (theirs, mine, "urna.sesion"),
        "la propia, en una sesión robada": (own, other, "urna.sesion"),
        "de otra UT con el uuid cambiado": (second.replace(uuid2, uuid), mine, "boleta.eleccion"),
        "de otra consulta": (own.replace(uuid, b"Otra1Consulta1"), mine, "boleta.eleccion"),
        "copiada con otra credencial": (own.replace(mine_credential, credential), other, "boleta.firma_hash"),
        "con la firma cambiada": (own[:at] + digit + own[at + 1 :], mine, "boleta.firma"),
        "con otro espacio": (own.replace(b":", b": ", 1), mine, "formato.canonico"),
        "con algo detrás": (own + b"\n", mine, "formato.canonico"),
        "vacía": (b"", mine, "formato.json"),
        "otra cosa": (b"[]", mine, "formato.tipo"),
    }


@pytest.mark.req("SEI-20")
@pytest.mark.req("SEI-28")
async def test_the_table_of_attacks(sei: Sei) -> None:
    mine, other = await sei.begin(sei.devices[0]), await sei.begin(sei.devices[1])
    with sei.database.reading() as db:
        before = db.execute(select(func.count()).select_from(urna_bloques)).scalar_one()
    found = {}
    table = await attacks(sei, mine, other)
    for name, (data, device, _rule) in table.items():
        answer = await sei.cast(device, data)
        found[name] = answer.json()["codigo"]
        assert 400 <= answer.status_code < 500, name
    assert found == {name: rule for name, (_data, _device, rule) in table.items()}
    assert counted(sei) == (0, 0, 0)
    with sei.database.reading() as db:
        assert db.execute(select(func.count()).select_from(urna_bloques)).scalar_one() == before


async def test_a_ballot_too_large_is_not_read(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    assert (await sei.cast(device, b"[" * (300 * 1024))).status_code == 413


@pytest.mark.req("SEI-28")
async def test_a_stolen_database_holds_nothing_that_opens_a_ballot_or_names_a_person(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    await sei.cast(device, device.ballot(sei.group))
    with sei.database.reading() as db:
        rows = [tuple(row) for table in metadata.sorted_tables for row in db.execute(table.select())]
    stored = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows])
    who = person_data(0)
    for secret in (device.clave, device.session["sesion"], device.secret, who.clave_elector, who.telefono):
        assert secret not in stored
