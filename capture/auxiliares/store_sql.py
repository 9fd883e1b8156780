"""Auxiliares in SQL. Works in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from capture.auxiliares.causes import CAUSES, Baja
from capture.auxiliares.errors import AuxiliarRefusal, NotRegistered
from capture.auxiliares.form import AuxiliarData
from capture.auxiliares.roster import Taken, repeated
from capture.auxiliares.tables import auxiliares
from capture.processes.folio import next_auxiliar_ids
from capture.processes.tables import procesos

_DATA = tuple(field.name for field in fields(AuxiliarData))
_CHUNK = 500
"""Values of one IN: databases limit the parameters of a statement."""


@dataclass(frozen=True, slots=True)
class StoredAuxiliar:
    """An auxiliar with its identity. `situacion`: what the padrón said with the cut-off `corte`; None while
    it has not been asked. `motivo`: why it was removed, in words."""

    id: str
    proceso: str
    data: AuxiliarData
    alta: datetime
    situacion: str | None
    corte: date | None
    baja: datetime | None
    baja_rol: str | None
    motivo: str | None

    @property
    def active(self) -> bool:
        """Whether the auxiliar may capture."""
        return self.baja is None


class AuxiliarStore:
    """The auxiliares of all processes."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, proceso: str, data: AuxiliarData, who: str, now: datetime) -> str:
        """Register one and give its Id Auxiliar. Raises AuxiliarRefusal for a repeated e-mail or clave."""
        taken = self.taken(proceso, [data])
        if data.correo in taken.emails:
            raise repeated("correo", "el de una persona auxiliar activa")
        if data.clave_elector in taken.claves:
            raise repeated("clave_elector", "la de una persona auxiliar activa")
        return self.add_all(proceso, [data], who, now)[0]

    def add_all(self, proceso: str, people: Sequence[AuxiliarData], who: str, now: datetime) -> list[str]:
        """Register all or none. Raises AuxiliarRefusal when another request took an e-mail or clave first."""
        self._require_active(proceso)
        made = next_auxiliar_ids(self._db, len(people))
        rows = [
            asdict(person) | {"id": identifier, "proceso": proceso, "alta": now, "alta_por": who}
            for identifier, person in zip(made, people, strict=True)
        ]
        try:
            with self._db.begin_nested():
                self._db.execute(insert(auxiliares), rows)
        except IntegrityError:
            got = "un dato que se registró al mismo tiempo"
            raise repeated("correo", got) from None
        return made

    def taken(self, proceso: str, people: Iterable[AuxiliarData]) -> Taken:
        """Which e-mails and claves of `people` active auxiliares of the process have."""
        listed = list(people)
        emails = self._among(proceso, auxiliares.c.correo, [person.correo for person in listed])
        claves = self._among(proceso, auxiliares.c.clave_elector, [p.clave_elector for p in listed])
        return Taken(emails, claves)

    def all_taken(self, proceso: str) -> Taken:
        """E-mails and claves of all active auxiliares of the process."""
        query = select(auxiliares.c.correo, auxiliares.c.clave_elector)
        rows = self._db.execute(
            query.where(auxiliares.c.proceso == proceso, auxiliares.c.baja.is_(None))
        ).all()
        return Taken(frozenset(row[0] for row in rows), frozenset(row[1] for row in rows))

    def get(self, identifier: str) -> StoredAuxiliar:
        """Raises NotRegistered."""
        query = select(auxiliares).where(auxiliares.c.id == identifier)
        found = self._db.execute(query).one_or_none()
        if found is None:
            raise NotRegistered("auxiliar.existe", "Id Auxiliar", "un auxiliar registrado", identifier)
        return _stored(found)

    def of_process(self, proceso: str, after: str = "", most: int = 500) -> list[StoredAuxiliar]:
        """By Id Auxiliar, beginning after one; removed ones too."""
        query = select(auxiliares).where(auxiliares.c.proceso == proceso, auxiliares.c.id > after)
        return [_stored(row) for row in self._db.execute(query.order_by(auxiliares.c.id).limit(most))]

    def remove(self, identifier: str, baja: Baja, who: str, now: datetime) -> None:
        """Baja, for good: whoever comes back gets a new Id Auxiliar (003). Raises AuxiliarRefusal."""
        self.get(identifier)
        values = {
            "baja": now,
            "baja_causa": baja.cause.code,
            "baja_detalle": baja.detail,
            "baja_por": who,
            "baja_rol": baja.by.value,
        }
        where = (auxiliares.c.id == identifier, auxiliares.c.baja.is_(None))
        if not self._db.execute(update(auxiliares).where(*where).values(**values)).rowcount:
            expected = "una persona auxiliar activa"
            raise AuxiliarRefusal("auxiliar.baja", f"Auxiliar {identifier}", expected, "dada de baja")

    def _require_active(self, proceso: str) -> None:
        query = select(procesos.c.activo).where(procesos.c.folio == proceso)
        active = self._db.execute(query).scalar_one_or_none()
        if active is None:
            raise NotRegistered("proceso.existe", "Id Proceso", "un proceso registrado", proceso)
        if not active:
            raise AuxiliarRefusal("proceso.activo", f"Proceso {proceso}", "un proceso activo", "inactivo")

    def _among(self, proceso: str, column: Column[Any], values: Sequence[str]) -> frozenset[str]:
        found: set[str] = set()
        for at in range(0, len(values), _CHUNK):
            query = select(column).where(auxiliares.c.proceso == proceso, auxiliares.c.baja.is_(None))
            found.update(self._db.execute(query.where(column.in_(values[at : at + _CHUNK]))).scalars())
        return frozenset(found)


def _stored(row: Row[Any]) -> StoredAuxiliar:
    data = AuxiliarData(**{name: getattr(row, name) for name in _DATA})
    motive = None
    if row.baja_causa is not None:
        words = CAUSES[row.baja_causa].words
        motive = words if row.baja_detalle is None else f"{words}: {row.baja_detalle}"
    return StoredAuxiliar(
        row.id,
        row.proceso,
        data,
        row.alta,
        row.situacion,
        row.situacion_corte,
        row.baja,
        row.baja_rol,
        motive,
    )
