"""Samples of delivered Claves, and what was found by calling, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from capture.preregistro.states import EstadoSolicitud
from capture.preregistro.tables import preregistros
from capture.validacion.errors import UnknownSorteo, ValidacionRefusal
from capture.validacion.sampling import Hallazgo, Sorteo, draw
from capture.validacion.tables import verificacion_llamadas, verificacion_muestras

_S, _L = verificacion_muestras.c, verificacion_llamadas.c


@dataclass(frozen=True, slots=True)
class Sample:
    """What is published of one. `sha256`: of the population, hexadecimal."""

    id: str
    semilla: str
    tamano: int
    poblacion: int
    sha256: str
    sorteada: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One person of a sample; `hallazgo` None: not called yet."""

    folio: str
    hallazgo: Hallazgo | None
    nota: str | None
    cuando: datetime | None


class Samples:
    """Of one consultation, within one transaction."""

    def __init__(self, connection: Connection, consulta: str) -> None:
        self._db = connection
        self._consulta = consulta

    def draw(self, identifier: str, seed: str, size: int, who: str, now: datetime) -> Sorteo:
        """Draw and keep one. Raises ValidacionRefusal."""
        made = draw(seed, self.population(), size)
        own = {"id": identifier, "consulta": self._consulta, "semilla": seed, "tamano": size}
        told = {"poblacion": made.population, "sha256": made.digest, "sorteada": now, "sorteada_por": who}
        self._db.execute(insert(verificacion_muestras).values(**own, **told))
        rows = [{"muestra": identifier, "folio": folio} for folio in made.folios]
        self._db.execute(insert(verificacion_llamadas), rows)
        return made

    def population(self) -> list[str]:
        """Folios of everybody who was sent a Clave by e-mail."""
        c = preregistros.c
        mine = (c.consulta == self._consulta, c.estado == EstadoSolicitud.APROBADA.value)
        return list(self._db.execute(select(c.folio).where(*mine)).scalars())

    def all(self) -> list[Sample]:
        """The newest first."""
        wanted = select(verificacion_muestras).where(_S.consulta == self._consulta)
        return [_sample(row) for row in self._db.execute(wanted.order_by(_S.sorteada.desc()))]

    def get(self, identifier: str) -> Sample:
        """Raises UnknownSorteo."""
        found = next((one for one in self.all() if one.id == identifier), None)
        if found is None:
            raise UnknownSorteo("verificacion.muestra", "muestra", "una muestra de la consulta", "ninguna")
        return found

    def calls(self, identifier: str) -> list[Call]:
        """All persons of a sample. Raises UnknownSorteo."""
        self.get(identifier)
        wanted = select(_L.folio, _L.hallazgo, _L.nota, _L.cuando).where(_L.muestra == identifier)
        return [
            Call(r.folio, r.hallazgo and Hallazgo(r.hallazgo), r.nota, r.cuando)
            for r in self._db.execute(wanted.order_by(_L.folio))
        ]

    def titular(self, identifier: str, folio: str) -> str:
        """The person with a Clave whom a folio of a sample is about. Raises UnknownSorteo."""
        self.get(identifier)
        c = preregistros.c
        wanted = select(c.titular).join(verificacion_llamadas, _L.folio == c.folio)
        mine = (_L.muestra == identifier, c.folio == folio)
        found = self._db.execute(wanted.where(*mine)).scalar()
        if found is None:
            raise UnknownSorteo("verificacion.persona", "folio", "uno de la muestra", "otro")
        return str(found)

    def found(self, identifier: str, folio: str, what: Hallazgo, note: str, who: str, now: datetime) -> None:
        """What a call found out; one that nobody answered may be tried again. Raises ValidacionRefusal."""
        self.titular(identifier, folio)
        again = (_L.hallazgo.is_(None)) | (_L.hallazgo == Hallazgo.SIN_RESPUESTA.value)
        mine = update(verificacion_llamadas).where(_L.muestra == identifier, _L.folio == folio, again)
        told = {"hallazgo": what.value, "nota": note, "cuando": now, "quien": who}
        if self._db.execute(mine.values(**told)).rowcount != 1:
            expected = "una persona a la que falta llamar"
            raise ValidacionRefusal("verificacion.llamada", "folio", expected, "ya se registró")


def _sample(row: Row[Any]) -> Sample:
    digest = bytes(row.sha256).hex()
    return Sample(row.id, row.semilla, row.tamano, row.poblacion, digest, row.sorteada)
