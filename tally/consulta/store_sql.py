"""Consultations in SQL, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tally.consulta import states
from tally.consulta.cronograma import Cronograma
from tally.consulta.errors import ConsultaRefusal, NoConsulta
from tally.consulta.form import ConsultaForm
from tally.consulta.states import Estado, Paso
from tally.consulta.tables import consultas, custodios, secciones, unidades
from tally.setup import Unidad, uuid_of

_REACHED = {
    Estado.ABIERTA: "abierta",
    Estado.CERRADA: "cerrada",
    Estado.COMPUTADA: "computada",
    Estado.PUBLICADA: "publicada",
}
"""The column that keeps when a state was reached."""


@dataclass(frozen=True, slots=True)
class Consulta:
    """A consultation as it is stored. The instants: when it was opened, closed, computed and published."""

    id: str
    nombre: str
    anio: int
    estado: Estado
    grupo: str
    cronograma: Cronograma
    umbral: int
    k: int
    intentos: int
    creada: datetime
    abierta: datetime | None = None
    cerrada: datetime | None = None
    computada: datetime | None = None
    publicada: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredUnidad:
    """A UT of a consultation. `setup`: hash of the Setup event of its urn, once there is one."""

    unidad: Unidad
    distrito: str
    uuid: str
    setup: str | None


@dataclass(frozen=True, slots=True)
class Custodio:
    """`nombre`: an office. `cuenta`: who hands files in for it. `huella`: of its certificate."""

    indice: int
    nombre: str
    cuenta: str | None
    huella: str | None


class Consultas:
    """All of them."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, form: ConsultaForm, who: str, now: datetime) -> None:
        """A new one, in preparation. Raises ConsultaRefusal when its id is taken."""
        own = {n: getattr(form, n) for n in ("id", "nombre", "anio", "grupo", "umbral", "k", "intentos")}
        row = {**own, "estado": Estado.PREPARACION.value, "creada": now, "creada_por": who}
        plan = json.dumps(form.cronograma.to_json())
        try:
            with self._db.begin_nested():
                self._db.execute(insert(consultas).values(**row, cronograma=plan))
        except IntegrityError:
            raise ConsultaRefusal("consulta.repetida", "id", "un id que nadie usa", form.id) from None
        self._fill(form)

    def replace(self, form: ConsultaForm) -> None:
        """All of one in preparation, anew; its custodios keep their accounts where the office stays."""
        states.require(self.get(form.id, lock=True).estado, Estado.PREPARACION, "modificar", form.id)
        names = ("nombre", "anio", "grupo", "umbral", "k", "intentos")
        values = {n: getattr(form, n) for n in names} | {"cronograma": json.dumps(form.cronograma.to_json())}
        accounts = {(one.indice, one.nombre): one.cuenta for one in self.custodios(form.id)}
        self._db.execute(update(consultas).where(consultas.c.id == form.id).values(**values))
        for table in (secciones, unidades, custodios):
            self._db.execute(delete(table).where(table.c.consulta == form.id))
        self._fill(form)
        for (index, name), account in accounts.items():
            if account is not None and name == dict(enumerate(form.custodios, 1)).get(index):
                self.appoint(form.id, index, account)

    def _fill(self, form: ConsultaForm) -> None:
        rows = [{"consulta": form.id, "indice": i, "nombre": n} for i, n in enumerate(form.custodios, 1)]
        self._db.execute(insert(custodios), rows)
        self._db.execute(
            insert(unidades),
            [
                {
                    "consulta": form.id,
                    "clave": one.unidad.clave,
                    "nombre": one.unidad.nombre,
                    "demarcacion": one.unidad.demarcacion,
                    "distrito": one.distrito,
                    "proyectos": json.dumps(one.unidad.proyectos, ensure_ascii=False),
                    "uuid": uuid_of(form.id, one.unidad.clave),
                }
                for one in form.unidades
            ],
        )
        found = [
            {"consulta": form.id, "seccion": seccion, "unidad": one.unidad.clave}
            for one in form.unidades
            for seccion in one.secciones
        ]
        if found:
            self._db.execute(insert(secciones), found)

    def get(self, consulta: str, *, lock: bool = False) -> Consulta:
        """Raises NoConsulta. `lock`: nobody else changes it until the transaction ends."""
        wanted = select(consultas).where(consultas.c.id == consulta)
        row = self._db.execute(wanted.with_for_update() if lock else wanted).one_or_none()
        if row is None:
            raise NoConsulta("consulta.existe", "consulta", "una consulta registrada", consulta)
        return _of(row)

    def all(self) -> list[Consulta]:
        """The newest first."""
        return [_of(row) for row in self._db.execute(select(consultas).order_by(consultas.c.creada.desc()))]

    def move(self, consulta: str, paso: Paso, now: datetime) -> Estado:
        """Lead a consultation on. Raises NoConsulta, ConsultaRefusal."""
        then = states.after(self.get(consulta, lock=True).estado, paso, consulta)
        values: dict[str, object] = {"estado": then.value}
        if then in _REACHED:
            values[_REACHED[then]] = now
        self._db.execute(update(consultas).where(consultas.c.id == consulta).values(**values))
        return then

    def reschedule(self, consulta: str, cronograma: Cronograma) -> None:
        """Other dates, before its urns exist. Raises NoConsulta, ConsultaRefusal."""
        estado = self.get(consulta, lock=True).estado
        if states.reached(estado, Estado.ABIERTA):
            expected = "una consulta cuyas urnas aún no existen"
            raise ConsultaRefusal("consulta.modificar", consulta, expected, estado.value)
        plan = json.dumps(cronograma.to_json())
        self._db.execute(update(consultas).where(consultas.c.id == consulta).values(cronograma=plan))

    def unidades(self, consulta: str) -> list[StoredUnidad]:
        """Its UTs by clave."""
        wanted = select(unidades).where(unidades.c.consulta == consulta).order_by(unidades.c.clave)
        return [_unidad(row) for row in self._db.execute(wanted)]

    def unidad(self, consulta: str, clave: str) -> StoredUnidad:
        """Raises NoConsulta."""
        c = unidades.c
        row = self._db.execute(select(unidades).where(c.consulta == consulta, c.clave == clave)).one_or_none()
        if row is None:
            raise NoConsulta("unidad.existe", "unidad", "una UT de la consulta", clave)
        return _unidad(row)

    def of_seccion(self, consulta: str, seccion: str) -> list[StoredUnidad]:
        """The UTs that touch an electoral section (SEI-16), by clave."""
        mine = select(secciones.c.unidad).where(
            secciones.c.consulta == consulta, secciones.c.seccion == seccion
        )
        c = unidades.c
        wanted = select(unidades).where(c.consulta == consulta, c.clave.in_(mine)).order_by(c.clave)
        return [_unidad(row) for row in self._db.execute(wanted)]

    def secciones(self, consulta: str) -> list[tuple[str, str]]:
        """(section, clave of the UT), sorted."""
        c = secciones.c
        wanted = select(c.seccion, c.unidad).where(c.consulta == consulta).order_by(c.seccion, c.unidad)
        return [(row.seccion, row.unidad) for row in self._db.execute(wanted)]

    def set_setups(self, consulta: str, setups: Mapping[str, str]) -> None:
        """Hash of the Setup event by clave."""
        for clave, digest in setups.items():
            mine = (unidades.c.consulta == consulta, unidades.c.clave == clave)
            self._db.execute(update(unidades).where(*mine).values(setup=digest))

    def custodios(self, consulta: str) -> list[Custodio]:
        """In order of their indices."""
        wanted = select(custodios).where(custodios.c.consulta == consulta).order_by(custodios.c.indice)
        return [Custodio(row.indice, row.nombre, row.cuenta, row.huella) for row in self._db.execute(wanted)]

    def custodio_of(self, consulta: str, cuenta: str) -> Custodio:
        """The seat of an account. Raises NoConsulta."""
        found = next((one for one in self.custodios(consulta) if one.cuenta == cuenta), None)
        if found is None:
            raise NoConsulta("custodio.cuenta", "custodio", "una persona custodia de la consulta", "otra")
        return found

    def appoint(self, consulta: str, indice: int, cuenta: str) -> None:
        """Whose account hands files in for a custodio. Raises NoConsulta, ConsultaRefusal."""
        mine = (custodios.c.consulta == consulta, custodios.c.indice == indice)
        try:
            with self._db.begin_nested():
                done = self._db.execute(update(custodios).where(*mine).values(cuenta=cuenta))
        except IntegrityError:
            expected = "una cuenta que no es de otra persona custodia"
            raise ConsultaRefusal("custodio.cuenta", f"custodio {indice}", expected, "la de otra") from None
        if not done.rowcount:
            raise NoConsulta("custodio.existe", "custodio", "una persona custodia", indice)

    def set_fingerprints(self, consulta: str, prints: Mapping[int, str]) -> None:
        """Of the certificates, by index."""
        for index, fingerprint in prints.items():
            mine = (custodios.c.consulta == consulta, custodios.c.indice == index)
            self._db.execute(update(custodios).where(*mine).values(huella=fingerprint))


def _of(row: Any) -> Consulta:
    return Consulta(
        id=row.id,
        nombre=row.nombre,
        anio=row.anio,
        estado=Estado(row.estado),
        grupo=row.grupo,
        cronograma=Cronograma.from_json(json.loads(row.cronograma)),
        umbral=row.umbral,
        k=row.k,
        intentos=row.intentos,
        creada=row.creada,
        abierta=row.abierta,
        cerrada=row.cerrada,
        computada=row.computada,
        publicada=row.publicada,
    )


def _unidad(row: Any) -> StoredUnidad:
    unidad = Unidad(row.clave, row.nombre, row.demarcacion, tuple(json.loads(row.proyectos)))
    return StoredUnidad(unidad, row.distrito, row.uuid, row.setup)
