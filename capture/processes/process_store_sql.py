"""Processes with their aspirante or promovente in SQL. Works in the caller's transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from capture.processes.emblem import Emblem
from capture.processes.errors import NotRegistered, ProcessRefusal
from capture.processes.process_form import ProcessData
from capture.processes.tables import emblemas, periodos, procesos

_DATA = tuple(field.name for field in fields(ProcessData))


@dataclass(frozen=True, slots=True)
class StoredProcess:
    """A registered process. `confirmado`: when its signed cédula was received."""

    folio: str
    periodo: str
    opl: str
    activo: bool
    recipiente: str
    registrado: datetime
    confirmado: datetime | None
    data: ProcessData


class ProcessStore:
    """The processes of all periods."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def require_free_email(self, periodo: str, correo: str, folio: str | None = None) -> None:
        """One e-mail belongs to one promovente in a period (002 §1.2). `folio`: the one that may have it."""
        query = select(procesos.c.folio).where(procesos.c.periodo == periodo, procesos.c.correo == correo)
        taken = self._db.execute(query).scalar_one_or_none()
        if taken is not None and taken != folio:
            raise _email_taken()

    def add(
        self, folio: str, periodo: str, data: ProcessData, recipiente: str, who: str, now: datetime
    ) -> None:
        """Register. `recipiente`: the age recipient of the process. Raises ProcessRefusal."""
        self.require_free_email(periodo, data.correo)
        values = asdict(data) | {
            "folio": folio,
            "periodo": periodo,
            "activo": True,
            "recipiente": recipiente,
            "registrado": now,
            "registrado_por": who,
        }
        self._write(insert(procesos).values(**values))

    def get(self, folio: str) -> StoredProcess:
        """Raises NotRegistered."""
        found = self._db.execute(_joined().where(procesos.c.folio == folio)).one_or_none()
        if found is None:
            raise NotRegistered("proceso.existe", "Id Proceso", "un proceso registrado", folio)
        return _stored(found)

    def of_period(self, periodo: str) -> list[StoredProcess]:
        """In the order of their folios."""
        query = _joined().where(procesos.c.periodo == periodo).order_by(procesos.c.folio)
        return [_stored(row) for row in self._db.execute(query)]

    def correct(self, folio: str, data: ProcessData) -> None:
        """Replace the data while no signed cédula stands for them. Raises ProcessRefusal."""
        stored = self.get(folio)
        self.require_free_email(stored.periodo, data.correo, folio)
        where = (procesos.c.folio == folio, procesos.c.confirmado.is_(None))
        if not self._write(update(procesos).where(*where).values(**asdict(data))):
            expected = "una cédula que todavía no se firma"
            raise ProcessRefusal("proceso.confirmado", "Cédula de confirmación", expected, "firmada")

    def confirm(self, folio: str, who: str, now: datetime) -> None:
        """The signed cédula was received (001 §5.F). Raises ProcessRefusal the second time."""
        self.get(folio)
        where = (procesos.c.folio == folio, procesos.c.confirmado.is_(None))
        if not self._write(update(procesos).where(*where).values(confirmado=now, confirmado_por=who)):
            expected = "una sola confirmación"
            raise ProcessRefusal("proceso.confirmado", "Cédula de confirmación", expected, "ya confirmada")

    def set_active(self, folio: str, active: bool) -> None:
        """Active or inactive (APO-02). Raises NotRegistered."""
        if not self._write(update(procesos).where(procesos.c.folio == folio).values(activo=active)):
            raise NotRegistered("proceso.existe", "Id Proceso", "un proceso registrado", folio)

    def set_emblem(self, folio: str, emblem: Emblem) -> None:
        """Replace the image that the app shows. Raises NotRegistered."""
        self.get(folio)
        self._db.execute(delete(emblemas).where(emblemas.c.proceso == folio))
        values = {"tipo": emblem.kind, "ancho": emblem.width, "alto": emblem.height}
        row = {**values, "sha256": emblem.sha256, "imagen": emblem.image}
        self._db.execute(insert(emblemas).values(proceso=folio, **row))

    def emblem(self, folio: str) -> Emblem:
        """Raises NotRegistered when the process has none."""
        row = self._db.execute(select(emblemas).where(emblemas.c.proceso == folio)).one_or_none()
        if row is None:
            raise NotRegistered("emblema.existe", "Imagen o logotipo", "una imagen registrada", "ninguna")
        return Emblem(row.tipo, row.ancho, row.alto, row.sha256, row.imagen)

    def has_emblem(self, folio: str) -> bool:
        """Whether there is an image to show."""
        query = select(emblemas.c.proceso).where(emblemas.c.proceso == folio)
        return self._db.execute(query).first() is not None

    def _write(self, statement: Any) -> int:
        try:
            with self._db.begin_nested():
                return int(self._db.execute(statement).rowcount)
        except IntegrityError:
            raise _email_taken() from None


def _joined() -> Any:
    return select(procesos, periodos.c.opl).join(periodos, periodos.c.id == procesos.c.periodo)


def _stored(row: Row[Any]) -> StoredProcess:
    data = ProcessData(**{name: getattr(row, name) for name in _DATA})
    return StoredProcess(
        row.folio, row.periodo, row.opl, row.activo, row.recipiente, row.registrado, row.confirmado, data
    )


def _email_taken() -> ProcessRefusal:
    expected = "una cuenta de correo que no esté vinculada a otra persona promovente de este proceso"
    return ProcessRefusal("proceso.correo", "Correo electrónico", expected, "una cuenta ya vinculada")
