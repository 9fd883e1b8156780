"""Timings of the portal's figures for a process as large as the largest that INE has published."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from statistics import median

from sqlalchemy import Connection, text

from api.tables import ALL_METADATA
from capture.reports import counters
from ledger.database import Database, open_engine
from tests.postgres_server import scratch
from tools.bench.tables import Row

PROCESO = "F000000000000001"
_DAYS = 55
_STATES = (
    "ARRAY['final', 'compulsado', 'con-inconsistencia', 'en-mesa-de-control', 'duplicado', 'recibido', "
    "'para-envio-a-compulsa', 'baja-de-auxiliar']"
)
_RECORDS = f"""
INSERT INTO registros (folio, proceso, modalidad, auxiliar, credencial, numero, capturado, recibido, tamano,
  sha256, sobre, cuerpo, acuse, codigo, estado, inciso, tipo_inconsistencia, situacion)
SELECT gen_random_uuid()::text, '{PROCESO}', 'auxiliar', 'A' || lpad((i % 4000)::text, 9, '0'), 'cic',
  lpad(i::text, 9, '0'), at, at, 1500000, decode(md5(i::text) || md5(i::text), 'hex'),
  decode(repeat(md5(i::text), 16), 'hex'), i::text, decode(repeat(md5(i::text), 12), 'hex'),
  md5(i::text) || md5('x' || i::text), ({_STATES})[1 + i % 8],
  CASE i % 8 WHEN 2 THEN substr('abcdefghijklmn', 1 + i / 8 % 14, 1) END,
  CASE i % 8 WHEN 2 THEN 'Tipo ' || (i / 8 % 6)::text END,
  CASE WHEN i % 8 < 2 THEN (ARRAY['lista-nominal', 'defuncion', 'otra-entidad'])[1 + i / 8 % 3] END
FROM (SELECT i, 1655000000000000 + (random() * {_DAYS} * 86400000000)::bigint AS at
  FROM generate_series(1, :records) i) made
"""  # noqa: S608 - constants of this module


def rows(records: int) -> Iterator[Row]:
    """What, figure, remark; nothing where $CERTEZA_POSTGRES names no server."""
    if conninfo := os.environ.get("CERTEZA_POSTGRES"):
        yield from scratch(conninfo, lambda url: _measured(url, records))
    else:
        print("AVISO: sin CERTEZA_POSTGRES no se miden las cifras")


def _measured(url: str, records: int) -> Iterator[Row]:
    database = Database(open_engine(url))
    for metadata in ALL_METADATA:
        metadata.create_all(database.engine)
    begun = time.perf_counter()
    with database.writing() as connection:
        connection.execute(text(_RECORDS), {"records": records})
    taken = time.perf_counter() - begun
    yield f"{records:,} records in, with their triggers", f"{taken:.1f} s", f"{records / taken:,.0f} a second"
    begun = time.perf_counter()
    while _folded(database):
        pass
    yield f"fold {records:,} changes", f"{time.perf_counter() - begun:.1f} s", ""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    yield _timed(database, "figures of the portal, by day and month", lambda c: counters.read(c, PROCESO))
    yield _timed(database, "figures by auxiliar (4,000)", lambda c: counters.by_auxiliar(c, PROCESO))
    with database.writing() as connection:
        chosen = "UPDATE registros SET estado = 'final' WHERE estado = 'recibido' AND numero < '000040000'"
        loose = connection.execute(text(chosen)).rowcount
    yield _timed(database, f"figures, with {loose:,} changes loose", lambda c: counters.read(c, PROCESO))
    yield _timed(database, "the same, counted in the records", lambda c: counters.full_count(c, PROCESO), 3)
    database.engine.dispose()


def _folded(database: Database) -> int:
    with database.writing() as connection:
        return counters.compact(connection)


def _timed(database: Database, what: str, ask: Callable[[Connection], object], times: int = 15) -> Row:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        with database.reading() as connection:
            ask(connection)
        taken.append((time.perf_counter() - begun) * 1000)
    return what, f"{median(taken):.1f} ms", f"worst {max(taken):.1f} ms"
