"""Waiting: as long as what is awaited may come, and not longer once it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from api.demo.errors import UnexpectedOutcome
from api.demo.patience import LOOKS, PATIENCE_SECONDS, database_in, wait_until
from ledger.database import open_engine


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds between looks, which do not pass."""
    passed: list[float] = []
    monkeypatch.setattr("time.sleep", passed.append)
    return passed


def test_a_slow_machine_gets_as_many_looks_as_a_fast_one(looks: list[float]) -> None:
    wait_until(lambda: len(looks) == LOOKS - 1, "lo que tarda", 0.2)
    assert set(looks) == {0.2}


def test_what_hangs_is_named(looks: list[float]) -> None:
    with pytest.raises(UnexpectedOutcome, match="el correo: no terminó"):
        wait_until(lambda: False, "el correo")
    assert len(looks) == LOOKS


def test_what_died_is_noticed_at_once(looks: list[float]) -> None:
    def died() -> bool:
        raise UnexpectedOutcome("certeza worker terminó solo")

    with pytest.raises(UnexpectedOutcome, match="terminó solo"):
        wait_until(died, "el correo")
    assert not looks


def test_a_writer_of_the_service_waits_for_the_others_as_long(tmp_path: Path) -> None:
    engine = open_engine(database_in(tmp_path))
    with engine.connect() as connection:
        waits = connection.execute(text("PRAGMA busy_timeout")).scalar_one()
    engine.dispose()
    assert waits == PATIENCE_SECONDS * 1000
    assert [file.name for file in tmp_path.iterdir()] == ["certeza.db"]
