"""Institutes, their periods and avisos in SQL. Each store works in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from capture.identity.dates import CENTRO
from capture.processes.aviso import Aviso, AvisoText
from capture.processes.errors import NotRegistered, ProcessRefusal
from capture.processes.institute import Institute
from capture.processes.kinds import Ambito, Tipo
from capture.processes.period import Period, require_change
from capture.processes.tables import avisos_privacidad, opls, periodos, procesos


@dataclass(frozen=True, slots=True)
class StoredPeriod:
    """A period with its identity. `activo`: the OPL's switch, apart from the dates."""

    id: str
    opl: str
    activo: bool
    period: Period

    def is_open(self, instant: datetime) -> bool:
        """Whether support may be captured at the instant."""
        return self.activo and self.period.is_open(instant)


class InstituteStore:
    """The OPLs."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, institute: Institute, now: datetime) -> None:
        """Register one. Raises ProcessRefusal when its identifier is taken."""
        row = {"nombre": institute.nombre, "siglas": institute.siglas, "entidad": institute.entidad}
        try:
            with self._db.begin_nested():
                self._db.execute(insert(opls).values(id=institute.id, **row, activo=True, registrado=now))
        except IntegrityError:
            expected = "un identificador que nadie usa"
            raise ProcessRefusal("opl.repetido", "Identificador", expected, institute.id) from None

    def get(self, identifier: str) -> Institute:
        """Raises NotRegistered."""
        found = self._db.execute(select(opls).where(opls.c.id == identifier)).one_or_none()
        if found is None:
            raise NotRegistered("opl.existe", "OPL", "un instituto registrado", identifier)
        return Institute(found.id, found.nombre, found.siglas, found.entidad)

    def all(self) -> list[Institute]:
        """By identifier."""
        rows = self._db.execute(select(opls).order_by(opls.c.id))
        return [Institute(row.id, row.nombre, row.siglas, row.entidad) for row in rows]


class PeriodStore:
    """The periods of capture."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, identifier: str, opl: str, period: Period, now: datetime) -> None:
        """Register a period, active at once. Raises NotRegistered for an unknown OPL."""
        InstituteStore(self._db).get(opl)
        values = {"id": identifier, "opl": opl, "activo": True, "creado": now}
        self._db.execute(insert(periodos).values(**values, **_columns(period)))

    def get(self, identifier: str) -> StoredPeriod:
        """Raises NotRegistered."""
        found = self._db.execute(select(periodos).where(periodos.c.id == identifier)).one_or_none()
        if found is None:
            raise NotRegistered("periodo.existe", "Periodo", "un periodo registrado", identifier)
        return _stored(found)

    def of_process(self, folio: str) -> StoredPeriod:
        """The period that a process belongs to. Raises NotRegistered."""
        query = select(periodos).join(procesos, procesos.c.periodo == periodos.c.id)
        found = self._db.execute(query.where(procesos.c.folio == folio)).one_or_none()
        if found is None:
            raise NotRegistered("proceso.existe", "Id Proceso", "un proceso registrado", folio)
        return _stored(found)

    def all(self, opl: str | None = None) -> list[StoredPeriod]:
        """Of one OPL or of all, newest beginning first."""
        query = select(periodos).order_by(periodos.c.inicio.desc(), periodos.c.id)
        query = query if opl is None else query.where(periodos.c.opl == opl)
        return [_stored(row) for row in self._db.execute(query)]

    def change(self, identifier: str, period: Period, now: datetime) -> None:
        """Replace what was registered, as far as `require_change` allows. Raises ProcessRefusal."""
        processes = select(func.count()).select_from(procesos).where(procesos.c.periodo == identifier)
        used = bool(self._db.execute(processes).scalar_one())
        require_change(self.get(identifier).period, period, now, used)
        self._db.execute(update(periodos).where(periodos.c.id == identifier).values(**_columns(period)))

    def set_active(self, identifier: str, active: bool) -> None:
        """«Estatus del periodo (Activo/Inactivo)». Raises NotRegistered."""
        changed = self._db.execute(update(periodos).where(periodos.c.id == identifier).values(activo=active))
        if not changed.rowcount:
            raise NotRegistered("periodo.existe", "Periodo", "un periodo registrado", identifier)


class AvisoStore:
    """The avisos de privacidad of the periods."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def publish(self, periodo: str, content: AvisoText, now: datetime) -> Aviso:
        """Make the next version. Earlier ones stay, for the records that name them."""
        PeriodStore(self._db).get(periodo)
        table = avisos_privacidad
        last = select(func.max(table.c.version)).where(table.c.periodo == periodo)
        version = (self._db.execute(last).scalar_one() or 0) + 1
        values = {"texto": content.texto, "liga": content.liga, "sha256": content.sha256}
        key = {"periodo": periodo, "version": version}
        self._db.execute(insert(table).values(**key, **values, publicado=now))
        return Aviso(periodo, version, content, now)

    def get(self, periodo: str, version: int | None = None) -> Aviso:
        """One version, the newest when none is named. Raises NotRegistered."""
        table = avisos_privacidad
        query = select(table).where(table.c.periodo == periodo).order_by(table.c.version.desc()).limit(1)
        query = query if version is None else query.where(table.c.version == version)
        found = self._db.execute(query).one_or_none()
        if found is None:
            got = "ninguno" if version is None else f"versión {version}"
            raise NotRegistered("aviso.existe", "Aviso de privacidad", "un aviso publicado", got)
        return Aviso(found.periodo, found.version, AvisoText(found.texto, found.liga), found.publicado)


def _columns(period: Period) -> dict[str, Any]:
    return {
        "tipo": period.tipo.value,
        "nombre": period.nombre,
        "cargo": period.cargo,
        "ambito": period.ambito.value,
        "entidad": period.entidad,
        "inicio": period.inicio,
        "fin": period.fin,
        "mi_apoyo": period.mi_apoyo,
        "criterios": period.criterios,
        "municipios_excepcion": json.dumps(period.municipios_excepcion),
    }


def _stored(row: Row[Any]) -> StoredPeriod:
    municipalities: Sequence[str] = json.loads(row.municipios_excepcion)
    period = Period(
        Tipo(row.tipo),
        row.nombre,
        row.cargo,
        Ambito(row.ambito),
        row.entidad,
        row.inicio.astimezone(CENTRO),
        row.fin.astimezone(CENTRO),
        row.mi_apoyo,
        row.criterios,
        tuple(municipalities),
    )
    return StoredPeriod(row.id, row.opl, row.activo, period)
