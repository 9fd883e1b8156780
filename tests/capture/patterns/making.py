"""Records with prints, and the patterns that are found among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np
from sqlalchemy import select

from capture.patterns.looking import SqlPatterns
from capture.patterns.seen import Place, Seen
from capture.patterns.settings import PatternLimits
from capture.patterns.tables import patrones, patrones_registros
from capture.patterns.views import BYTES
from capture.records.store_sql import SqlRecords
from keys.errors import Refusal
from ledger.database import Database
from tests.capture.records.making import START, ListedActs, folio, new_record

NOW = START + timedelta(days=1)
LIMITS = PatternLimits()
Found = dict[tuple[str, str, str], tuple[float, list[int]]]
"""By rule, object and subject: the measure, and the numbers of the records."""


class Boveda:
    """Seals recognisably; `lost` are sealed texts that do not open, `down` is a bóveda out of reach."""

    def __init__(self) -> None:
        self.lost: set[bytes] = set()
        self.down = False
        self.opened = 0

    def seal(self, proceso: str, data: bytes) -> bytes:
        """Turned round, so that clear bytes are recognised as a mistake."""
        return proceso.encode() + b":" + bytes(data)[::-1]

    def unseal(self, proceso: str, data: bytes) -> bytes:
        """The inverse."""
        if self.down:
            raise OSError("sin respuesta")
        if data in self.lost:
            raise Refusal("boveda.sobre", "sobre", "de este proceso", "otro")
        self.opened += 1
        prefix = proceso.encode() + b":"
        assert data.startswith(prefix)
        return data[len(prefix) :][::-1]


def patterns(database: Database, boveda: Boveda | None = None, limits: PatternLimits = LIMITS) -> SqlPatterns:
    """A worker's patterns, with nothing in memory."""
    return SqlPatterns(database, boveda or Boveda(), lambda: NOW, limits)


def some_print(number: int, flipped: int = 0) -> bytes:
    """A print of its own for each number, with some bits turned."""
    whole = int.from_bytes(sha256(f"{number}".encode()).digest(), "big")
    return (whole ^ ((1 << flipped) - 1)).to_bytes(BYTES, "big")


def face(number: int, like: int | None = None, cosine: float = 1.0) -> bytes:
    """An embedding of its own for each number, or one that is like another's."""
    made = np.random.default_rng(number).standard_normal(128)
    made /= np.linalg.norm(made)
    if like is not None:
        base = np.frombuffer(face(like), "<f4").astype(float)
        made -= (made @ base) * base
        made = cosine * base + np.sqrt(1 - cosine**2) * made / np.linalg.norm(made)
    return made.astype("<f4").tobytes()


def clave(number: int) -> bytes:
    """The HMAC of a person."""
    return sha256(f"persona {number}".encode()).digest()


def see(
    database: Database,
    number: int,
    prints: Mapping[str, bytes] | None = None,
    embedding: bytes | None = None,
    person: int | None = None,
    place: Place | None = None,
    captured: datetime | None = None,
    **other: object,
) -> None:
    """Record `number` is received, read and settled."""
    given = {"capturado": START + timedelta(days=number) if captured is None else captured}
    given |= {"auxiliar": f"A{number:09d}", "dispositivo": f"d-{number}", **other}
    mine = patterns(database)
    who = clave(number if person is None else person)
    with database.writing() as connection:
        records = SqlRecords(connection, ListedActs())
        records.create(new_record(number, **given))  # type: ignore[arg-type]
        record = records.get(folio(number))
        sealed = mine.seal(record.proceso, Seen(folio(number), prints or {}, embedding, who, place))
        mine.keep(connection, record, sealed)


def found(database: Database) -> Found:
    """All patterns."""
    p, m = patrones.c, patrones_registros.c
    made: Found = {}
    with database.reading() as connection:
        for row in connection.execute(select(patrones).order_by(p.id)):
            wanted = select(m.folio).where(m.patron == row.id).order_by(m.folio)
            folios = connection.execute(wanted).scalars()
            numbers = [int(one.rsplit("-", 1)[1], 16) for one in folios]
            assert len(numbers) == row.registros
            made[row.regla, row.objeto, row.sujeto] = (row.medida, numbers)
    return made
