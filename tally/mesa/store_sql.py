"""Mesas in SQL, within one transaction: keys, captures with their corrections, actas de escrutinio."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from tally.mesa.count import MesaCount, require
from tally.mesa.errors import MesaSettled
from tally.mesa.escrutinio import Escrutinio
from tally.mesa.tables import mesa_capturas, mesa_escrutinios, mesa_llaves
from tally.setup import Unidad
from tally.small_urns_mesa import MesaKeys, MesaTotals, hexadecimal

CLEAR, SEALED = "clara", "cifrada"
_C, _E, _L = mesa_capturas.c, mesa_escrutinios.c, mesa_llaves.c


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture. `data`: the canonical bytes of a MesaCount («clara») or of a MesaTotals («cifrada»)."""

    unidad: str
    version: int
    mode: str
    received: int
    spare: int
    total: int
    data: bytes
    at: datetime
    by: str


class SqlMesas:
    """The Mesas of one consultation."""

    def __init__(self, connection: Connection, consultation: str) -> None:
        self._connection, self._consultation = connection, consultation

    def register_key(self, demarcacion: str, key: str, by: str, now: datetime) -> None:
        """The key of who captures in a demarcación; once. Raises MesaRefusal for a second one."""
        hexadecimal(key, 32, "llave")
        found = dict(self.keys().keys).get(demarcacion)
        require(found in (None, key), "mesa.llave", demarcacion, "la llave ya registrada", "otra")
        if found is None:
            values = {"demarcacion": demarcacion, "llave": key, "registrada": now, "registrada_por": by}
            self._connection.execute(insert(mesa_llaves).values(consulta=self._consultation, **values))

    def keys(self) -> MesaKeys:
        """All keys, as `mesas/llaves.json` tells them."""
        rows = self._connection.execute(
            select(_L.demarcacion, _L.llave).where(_L.consulta == self._consultation)
        )
        return MesaKeys(self._consultation, tuple(sorted((name, key) for name, key in rows)))

    def capture(self, unidad: Unidad, count: MesaCount, by: str, now: datetime) -> int:
        """Keep a count in clear; its version. Raises MesaRefusal when the acta was issued already.

        Only of a UT whose urn is opened alone: who calls knows (tally/small_urns.py).
        """
        count.require_fits(unidad)
        papers = (count.received, count.spare, count.total)
        return self._keep(unidad.clave, CLEAR, papers, count.data, by, now)

    def capture_sealed(self, mesa: MesaTotals, by: str, now: datetime) -> int:
        """Keep encrypted totals that were checked (tally/small_urns_receiving.py); their version."""
        papers = (mesa.received, mesa.spare, mesa.total)
        return self._keep(mesa.clave, SEALED, papers, mesa.data, by, now)

    def _keep(
        self, clave: str, mode: str, papers: tuple[int, int, int], data: bytes, by: str, now: datetime
    ) -> int:
        self._require_open(clave)
        before = self.last(clave)
        same = before is None or before.mode == mode
        require(same, "mesa.modo", f"UT {clave}", before.mode if before else mode, mode)
        version = 1 if before is None else before.version + 1
        received, spare, total = papers
        values = {"recibidas": received, "sobrantes": spare, "total": total, "datos": data}
        self._connection.execute(
            insert(mesa_capturas).values(
                consulta=self._consultation,
                unidad=clave,
                version=version,
                modo=mode,
                capturada=now,
                capturada_por=by,
                **values,
            )
        )
        return version

    def last(self, clave: str) -> Capture | None:
        """The capture that counts."""
        newest = select(func.max(_C.version)).where(_C.consulta == self._consultation, _C.unidad == clave)
        found = self._connection.execute(
            select(mesa_capturas).where(
                _C.consulta == self._consultation,
                _C.unidad == clave,
                _C.version == newest.scalar_subquery(),
            )
        ).first()
        return None if found is None else _capture(found)

    def all_last(self) -> dict[str, Capture]:
        """The captures that count, by UT."""
        c = mesa_capturas.alias().c
        newest = select(func.max(c.version)).where(c.consulta == _C.consulta, c.unidad == _C.unidad)
        mine = (_C.consulta == self._consultation, _C.version == newest.scalar_subquery())
        rows = self._connection.execute(select(mesa_capturas).where(*mine))
        return {row.unidad: _capture(row) for row in rows}

    def captured(self) -> list[str]:
        """Claves of the UTs whose Mesa was captured, in order."""
        rows = self._connection.execute(
            select(_C.unidad).where(_C.consulta == self._consultation).distinct().order_by(_C.unidad)
        )
        return [clave for (clave,) in rows]

    def issue(self, acta: Escrutinio, by: str, now: datetime) -> None:
        """Keep an acta; the same again changes nothing. Raises MesaSettled for another."""
        found = self.escrutinio(acta.unidad.clave)
        if found not in (None, acta.data):
            raise MesaSettled("escrutinio.emitido", acta.place, "el acta ya emitida", "otra")
        if found is None:
            values = {"documento": acta.data, "sha256": acta.sha256, "emitido": now, "emitido_por": by}
            clave = acta.unidad.clave
            self._connection.execute(
                insert(mesa_escrutinios).values(consulta=self._consultation, unidad=clave, **values)
            )

    def escrutinio(self, clave: str) -> bytes | None:
        """The acta de escrutinio y cómputo of a UT, once it was issued."""
        found = self._connection.execute(
            select(_E.documento).where(_E.consulta == self._consultation, _E.unidad == clave)
        ).scalar()
        return None if found is None else bytes(found)

    def issued(self) -> dict[str, datetime]:
        """When the acta of each UT that has one was issued."""
        rows = self._connection.execute(
            select(_E.unidad, _E.emitido).where(_E.consulta == self._consultation).order_by(_E.unidad)
        )
        return {row.unidad: row.emitido for row in rows}

    def _require_open(self, clave: str) -> None:
        if self.escrutinio(clave) is not None:
            expected = "una Mesa sin acta de escrutinio"
            raise MesaSettled("mesa.cerrada", f"UT {clave}", expected, "ya tiene acta")


def _capture(row: Row[Any]) -> Capture:
    return Capture(
        row.unidad,
        row.version,
        row.modo,
        row.recibidas,
        row.sobrantes,
        row.total,
        bytes(row.datos),
        row.capturada,
        row.capturada_por,
    )
