"""Deliveries and packages in SQL, within one transaction. Every step goes through `steps.require_step`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from capture.processes.tables import periodos, procesos
from capture.records.ports import Acts, Done
from capture.results.errors import ResultsRefusal, UnknownDelivery
from capture.results.keys_sql import Doer
from capture.results.receipt import Receipt, require_manifest
from capture.results.steps import Corte, Evidence, Step, require_step
from capture.results.tables import entregas, paquetes, pasos_entrega


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery with the institute and the dates that it depends on."""

    id: str
    proceso: str
    corte: Corte
    notified: datetime | None
    periodo: str
    opl: str
    end: datetime


@dataclass(frozen=True, slots=True)
class Package:
    """A row of `paquetes`, as whoever made it knows it."""

    id: str
    tipo: str
    opl: str
    periodo: str
    proceso: str | None
    entrega: str | None
    ruta: str
    nombre: str
    llave: str
    manifiesto: str
    cifrado: str
    bytes: int
    autoridad: str
    """The vkey of who signed it."""
    hecho: datetime


class Deliveries:
    """Reads with any connection; what writes needs one that writes."""

    def __init__(self, connection: Connection, acts: Acts) -> None:
        self._connection = connection
        self._acts = acts

    def start(
        self, id_: str, proceso: str, corte: Corte, now: datetime, told: tuple[datetime, str] | None = None
    ) -> Delivery:
        """Begin one. `told`: when and with which oficio the OPL told that the audiencias were over.

        Raises ResultsRefusal: the capture is not over, the audiencias are not, or one is under way.
        """
        end, periodo, opl = self._of_process(proceso)
        if now < end:
            expected = f"el fin de la captación, {end.isoformat()}"
            raise ResultsRefusal("resultados.periodo_abierto", proceso, expected, now.isoformat())
        if corte is Corte.DEFINITIVO and told is None:
            raise ResultsRefusal(
                "resultados.audiencias", proceso, "la notificación de conclusión de las audiencias", "ninguna"
            )
        if self._in_force(proceso, corte) is not None:
            raise ResultsRefusal("resultados.en_curso", proceso, f"ninguna entrega {corte.value}", "una")
        told_at, oficio = told or (None, None)
        self._connection.execute(
            insert(entregas).values(
                id=id_, proceso=proceso, corte=corte.value, iniciada=now, notificada=told_at, oficio=oficio
            )
        )
        return Delivery(id_, proceso, corte, told_at, periodo, opl, end)

    def abandon(self, id_: str, who: Doer, reason: str, now: datetime) -> None:
        """Begin anew from A. Raises UnknownDelivery; ResultsRefusal once its package exists."""
        self.get(id_)
        if Step.E in self.done(id_):
            raise ResultsRefusal("resultados.entregada", "entrega", "una sin paquete", "una entregada")
        self._connection.execute(update(entregas).where(entregas.c.id == id_).values(abandonada=now))
        self._record(who, "resultados.abandonada", id_, now, reason)

    def get(self, id_: str) -> Delivery:
        """Raises UnknownDelivery for one that is not in force."""
        row = self._connection.execute(select(entregas).where(entregas.c.id == id_)).first()
        if row is None or row.abandonada is not None:
            raise UnknownDelivery("resultados.entrega", "entrega", "una en curso", "ninguna")
        end, periodo, opl = self._of_process(row.proceso)
        return Delivery(row.id, row.proceso, Corte(row.corte), row.notificada, periodo, opl, end)

    def of_process(self, proceso: str) -> list[Delivery]:
        """Those in force, preliminary first."""
        found = [self._in_force(proceso, corte) for corte in (Corte.PRELIMINAR, Corte.DEFINITIVO)]
        return [self.get(id_) for id_ in found if id_ is not None]

    def done(self, id_: str) -> dict[Step, Evidence]:
        """The steps that are done, with their evidence."""
        c = pasos_entrega.c
        rows = self._connection.execute(select(pasos_entrega).where(c.entrega == id_).order_by(c.paso))
        return {
            Step(r.paso): Evidence(r.instante, r.quien, json.loads(r.cifras), json.loads(r.datos))
            for r in rows
        }

    def do(self, id_: str, step: Step, evidence: Evidence, role: str) -> None:
        """Do a step. Raises ResultsRefusal; the acts hold its evidence."""
        self._lock(id_)
        require_step(step, evidence, self.done(id_))
        detail = {**{n: str(v) for n, v in evidence.counts.items()}, **evidence.facts}
        who = Doer(evidence.who, role)
        acto = self._record(
            who, f"resultados.paso-{step.value.lower()}", id_, evidence.instant, detail=detail
        )
        self._connection.execute(
            insert(pasos_entrega).values(
                entrega=id_,
                paso=step.value,
                instante=evidence.instant,
                quien=evidence.who,
                cifras=json.dumps(dict(evidence.counts), sort_keys=True),
                datos=json.dumps(dict(evidence.facts), sort_keys=True),
                acto=acto,
            )
        )

    def keep(self, package: Package, who: Doer) -> None:
        """A package was made."""
        self._connection.execute(insert(paquetes).values(**asdict(package)))
        detail = {"manifiesto": package.manifiesto, "cifrado": package.cifrado, "llave": package.llave}
        self._record(who, "resultados.paquete", package.id, package.hecho, detail=detail)

    def package(self, id_: str) -> Any:
        """The row. Raises UnknownDelivery."""
        row = self._connection.execute(select(paquetes).where(paquetes.c.id == id_)).first()
        if row is None:
            raise UnknownDelivery("resultados.paquete", "paquete", "uno generado", "ninguno")
        return row

    def downloaded(self, id_: str, who: Doer, now: datetime) -> None:
        """Somebody took it: an act each time."""
        self._record(who, "resultados.descarga", id_, now)

    def receive(self, id_: str, manifest: str, who: Doer, now: datetime) -> Receipt:
        """The OPL's receipt; again, the same one. Its leaf is the caller's to put.

        `manifest`: the SHA-256 that the OPL found after decrypting. Raises ResultsRefusal for another one.
        """
        row = self.package(id_)
        require_manifest(manifest, row.manifiesto)
        if row.recibido is not None:
            return self._receipt(row, row.recibido_por, row.recibido)
        moment = now.replace(microsecond=now.microsecond // 1000 * 1000)
        made = self._receipt(row, who.account, moment)
        mine = update(paquetes).where(paquetes.c.id == id_, paquetes.c.recibido.is_(None))
        values = {"recibido": moment, "recibido_por": who.account, "acuse": made.encode().decode()}
        self._connection.execute(mine.values(**values))
        self._record(who, "resultados.recepcion", id_, now, detail={"manifiesto": row.manifiesto})
        return made

    def delivered(self, proceso: str) -> datetime | None:
        """When the definitive package of a process was made: it starts access, consultation and retention."""
        return delivered(self._connection, proceso)

    def periodo_of(self, proceso: str) -> str:
        """The periodo of a process. Raises ResultsRefusal."""
        return self._of_process(proceso)[1]

    def opl_of(self, periodo: str) -> str:
        """Whose periodo it is. Raises ResultsRefusal."""
        found = self._connection.execute(select(periodos.c.opl).where(periodos.c.id == periodo)).scalar()
        if found is None:
            raise ResultsRefusal("resultados.periodo", "periodo", "uno registrado", "ninguno")
        return str(found)

    def packages(self, periodo: str) -> list[Any]:
        """The packages of a periodo, newest first."""
        mine = select(paquetes).where(paquetes.c.periodo == periodo, paquetes.c.tipo != "requerimiento")
        return list(self._connection.execute(mine.order_by(paquetes.c.hecho.desc(), paquetes.c.id)))

    def _receipt(self, row: Any, account: str, moment: datetime) -> Receipt:
        known = (row.opl, row.periodo, row.proceso, row.tipo, row.cifrado, row.manifiesto)
        return Receipt(*known, account, moment)

    def _lock(self, id_: str) -> None:
        row = self._connection.execute(select(entregas.c.id).where(entregas.c.id == id_).with_for_update())
        if row.first() is None:
            raise UnknownDelivery("resultados.entrega", "entrega", "una en curso", "ninguna")

    def _in_force(self, proceso: str, corte: Corte) -> str | None:
        mine = (
            entregas.c.proceso == proceso,
            entregas.c.corte == corte.value,
            entregas.c.abandonada.is_(None),
        )
        return self._connection.execute(select(entregas.c.id).where(*mine)).scalar()

    def _of_process(self, proceso: str) -> tuple[datetime, str, str]:
        wanted = select(periodos.c.fin, periodos.c.id, periodos.c.opl).join(
            procesos, procesos.c.periodo == periodos.c.id
        )
        row = self._connection.execute(wanted.where(procesos.c.folio == proceso)).first()
        if row is None:
            raise ResultsRefusal("resultados.proceso", "proceso", "uno registrado", "ninguno")
        return row[0], row[1], row[2]

    def _record(
        self,
        who: Doer,
        kind: str,
        target: str,
        now: datetime,
        reason: str = "",
        detail: dict[str, str] | None = None,
    ) -> str:
        act = Done(who.account, who.role, kind, target, now, reason, detail or {})
        return self._acts.record(self._connection, act)


def delivered(connection: Connection, proceso: str) -> datetime | None:
    """When the definitive package of a process was made, None before."""
    mine = (paquetes.c.proceso == proceso, paquetes.c.tipo == Corte.DEFINITIVO.value)
    return connection.execute(select(paquetes.c.hecho).where(*mine)).scalar()
