"""The compulsa of a process over HTTP: how far it is, and asking again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.acts.acts import SqlActs
from api.compulsa import routes
from capture.records.moves import SISTEMA, Changes, Move
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords
from ledger.database import Database
from tests.api.acting import DESK, ENLACE, OTHER_ENLACE, PROMOVENTE, Asking, asking
from tests.capture.processes_made import PROCESO, make_process
from tests.capture.records.making import OPERADOR, folio, new_record

NOW = datetime(2022, 12, 20, 12, tzinfo=UTC)
PATH = f"/v1/procesos/{PROCESO}/compulsa"
STEPS = (
    (Estado.RECIBIDO, Estado.EN_PROCESAMIENTO, SISTEMA, Causa.PROCESAMIENTO, Changes()),
    (Estado.EN_PROCESAMIENTO, Estado.EN_MESA, SISTEMA, Causa.PROCESADO, Changes()),
    (Estado.EN_MESA, Estado.PARA_COMPULSA, OPERADOR, Causa.REVISION, Changes()),
    (Estado.PARA_COMPULSA, Estado.COMPULSADO, SISTEMA, Causa.COMPULSA, Changes(situacion="defuncion")),
)


@pytest.fixture
def ask(database: Database, tmp_path: Path) -> Iterator[Asking]:
    with database.writing() as connection:
        make_process(connection)
        records = SqlRecords(connection, SqlActs(os.urandom))
        for number in (1, 2):
            records.create(new_record(number))
            for de, a, actor, causa, changes in STEPS[: 2 + number]:
                records.transition(Move(folio(number), de, a, actor, NOW, causa, changes=changes))
    with asking(database, tmp_path, NOW, routes.router) as made:
        yield made


@pytest.mark.anyio
@pytest.mark.req("APO-19")
async def test_it_is_told_how_far_it_is_and_can_be_asked_again(ask: Asking) -> None:
    before = (await ask(ENLACE, "GET", PATH)).json()
    assert (before["esperan"], before["padron"], before["preliminar"]) == (1, None, True)
    assert [(one["codigo"], one["total"]) for one in before["situaciones"]] == [("defuncion", 1)]
    assert (await ask(DESK, "POST", PATH)).json() == {"registros": 1}
    after = (await ask(ENLACE, "GET", PATH)).json()
    assert (after["esperan"], after["situaciones"]) == (2, [])
    assert (await ask(DESK, "POST", PATH)).json() == {"registros": 0}


@pytest.mark.anyio
async def test_only_who_may_does(ask: Asking) -> None:
    for who, method, status in (
        (PROMOVENTE, "GET", 403),
        (OTHER_ENLACE, "GET", 404),
        (ENLACE, "POST", 403),
    ):
        assert (await ask(who, method, PATH)).status_code == status
