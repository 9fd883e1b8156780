"""The padrón in an SQL database: look-ups at the current corte, and what a load writes."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, exists, insert, select, update

from capture.padron.errors import PadronRefusal
from capture.padron.keyed import PadronKey
from capture.padron.line import SITUACION_BY_NUMBER, Row
from capture.padron.ports import Pregunta, Respuestas
from capture.padron.situacion import Found, Situacion, decide
from capture.padron.tables import CURRENT, EARLIER, FAILED, LOADING, cortes, padron

SLICES = 256
"""Rows of a corte are removed in so many parts: nobody waits long for the database."""
ASKED_AT_ONCE = 500
_NAMES = ("corte", "clave", "cic", "ocr", "situacion", "entidad")
_COPY = f"COPY padron ({', '.join(_NAMES)}) FROM STDIN"
_INSERT = f"INSERT INTO padron ({', '.join(_NAMES)}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608 - fixed names


@dataclass(frozen=True, slots=True)
class Corte:
    """What is known of one load."""

    id: int
    fecha: date
    archivo: str
    sha256: bytes | None
    llave: bytes
    estado: str
    aceptados: int
    rechazados: int
    iniciado: datetime
    terminado: datetime | None


def current(connection: Connection) -> Corte | None:
    """The corte that answers, if any."""
    found = connection.execute(select(cortes).where(cortes.c.estado == CURRENT)).mappings().one_or_none()
    return None if found is None else Corte(**found)


def history(connection: Connection) -> list[Corte]:
    """All loads, the newest first."""
    rows = connection.execute(select(cortes).order_by(cortes.c.id.desc())).mappings()
    return [Corte(**row) for row in rows]


class SqlPadron:
    """The port `Padron` on one connection."""

    def __init__(self, connection: Connection, key: PadronKey) -> None:
        self._connection = connection
        self._key = key

    def consulta(self, pregunta: Pregunta) -> tuple[Situacion, date]:
        """The situación registral of one person, and the cut-off date of who says it."""
        answers = self.consultas([pregunta])
        return answers.situaciones[0], answers.corte

    def consultas(self, preguntas: Sequence[Pregunta]) -> Respuestas:
        """Many at once. Asks again when the corte was replaced, and its rows removed, in between."""
        corte = self._current()
        while True:
            answers = self._all_answers(corte.id, preguntas)
            before, corte = corte, self._current()
            if corte.id == before.id:
                return Respuestas(corte.fecha, tuple(answers))

    def _all_answers(self, corte: int, preguntas: Sequence[Pregunta]) -> list[Situacion]:
        answers: list[Situacion] = []
        for start in range(0, len(preguntas), ASKED_AT_ONCE):
            answers += self._answers(corte, preguntas[start : start + ASKED_AT_ONCE])
        return answers

    def _answers(self, corte: int, preguntas: Sequence[Pregunta]) -> list[Situacion]:
        claves = [self._key.clave(one.clave_elector) for one in preguntas]
        chosen = select(padron).where(padron.c.corte == corte, padron.c.clave.in_(set(claves)))
        held = {bytes(row["clave"]): row for row in self._connection.execute(chosen).mappings()}
        return [
            decide(self._found(held.get(clave), one), one.entidad)
            for clave, one in zip(claves, preguntas, strict=True)
        ]

    def _found(self, row: RowMapping | Mapping[str, Any] | None, pregunta: Pregunta) -> Found | None:
        if row is None:
            return None
        same = pregunta.tipo is None or pregunta.numero is None
        if pregunta.tipo is not None and pregunta.numero is not None:
            tag = self._key.number(pregunta.clave_elector, pregunta.tipo, pregunta.numero)
            same = hmac.compare_digest(bytes(row[pregunta.tipo] or b""), tag)
        return Found(SITUACION_BY_NUMBER[row["situacion"]], f"{row['entidad']:02d}", same)

    def _current(self) -> Corte:
        found = current(self._connection)
        if found is None:
            raise PadronRefusal("padron.sin-corte", "padrón", "un corte cargado y completo", "ninguno")
        if not hmac.compare_digest(found.llave, self._key.key_id):
            raise PadronRefusal("padron.llave", f"corte {found.fecha}", "la llave con que se cargó", "otra")
        return found


def require_newer(connection: Connection, fecha: date) -> None:
    """Refuse a cut-off before that of the corte that answers now; the same one may be loaded again."""
    now = current(connection)
    if now is not None and fecha < now.fecha:
        raise PadronRefusal("padron.corte", "fecha de corte", f"{now.fecha} o después", fecha)


def begin(connection: Connection, fecha: date, archivo: str, key: PadronKey, now: datetime) -> int:
    """A corte that is not current yet. Rows of loads that were interrupted are for `unused` to name."""
    connection.execute(update(cortes).where(cortes.c.estado == LOADING).values(estado=FAILED, terminado=now))
    row = {"fecha": fecha, "archivo": archivo, "llave": key.key_id, "estado": LOADING, "iniciado": now}
    return int(connection.execute(insert(cortes).values(row).returning(cortes.c.id)).scalar_one())


def write_rows(connection: Connection, corte: int, rows: Sequence[Row]) -> None:
    """Rows in the order of their clave: PostgreSQL takes them with COPY, SQLite in one statement."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "postgresql":
        driver.executemany(_INSERT, [(corte, *row) for row in rows])
        return
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row((corte, *row))


def make_current(connection: Connection, corte: int, end: Mapping[str, Any]) -> None:
    """From now on `corte` answers, in the same instant in which the one before stops."""
    connection.execute(update(cortes).where(cortes.c.estado == CURRENT).values(estado=EARLIER))
    done = update(cortes).where(cortes.c.id == corte, cortes.c.estado == LOADING)
    if connection.execute(done.values(estado=CURRENT, **end)).rowcount != 1:
        raise PadronRefusal("padron.carga", f"carga {corte}", "sigue en curso", "otra carga la sustituyó")


def mark_failed(connection: Connection, corte: int, end: Mapping[str, Any]) -> None:
    """The load ends without becoming current."""
    connection.execute(update(cortes).where(cortes.c.id == corte).values(estado=FAILED, **end))


def unused(connection: Connection) -> list[int]:
    """Cortes that neither answer nor are being loaded, and still have rows."""
    rows = exists().where(padron.c.corte == cortes.c.id)
    chosen = select(cortes.c.id).where(cortes.c.estado.in_([EARLIER, FAILED]), rows)
    return list(connection.execute(chosen).scalars())


def remove_slice(connection: Connection, corte: int, number: int) -> int:
    """Remove part `number` (from 0 to SLICES - 1) of a corte's rows; how many there were."""
    chosen = delete(padron).where(padron.c.corte == corte, padron.c.clave >= bytes([number]))
    if number + 1 < SLICES:
        chosen = chosen.where(padron.c.clave < bytes([number + 1]))
    return connection.execute(chosen).rowcount
