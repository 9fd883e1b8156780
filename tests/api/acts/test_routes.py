"""Reading the bitácora: newest first, page by page, each act with a proof that leads to the public log."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from os import urandom
from pathlib import Path

import pytest
from sqlalchemy import update

from api.accounts.permissions import Actor, Role
from api.acts.acts import SqlActs
from api.acts.routes import router
from api.outbox.desk_sql import PAGE
from api.outbox.fate import Aside
from api.outbox.message import Channel, Message
from api.outbox.outbox import Outbox
from api.outbox.routes import router as messages
from api.outbox.store_sql import SqlMessages
from api.outbox.tables import mensajes
from api.outbox.waiting import Terms
from capture.records.ports import Done
from keys.canonical import encode_sorted
from ledger.database import Database
from ledger.proof import parse_proof
from ledger.tree import leaf_hash
from tests.api.acting import ADMIN, ENLACE, Asking, asking

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CONTROL = Actor("cuenta-contraloria", Role.CONTRALORIA)


@pytest.fixture
def ask(database: Database, tmp_path: Path) -> Iterator[Asking]:
    with asking(database, tmp_path, NOW, router, messages) as made:
        made.services.logs.actos.start()
        yield made
        made.services.logs.actos.close()


def act(database: Database, number: int, **changes: str) -> str:
    done = Done(
        "cuenta-1", "derfe_admin", "auxiliar.baja", f"A{number:09}", NOW + timedelta(seconds=number // 2)
    )
    with database.writing() as db:
        return SqlActs(urandom).record(db, replace(done, **changes))


@pytest.mark.anyio
@pytest.mark.req("VER-02")
async def test_an_act_has_a_proof_that_leads_to_the_log(ask: Asking, database: Database) -> None:
    identifier = act(database, 1, reason="cambio de correo")
    told = (await ask(CONTROL, "GET", f"/v1/bitacora/{identifier}")).json()
    proof = parse_proof(told["prueba"].encode())
    entry = f"certeza/acto-de-cuenta/v1\n{sha256(encode_sorted(told['texto'])).hexdigest()}".encode()
    proof.verify_leaf(leaf_hash(entry))
    ask.services.logs.actos.policy.verify(proof.checkpoint)
    assert told["texto"]["razon"] == told["razon"] == "cambio de correo"
    assert len(b64decode(told["texto"]["nonce"])) == 32


@pytest.mark.anyio
async def test_pages_go_from_the_newest_to_the_oldest_without_gaps(ask: Asking, database: Database) -> None:
    made = {act(database, number) for number in range(25)}
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await ask(ADMIN, "GET", f"/v1/bitacora?limite=7{cursor}")).json()
        seen += [one["id"] for one in page["actos"]]
        if page["siguiente"] is None:
            break
        cursor = f"&antes_de={page['siguiente']}"
    assert len(seen) == len(set(seen)) == 25
    assert set(seen) == made


@pytest.mark.anyio
async def test_acts_are_found_by_who_what_and_whom(ask: Asking, database: Database) -> None:
    act(database, 1)
    other = act(database, 2, who="cuenta-2", kind="cuenta.suspender", target="cuenta-9")
    for query in ("quien=cuenta-2", "tipo=cuenta.suspender", "objeto=cuenta-9"):
        page = (await ask(ADMIN, "GET", f"/v1/bitacora?{query}")).json()
        assert [one["id"] for one in page["actos"]] == [other]
    assert (await ask(ADMIN, "GET", "/v1/bitacora?antes_de=nada")).status_code == 404
    assert (await ask(ADMIN, "GET", "/v1/bitacora/nada")).status_code == 404
    assert (await ask(ENLACE, "GET", "/v1/bitacora")).status_code == 403


@pytest.mark.anyio
async def test_a_message_that_was_put_aside_is_seen_without_its_address_and_sent_again(
    ask: Asking, database: Database
) -> None:
    with database.writing() as db:
        outbox = Outbox(lambda: NOW, urandom)
        identifier = outbox.put(db, Message("acuse", Channel.CORREO, "persona@ejemplo.mx", "Acuse", "Texto"))
    stored, hour = SqlMessages(database, "prueba"), timedelta(hours=1)
    claimed = stored.claim(Channel.CORREO, NOW, Terms(hour, hour, 10), 10)
    stored.settle([(joint, Aside("smtp-550")) for joint in claimed], NOW)
    answer = await ask(CONTROL, "GET", "/v1/mensajes")
    assert answer.json()["cuantos"] == {"detenido": 1}
    assert [one["falla"] for one in answer.json()["detenidos"]] == ["smtp-550"]
    assert "persona" not in answer.text
    assert (await ask(CONTROL, "POST", f"/v1/mensajes/{identifier}/reenvio")).status_code == 403
    assert (await ask(ADMIN, "POST", f"/v1/mensajes/{identifier}/reenvio")).status_code == 204
    assert (await ask(ADMIN, "GET", "/v1/mensajes")).json()["cuantos"] == {"pendiente": 1}
    assert (await ask(ADMIN, "POST", f"/v1/mensajes/{identifier}/reenvio")).status_code == 404
    acts = (await ask(ADMIN, "GET", "/v1/bitacora?tipo=mensaje.reenvio")).json()["actos"]
    assert [one["objeto"] for one in acts] == [identifier]


@pytest.mark.anyio
async def test_all_messages_that_were_put_aside_are_found_page_by_page(
    ask: Asking, database: Database
) -> None:
    with database.writing() as db:
        outbox = Outbox(lambda: NOW, urandom)
        message = Message("acuse", Channel.CORREO, "persona@ejemplo.mx", "Acuse", "Texto")
        made = [outbox.put(db, message) for _ in range(PAGE + 3)]
        db.execute(update(mensajes).values(estado="detenido"))
    first = (await ask(ADMIN, "GET", "/v1/mensajes")).json()
    rest = (await ask(ADMIN, "GET", "/v1/mensajes", params={"despues": first["siguiente"]})).json()
    assert rest["siguiente"] is None
    assert [one["identificador"] for one in first["detenidos"] + rest["detenidos"]] == made
