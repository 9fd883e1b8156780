"""Records to test with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, event

from capture.records.moves import Actor, NewRecord
from capture.records.ports import Done
from capture.records.states import Quien
from capture.schema import metadata
from ledger.database import Database, open_engine

START = datetime(2022, 12, 14, 18, 0, tzinfo=UTC)
PROCESO = "F220617000000021"
OPERADOR = Actor("op-1", Quien.OPERADOR, "opl_operador")
DERFE = Actor("de-1", Quien.DERFE, "derfe_operador")
AUDIENCIA = Actor("op-2", Quien.AUDIENCIA, "opl_operador")


@dataclass
class ListedActs:
    """A journal of acts in memory."""

    done: list[Done] = field(default_factory=list)

    def record(self, connection: Connection, act: Done) -> str:
        """Keep it."""
        self.done.append(act)
        return f"acto-{len(self.done)}"


def fresh(folder: Path) -> Database:
    """An empty SQLite database that does not wait for the disk: for properties with many examples."""
    engine = open_engine(f"sqlite:///{folder / 'certeza.db'}")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    metadata.create_all(engine)
    return Database(engine)


def folio(number: int) -> str:
    """A UUIDv7 of its own for each number."""
    return f"01851234-0000-7000-8000-{number:012x}"


def body(number: int, clave: str | None = "LEGRMR80010132M100", **other: str) -> bytes:
    """What the tests' bóveda opens: JSON in clear."""
    registro = {
        "folio": folio(number),
        "proceso": PROCESO,
        "modalidad": "auxiliar",
        "credencial": "cic",
        "numero": f"{number:09d}",
        "clave": clave,
    }
    return json.dumps({**registro, **other}).encode()


def new_record(
    number: int, data: bytes | None = None, minutes: int | None = None, **other: object
) -> NewRecord:
    """Record `number`, received `minutes` (by default, `number`) after START."""
    data = body(number) if data is None else data
    received = START + timedelta(minutes=number if minutes is None else minutes)
    record = NewRecord(
        folio=folio(number),
        proceso=PROCESO,
        modalidad="auxiliar",
        credencial="cic",
        numero=f"{number:09d}",
        capturado=received - timedelta(hours=1),
        recibido=received,
        tamano=len(data),
        sha256=sha256(data).digest(),
        sobre=b"sobre",
        cuerpo=folio(number),
        acuse=b"acuse",
        codigo=sha256(folio(number).encode()).hexdigest(),
        auxiliar="A123456789",
    )
    return replace(record, **other)  # type: ignore[arg-type]
