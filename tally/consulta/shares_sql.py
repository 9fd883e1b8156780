"""The files of partial decryptions that custodios handed in, in order of arrival (SEI-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tally.consulta.tables import aportaciones, listados
from tally.receiving import Verdict
from tally.shares import OPENING

ACCEPTED, REFUSED = "aceptada", "rechazada"


@dataclass(frozen=True, slots=True)
class Aportacion:
    """A file. `motivo`: why it was refused; None: it is valid."""

    custodio: int
    sha256: str
    recibida: datetime
    motivo: str | None

    @property
    def estado(self) -> str:
        """«aceptada» or «rechazada»."""
        return ACCEPTED if self.motivo is None else REFUSED


class Aportaciones:
    """Of one act of one consultation, in the caller's transaction. `kind`: OPENING or SUMS."""

    def __init__(self, connection: Connection, consulta: str, kind: str = OPENING) -> None:
        self._db, self._consulta, self._kind = connection, consulta, kind

    def add(self, verdict: Verdict, cuenta: str, now: datetime) -> None:
        """Keep what became of a file."""
        estado = ACCEPTED if verdict.accepted else REFUSED
        told = {"sha256": verdict.sha256, "estado": estado, "motivo": verdict.reason}
        row = {"custodio": verdict.trustee, "cuenta": cuenta, "recibida": now, **told}
        self._db.execute(insert(aportaciones).values(consulta=self._consulta, tipo=self._kind, **row))

    def set_aside(self, verdict: Verdict) -> None:
        """A file that was accepted and does not fit the others."""
        c = aportaciones.c
        mine = (c.consulta == self._consulta, c.tipo == self._kind, c.sha256 == verdict.sha256)
        values = {"estado": REFUSED, "motivo": verdict.reason}
        self._db.execute(update(aportaciones).where(*mine).values(**values))

    def all(self) -> list[Aportacion]:
        """In order of arrival."""
        c = aportaciones.c
        mine = (c.consulta == self._consulta, c.tipo == self._kind)
        wanted = select(c.custodio, c.sha256, c.recibida, c.motivo).where(*mine)
        return [Aportacion(*row) for row in self._db.execute(wanted.order_by(c.id))]

    def get(self, digest: str) -> Aportacion | None:
        """The file with that SHA-256."""
        return next((one for one in self.all() if one.sha256 == digest), None)


class Listados:
    """The encrypted listados of one consultation."""

    def __init__(self, connection: Connection, consulta: str) -> None:
        self._db, self._consulta = connection, consulta

    def add(self, clave: str, digest: str, persons: int, encrypted: bytes) -> None:
        """Keep one. `digest`: SHA-256 of what is inside."""
        row = {"unidad": clave, "sha256": digest, "personas": persons, "cifrado": encrypted}
        self._db.execute(insert(listados).values(consulta=self._consulta, **row))

    def get(self, clave: str) -> bytes | None:
        """The encrypted listado of a UT."""
        c = listados.c
        mine = (c.consulta == self._consulta, c.unidad == clave)
        found = self._db.execute(select(c.cifrado).where(*mine)).scalar()
        return None if found is None else bytes(found)
