"""The padrón over HTTP: which corte answers, and single questions that leave a trace without the person."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from api.acts.tables import actos
from api.padron import routes
from api.padron.settings import make_key, read_key
from capture.padron.loading import Loading, Source
from ledger.database import Database
from tests.api.acting import ADMIN, DESK, ENLACE, Asking, asking

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CLAVE = "GMVLAN80010132M100"
TEXT = f"clave_elector,cic,ocr,situacion,entidad\n{CLAVE},123456789,,lista-nominal,32\n"
QUESTION = {"clave_elector": CLAVE, "tipo": "cic", "numero": "123456789"}


@pytest.fixture
def ask(database: Database, tmp_path: Path) -> Iterator[Asking]:
    key = tmp_path / "llave"
    make_key(key)
    with asking(database, tmp_path, NOW, routes.router, padron={"key_file": key}) as made:
        yield made


def load(ask: Asking) -> None:
    key = read_key(ask.services.settings.padron.key_file)
    work = Loading(ask.services.database, key, lambda _: None, lambda _: None, lambda: NOW)
    work.run(Source(io.BytesIO(TEXT.encode()), "padron.csv", date(2026, 11, 1)))


@pytest.mark.anyio
@pytest.mark.req("APO-19")
async def test_the_state_says_which_corte_answers(ask: Asking) -> None:
    assert (await ask(ADMIN, "GET", "/v1/padron")).json() == {"vigente": None, "cargas": []}
    load(ask)
    found = (await ask(ADMIN, "GET", "/v1/padron")).json()["vigente"]
    assert (found["fecha"], found["personas"], len(found["sha256"])) == ("2026-11-01", 1, 64)


@pytest.mark.anyio
@pytest.mark.req("APO-19")
async def test_a_question_is_answered_and_leaves_an_act_without_the_person(ask: Asking) -> None:
    load(ask)
    answer = await ask(ADMIN, "POST", "/v1/padron/consultas", json=QUESTION)
    assert answer.json() == {
        "codigo": "lista-nominal",
        "nombre": "En lista nominal",
        "cuenta": True,
        "corte": "2026-11-01",
    }
    other = await ask(ADMIN, "POST", "/v1/padron/consultas", json={**QUESTION, "entidad": "09"})
    assert other.json()["codigo"] == "otra-entidad"
    with ask.services.database.reading() as connection:
        rows = connection.execute(select(actos)).mappings().all()
    assert [(row["quien"], row["tipo"], row["objeto"]) for row in rows] == [
        ("cuenta-admin", "padron.consulta", "corte 2026-11-01")
    ] * 2
    assert CLAVE not in repr(rows)


@pytest.mark.anyio
async def test_without_a_corte_a_question_is_a_conflict(ask: Asking) -> None:
    answer = await ask(ADMIN, "POST", "/v1/padron/consultas", json=QUESTION)
    assert (answer.status_code, answer.json()["codigo"]) == (409, "padron.sin-corte")


@pytest.mark.anyio
async def test_only_the_derfe_asks(ask: Asking) -> None:
    for who, status in ((None, 401), (ENLACE, 403), (DESK, 403)):
        assert (await ask(who, "POST", "/v1/padron/consultas", json=QUESTION)).status_code == status


@pytest.mark.anyio
async def test_a_malformed_question_is_not_repeated(ask: Asking) -> None:
    answer = await ask(ADMIN, "POST", "/v1/padron/consultas", json={**QUESTION, "clave_elector": "PERSONA"})
    assert answer.status_code == 422
    assert "PERSONA" not in answer.text
