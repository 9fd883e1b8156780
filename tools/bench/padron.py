"""Timings of the padrón: a load of invented people and look-ups, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import quantiles

from capture.padron.keyed import PadronKey
from capture.padron.line import COLUMNS
from capture.padron.loading import Loading, Source
from capture.padron.ports import Pregunta
from capture.padron.situacion import IN_FILE
from capture.padron.store_sql import SqlPadron
from capture.padron.tables import cortes, padron
from ledger.database import Database, open_engine
from tests.postgres_server import scratch
from tools.bench.tables import Row

KEY = PadronKey(bytes(32))
LOOKUPS = 2_000
_LETTERS = "BCDFGHJKLMNPQRSTVWXYZ"
_CHUNK = 20_000


def write_padron(path: Path, people: int, seed: str) -> None:
    """A CSV of `people` invented persons, about 9 in 10 in the lista nominal; claves are all different."""
    draw = random.Random(seed)
    situaciones = [one.value for one in IN_FILE]
    weights = [90] + [1] * (len(situaciones) - 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(COLUMNS) + "\n")
        for start in range(0, people, _CHUNK):
            chosen = draw.choices(situaciones, weights, k=_CHUNK)
            size = min(_CHUNK, people - start)
            file.writelines(
                f"{clave(start + i)},{start + i:09d},{(start + i) * 7:013d},{chosen[i]},{i % 32 + 1:02d}\n"
                for i in range(size)
            )


def clave(number: int) -> str:
    """The clave de elector of invented person `number` (below 15 thousand million)."""
    letters, rest = divmod(number, 1000)
    day = 1 + letters % 28
    left = letters // 28
    text = ""
    for _ in range(6):
        left, digit = divmod(left, len(_LETTERS))
        text += _LETTERS[digit]
    return f"{text}8001{day:02d}{number % 32 + 1:02d}{'HM'[number % 2]}{rest:03d}"


def rows(folder: Path, people: int, seed: str) -> Iterator[Row]:
    """Load and ask: what, figure, remark. PostgreSQL when $CERTEZA_POSTGRES names one."""
    source = folder / f"padron-{people}.csv"
    write_padron(source, people, seed)
    yield from _measured("SQLite", f"sqlite:///{folder / f'padron-{people}.db'}", source, people)
    if conninfo := os.environ.get("CERTEZA_POSTGRES"):
        yield from scratch(conninfo, lambda url: _measured("PostgreSQL", url, source, people))
    source.unlink()


def _measured(name: str, url: str, source: Path, people: int) -> Iterator[Row]:
    database = Database(open_engine(url))
    for table in (cortes, padron):
        table.drop(database.engine, checkfirst=True)
        table.create(database.engine)
    load = Loading(database, KEY, lambda _: None, lambda _: None, lambda: datetime.now(UTC))
    begun = time.perf_counter()
    with source.open("rb") as file:
        load.run(Source(file, source.name, date(2026, 1, 1)))
    taken = time.perf_counter() - begun
    remark = f"SQLite {sqlite3.sqlite_version}" if name == "SQLite" else ""
    yield f"load of {people:,} persons, {name}", f"{taken:.1f} s", f"{people / taken:,.0f} a second; {remark}"
    one, many = _asked(database, people)
    yield f"look-up among {people:,}, {name}", f"{one[49]:.2f} ms", f"p99 {one[98]:.2f} ms, new transaction"
    yield f"look-up of 500 among {people:,}, {name}", f"{many:.1f} ms", f"{many / 500:.3f} ms each"
    database.engine.dispose()


def _asked(database: Database, people: int) -> tuple[list[float], float]:
    draw = random.Random(1)
    times = []
    for number in draw.choices(range(people), k=LOOKUPS):
        begun = time.perf_counter()
        with database.reading() as connection:
            SqlPadron(connection, KEY).consulta(Pregunta(clave(number), "cic", f"{number:09d}"))
        times.append((time.perf_counter() - begun) * 1000)
    questions = [
        Pregunta(clave(number), "cic", f"{number:09d}") for number in draw.choices(range(people), k=500)
    ]
    begun = time.perf_counter()
    with database.reading() as connection:
        SqlPadron(connection, KEY).consultas(questions)
    return quantiles(times, n=100), (time.perf_counter() - begun) * 1000
