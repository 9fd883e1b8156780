"""The versions of each periodo's criteria, in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from capture.mesa.catalogue import CAPTURA_MANUAL, DERFE, Catalogue, parse_rows, require_before_start
from capture.mesa.tables import catalogos_mesa
from capture.records.moves import Actor
from capture.records.ports import Acts, Done

MANUAL = "manual"


class SqlCatalogues:
    """Criteria within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def applied(self, periodo: str, modalidad: str) -> Catalogue:
        """What reviews of the periodo apply: the newest version, or the criteria of cédulas on paper."""
        if modalidad == MANUAL:
            return CAPTURA_MANUAL
        c = catalogos_mesa.c
        wanted = select(c.version, c.contenido).where(c.periodo == periodo).order_by(c.version.desc())
        row = self._connection.execute(wanted.limit(1)).first()
        return DERFE if row is None else parse_rows(row.contenido, row.version)

    def versions(self, periodo: str) -> list[Catalogue]:
        """All of them, the DERFE's own first."""
        c = catalogos_mesa.c
        wanted = select(c.version, c.contenido).where(c.periodo == periodo).order_by(c.version)
        return [DERFE, *(parse_rows(row.contenido, row.version) for row in self._connection.execute(wanted))]

    def publish(
        self, periodo: str, inicio: datetime, text: str, actor: Actor, now: datetime, acts: Acts
    ) -> Catalogue:
        """A new version, before the periodo starts at `inicio`. Raises MesaRefusal, FormatRefusal."""
        require_before_start(now, inicio)
        catalogue = parse_rows(text, self.applied(periodo, "").version + 1)
        self._connection.execute(
            insert(catalogos_mesa).values(
                periodo=periodo,
                version=catalogue.version,
                contenido=catalogue.encode(),
                publicado=now,
                publicado_por=actor.id,
            )
        )
        detail = {"version": str(catalogue.version)}
        acts.record(
            self._connection, Done(actor.id, actor.role, "criterios.cambio", periodo, now, detail=detail)
        )
        return catalogue
