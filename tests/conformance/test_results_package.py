"""The two programs that check a results package agree: each tampering is refused by both."""

from __future__ import annotations

from pathlib import Path

import pytest
from certeza_verifier import cli

from keys.errors import Refusal
from ledger.database import Database
from tests.capture.results.making import AUTHORITY, every_kind, world
from tests.capture.results.test_package import TAMPERING, checked, opened
from tests.ledger.signing import LOG

pytestmark = pytest.mark.req("APO-23")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    engine_folder = tmp_path / "servicio"
    engine_folder.mkdir()
    database = _database(engine_folder)
    made = world(database, engine_folder)
    every_kind(made)
    return opened(made, engine_folder)


def _database(folder: Path) -> Database:
    from api.tables import ALL_METADATA
    from ledger.database import open_engine

    engine = open_engine(f"sqlite:///{folder / 'certeza.db'}")
    for metadata in ALL_METADATA:
        metadata.create_all(engine)
    return Database(engine)


def judged(folder: Path, *trust: str) -> int:
    return cli.main(["paquete", str(folder), "--autoridad", AUTHORITY.key.encode(), *trust])


def test_both_accept_what_the_authority_made(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    digest = checked(folder).manifest
    assert judged(folder, "--llave", LOG.key.encode()) == 0
    assert digest in capsys.readouterr().out
    assert judged(folder) == 2


@pytest.mark.parametrize(("name", "tamper"), TAMPERING, ids=[name for name, _ in TAMPERING])
def test_both_refuse_what_was_touched(folder: Path, name: str, tamper: object) -> None:
    tamper(folder)  # type: ignore[operator]
    with pytest.raises(Refusal):
        checked(folder)
    assert judged(folder, "--llave", LOG.key.encode()) == 1


def test_another_authority_is_refused(folder: Path) -> None:
    other = LOG.key.encode()
    assert cli.main(["paquete", str(folder), "--autoridad", other, "--llave", other]) == 1
