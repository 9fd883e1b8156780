"""A bóveda for tests, whose bodies are JSON in clear, with the troubles that a real one may have."""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta

from sqlalchemy import Connection

from capture.processing.datos import Datos, Fuente, Valor
from capture.processing.errors import BodyMissing
from capture.processing.job import Processing
from capture.processing.opening import Tools
from capture.processing.ports import DeviceReading, Opened
from capture.records.store_sql import SqlRecords
from keys.errors import FormatRefusal
from ledger.database import Database
from tests.capture.records.making import START, ListedActs, body, new_record

PERIODO = "periodo-1"


class Bodies(dict[str, bytes]):
    """Bodies by path; `down` are those whose disk does not answer."""

    down: frozenset[str] = frozenset()

    def get(self, path: str) -> bytes:  # type: ignore[override]
        """See capture.processing.ports.Bodies."""
        if path in self.down:
            raise OSError("sin respuesta")
        if path not in self:
            raise BodyMissing("cuerpo.falta", path, "un cuerpo", "ninguno")
        return self[path]


class ClearBoveda:
    """Opens JSON; raises what others may raise for what is not."""

    def open(self, proceso: str, data: bytes) -> Opened:
        """Refuses what is no JSON, and breaks on other surprises like careless code would."""
        try:
            registro = json.loads(data)
        except ValueError:
            raise FormatRefusal("cuerpo.cifrado", "cuerpo", "un cuerpo cifrado", "otra cosa") from None
        clave = registro["clave"]
        read = {"clave_elector": Valor(clave, Fuente.QR, 1.0)} if clave else {}
        fields = ("folio", "proceso", "modalidad", "credencial", "numero")
        return Opened(**{name: registro[name] for name in fields}, read=Datos(read))

    def seal(self, proceso: str, data: bytes) -> bytes:
        """Recognisably."""
        return b"sellado:" + data

    def unseal(self, proceso: str, data: bytes) -> bytes:
        """The inverse."""
        return data.removeprefix(b"sellado:")

    def hmac(self, periodo: str, data: bytes) -> bytes:
        """With a key that is the periodo."""
        return hmac.digest(periodo.encode(), data, "sha256")


class OnePeriod:
    """All processes belong to one periodo."""

    def periodo_of(self, connection: Connection, proceso: str) -> str:
        """See capture.processing.ports.Periods."""
        return PERIODO


def tools(database: Database, bodies: Bodies) -> Tools:
    """What a job of these tests works with."""
    now = START + timedelta(days=1)

    def clock() -> datetime:
        return now

    return Tools(database, bodies, ClearBoveda(), DeviceReading(), OnePeriod(), ListedActs(), clock)


def receive(
    database: Database,
    bodies: Bodies,
    number: int,
    clave: str | None = None,
    number_of: int | None = None,
    **other: str,
) -> None:
    """Record `number` as reception keeps it, with the body it speaks of; `number_of`: with that CIC."""
    numero = f"{number if number_of is None else number_of:09d}"
    data = body(number, clave, **{"numero": numero, **other})
    record = new_record(number, data, numero=numero)
    bodies[record.cuerpo] = data
    with database.writing() as connection:
        SqlRecords(connection, ListedActs()).create(record)


def process(database: Database, bodies: Bodies, threads: int = 1) -> Processing:
    """The job."""
    return Processing(tools(database, bodies), threads)
