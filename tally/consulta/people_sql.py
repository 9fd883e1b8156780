"""Who belongs where in a consultation, and what the Contraloría saw of it: never data of citizens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from tally.consulta.errors import NoConsulta
from tally.consulta.tables import adscripciones, llaves_distrito, sellos, unidades


@dataclass(frozen=True, slots=True)
class Adscripcion:
    """To which Dirección Distrital an account belongs and, of a Mesa, to which UT."""

    cuenta: str
    distrito: str
    unidad: str | None


@dataclass(frozen=True, slots=True)
class Sello:
    """Size and root (hexadecimal) of the log when the Contraloría said something."""

    cuando: datetime
    entradas: int
    raiz: str
    dicho: str


class Adscripciones:
    """Of one consultation, in the caller's transaction."""

    def __init__(self, connection: Connection, consulta: str) -> None:
        self._db, self._consulta = connection, consulta

    def assign(self, made: Adscripcion, who: str, now: datetime) -> None:
        """Set where an account belongs, instead of where it did. Raises NoConsulta for no such place."""
        c = unidades.c
        places = select(c.clave).where(c.consulta == self._consulta, c.distrito == made.distrito)
        if made.unidad is not None:
            places = places.where(c.clave == made.unidad)
        if self._db.execute(places.limit(1)).first() is None:
            raise NoConsulta("adscripcion.lugar", "distrito", "un distrito de la consulta", made.distrito)
        mine = (adscripciones.c.consulta == self._consulta, adscripciones.c.cuenta == made.cuenta)
        self._db.execute(delete(adscripciones).where(*mine))
        place = {"cuenta": made.cuenta, "distrito": made.distrito, "unidad": made.unidad}
        told = {"asignada": now, "asignada_por": who}
        self._db.execute(insert(adscripciones).values(consulta=self._consulta, **place, **told))

    def of(self, cuenta: str) -> Adscripcion:
        """Where an account belongs. Raises NoConsulta."""
        found = next((one for one in self.all() if one.cuenta == cuenta), None)
        if found is None:
            raise NoConsulta("adscripcion.cuenta", "cuenta", "una adscripción a la consulta", "ninguna")
        return found

    def all(self) -> list[Adscripcion]:
        """By account."""
        c = adscripciones.c
        wanted = select(c.cuenta, c.distrito, c.unidad).where(c.consulta == self._consulta)
        return [Adscripcion(*row) for row in self._db.execute(wanted.order_by(c.cuenta))]


class DistrictKeys:
    """The age recipients of the Direcciones Distritales of one consultation."""

    def __init__(self, connection: Connection, consulta: str) -> None:
        self._db, self._consulta = connection, consulta

    def set(self, distrito: str, recipient: str, who: str, now: datetime) -> None:
        """The recipient to which listados are encrypted from now on."""
        c = llaves_distrito.c
        self._db.execute(delete(llaves_distrito).where(c.consulta == self._consulta, c.distrito == distrito))
        told = {"llave": recipient, "registrada": now, "registrada_por": who}
        row = {"consulta": self._consulta, "distrito": distrito, **told}
        self._db.execute(insert(llaves_distrito).values(**row))

    def all(self) -> dict[str, str]:
        """By distrito."""
        c = llaves_distrito.c
        wanted = select(c.distrito, c.llave).where(c.consulta == self._consulta)
        return {row.distrito: row.llave for row in self._db.execute(wanted)}


class Sellos:
    """What the Contraloría said of one consultation, in the order in which it did."""

    def __init__(self, connection: Connection, consulta: str) -> None:
        self._db, self._consulta = connection, consulta

    def add(self, made: Sello, who: str) -> None:
        """Keep one."""
        head = {"entradas": made.entradas, "raiz": made.raiz}
        told = {"cuenta": who, "cuando": made.cuando, "dicho": made.dicho}
        self._db.execute(insert(sellos).values(consulta=self._consulta, **head, **told))

    def all(self) -> list[Sello]:
        """The oldest first."""
        c = sellos.c
        wanted = select(c.cuando, c.entradas, c.raiz, c.dicho).where(c.consulta == self._consulta)
        return [Sello(*row) for row in self._db.execute(wanted.order_by(c.id))]
