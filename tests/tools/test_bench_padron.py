"""The invented padrón of the benchmarks: every line of it is accepted, and no clave is there twice."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from capture.padron.keyed import PadronKey
from capture.padron.line import Refused
from capture.padron.loading import Loading, Source
from ledger.database import Database
from tools.bench.padron import clave, write_padron


def test_all_of_it_is_loaded(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "padron.csv"
    write_padron(path, 3_000, "semilla")
    refused: list[Refused] = []
    work = Loading(database, PadronKey(bytes(32)), refused.append, lambda _: None, lambda: datetime.now(UTC))
    made = work.run(Source(io.BytesIO(path.read_bytes()), path.name, date(2026, 1, 1)))
    assert (made.accepted, refused) == (3_000, [])


@pytest.mark.parametrize("people", [100_000])
def test_claves_are_all_different(people: int) -> None:
    assert len({clave(number) for number in range(0, people * 97, 97)}) == people
