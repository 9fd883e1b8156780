"""Requests that were begun and never finished: what they have of a person goes, the counts stay.

1. state    ONE transaction for each: it ends as `abandonada`, and the key of its device and what was read go.
2. packets  of requests that ended so: each body, then the rows. Stopped at any point, the next run goes on.

Who failed the biometric test and did not try again is not forgotten: when pre-registro closes a person looks
at the request (7.2.1 V). Only what nobody could look at any more, because validation is over, ends here too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, exists, select

from capture.blobs import Blobs
from capture.preregistro.request import SISTEMA
from capture.preregistro.states import EstadoSolicitud, Paso
from capture.preregistro.store_sql import Requests
from capture.preregistro.tables import (
    preregistro_cuerpos,
    preregistro_intentos,
    preregistro_pasos,
    preregistros,
)
from capture.records.ports import Acts
from ledger.database import Database

_P, _S, _B, _I = preregistros.c, preregistro_pasos.c, preregistro_cuerpos.c, preregistro_intentos.c
_PAGE = 100
_NOTHING = {"llave": None, "giros": "", "datos": None, "persona": None, "seccion": None, "motivos": None}


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Of all consultations. `after`: how long a request may rest untouched."""

    database: Database
    blobs: Blobs
    acts: Acts
    clock: Callable[[], datetime]
    after: timedelta

    def run(self, over: Sequence[str] = ()) -> int:
        """Everything that is due; how many requests ended. `over`: consultations whose validation ended so
        long ago. Raises OSError: try again."""
        limit = self.clock() - self.after
        ended = sum(self._end(consulta, folio, limit, over) for consulta, folio in self._due(limit, over))
        for folio in self._ended():
            self._forget(folio)
        return ended

    def _due(self, limit: datetime, over: Sequence[str]) -> list[tuple[str, str]]:
        wanted = select(_P.consulta, _P.folio).where(_is_due(limit, over)).order_by(_P.folio)
        with self.database.reading() as db:
            return [(row.consulta, row.folio) for row in db.execute(wanted)]

    def _end(self, consulta: str, folio: str, limit: datetime, over: Sequence[str]) -> bool:
        with self.database.writing() as db:
            requests = Requests(db, self.acts)
            request = requests.get(consulta, folio, lock=True)
            still = select(_P.folio).where(_P.folio == folio, _is_due(limit, over))
            if db.execute(still).first() is None:
                return False
            requests.step(request, Paso.ABANDONO, SISTEMA, self.clock(), **_NOTHING)
        return True

    def _ended(self) -> list[str]:
        """Requests that ended so and still have a packet."""
        left = exists().where(_B.folio == _P.folio) | exists().where(_I.folio == _P.folio)
        wanted = select(_P.folio).where(_P.estado == EstadoSolicitud.ABANDONADA.value, left)
        with self.database.reading() as db:
            return list(db.execute(wanted.order_by(_P.folio)).scalars())

    def _forget(self, folio: str) -> None:
        with self.database.reading() as db:
            paths = list(db.execute(select(_B.cuerpo).where(_B.folio == folio)).scalars())
        for path in paths:
            self.blobs.delete(path)
        with self.database.writing() as db:
            _drop(db, folio, paths)


def _drop(db: Connection, folio: str, paths: Sequence[str]) -> None:
    for start in range(0, len(paths), _PAGE):
        db.execute(delete(preregistro_cuerpos).where(_B.cuerpo.in_(paths[start : start + _PAGE])))
    db.execute(delete(preregistro_intentos).where(_I.folio == folio))


def _is_due(limit: datetime, over: Sequence[str]) -> ColumnElement[bool]:
    """Nothing was sent, and nothing happened since the limit."""
    begun = _P.estado == EstadoSolicitud.INICIADA.value
    nobody_looks = (_P.estado == EstadoSolicitud.REINTENTO.value) & _P.consulta.in_(over)
    stepped = exists().where(_S.folio == _P.folio, _S.cuando > limit)
    coming = exists().where(_B.folio == _P.folio, _B.recibido > limit)
    return (begun | nobody_looks) & (_P.creado <= limit) & ~stepped & ~coming
