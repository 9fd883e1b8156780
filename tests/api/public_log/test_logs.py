"""The service's logs: what waits in the database is placed once and proofs verify (VER-02)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from os import urandom
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from api.acts.acts import LogName, SqlActs, put_leaf
from api.acts.tables import actos, hojas
from api.public_log.open_logs import Logs, log_folder, open_logs
from api.settings import Settings
from capture.records.ports import Done
from keys.errors import FormatRefusal
from ledger.database import Database
from ledger.errors import AnotherSequencer
from ledger.proof import LogProof
from ledger.tree import leaf_hash

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
ACT = Done("cuenta-1", "derfe_admin", "auxiliar.baja", "A000000001", NOW, "cambio de correo", {"motivo": "x"})


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    url = database.engine.url.render_as_string(hide_password=False)
    return Settings(data=tmp_path / "datos", database=url)


@pytest.fixture
def logs(settings: Settings, database: Database) -> Iterator[Logs]:
    made = open_logs(settings, database, urandom)
    made.apoyo.start()
    made.actos.start()
    yield made
    made.apoyo.close()
    made.actos.close()


def judge(settings: Settings, name: LogName) -> subprocess.CompletedProcess[str]:
    folder = log_folder(settings, name)
    command = [sys.executable, "-m", "certeza_verifier", "bitacora", str(folder)]
    return subprocess.run(
        [*command, "--politica", str(folder / "politica.txt")], capture_output=True, text=True, check=False
    )


def waiting(database: Database) -> int:
    with database.reading() as db:
        missing = select(func.count()).select_from(hojas).where(hojas.c.indice.is_(None))
        return db.execute(missing).scalar_one()


def act(database: Database, times: int = 1) -> None:
    with database.writing() as db:
        for _ in range(times):
            SqlActs(urandom).record(db, ACT)


@pytest.mark.req("VER-02")
def test_every_act_is_a_leaf_that_the_verifier_takes(
    settings: Settings, database: Database, logs: Logs
) -> None:
    act(database, 5)
    assert logs.pumps[1].pump() == 5
    assert waiting(database) == 0
    verdict = judge(settings, LogName.ACTOS)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_an_act_that_is_undone_leaves_no_leaf(database: Database) -> None:
    def undone() -> None:
        with database.writing() as db:
            SqlActs(urandom).record(db, ACT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert waiting(database) == 0
    with database.reading() as db:
        assert db.execute(select(actos)).all() == []


def test_the_log_commits_to_the_text_of_the_act_and_tells_nothing(database: Database) -> None:
    act(database, 2)
    with database.reading() as db:
        texts = [row.texto for row in db.execute(select(actos.c.texto))]
        entries = {bytes(row.entrada) for row in db.execute(select(hojas.c.entrada))}
    assert entries == {
        f"certeza/acto-de-cuenta/v1\n{sha256(text.encode()).hexdigest()}".encode() for text in texts
    }
    assert len(entries) == 2, "the nonce tells equal acts apart"


def test_a_pump_that_died_before_it_marked_places_nothing_twice(
    settings: Settings, database: Database, logs: Logs
) -> None:
    act(database, 3)
    logs.pumps[1].pump()
    with database.writing() as db:
        before = [tuple(row) for row in db.execute(select(hojas.c.id, hojas.c.indice))]
        db.execute(update(hojas).values(indice=None))
    assert logs.pumps[1].pump() == 3
    with database.reading() as db:
        assert [tuple(row) for row in db.execute(select(hojas.c.id, hojas.c.indice))] == before


def test_an_entry_has_its_proof_also_when_it_is_added_again(logs: Logs) -> None:
    first, again = (logs.apoyo.add_and_wait(b"folio", b"entrada") for _ in range(2))
    assert (first.index, again.index) == (0, 0)
    proof: LogProof = logs.apoyo.prove(again)
    proof.verify_leaf(leaf_hash(b"entrada"))
    logs.apoyo.policy.verify(proof.checkpoint)


def test_two_owners_are_not_possible(settings: Settings, database: Database, logs: Logs) -> None:
    with pytest.raises(AnotherSequencer):
        open_logs(settings, database, urandom)


def test_a_service_that_starts_again_goes_on_where_it_was(settings: Settings, database: Database) -> None:
    for number in range(3):
        with database.writing() as db:
            put_leaf(db, LogName.APOYO, f"folio {number}".encode(), b"x")
        with closing(open_logs(settings, database, urandom)) as logs:
            logs.start()
    assert waiting(database) == 0
    assert judge(settings, LogName.APOYO).returncode == 0


def test_a_key_file_that_is_none_is_refused_unquoted(settings: Settings, database: Database) -> None:
    folder = settings.data / "secretos"
    folder.mkdir(parents=True)
    (folder / "bitacora-apoyo.llave").write_text("secreto")
    with pytest.raises(FormatRefusal) as refused:
        open_logs(settings, database, urandom)
    assert "secreto" not in str(refused.value)


def test_the_key_is_readable_by_its_owner_only(settings: Settings, logs: Logs) -> None:
    mode = (settings.data / "secretos" / "bitacora-actos.llave").stat().st_mode
    assert mode & 0o077 == 0


def test_an_act_says_what_was_given(database: Database) -> None:
    with database.writing() as db:
        identifier = SqlActs(urandom).record(db, replace(ACT, reason="otra"))
        row = db.execute(select(actos).where(actos.c.id == identifier)).one()
    assert (row.quien, row.tipo, row.objeto, row.razon, row.cuando) == (
        "cuenta-1",
        "auxiliar.baja",
        "A000000001",
        "otra",
        NOW,
    )
