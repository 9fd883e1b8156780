"""What reviewers find: the first review moves the record, the second is only compared, the enlace settles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from capture.mesa.assignments_sql import FIRST, SECOND, SETTLED, SqlAssignments
from capture.mesa.catalogue import Catalogue, Outcome, comparable, require_outcome
from capture.mesa.catalogues_sql import SqlCatalogues
from capture.mesa.errors import MesaRefusal
from capture.mesa.second_look import VALID
from capture.mesa.tables import muestra_registros, revisiones
from capture.reading.agreement_sql import SqlAgreement
from capture.records.moves import Actor, Changes, Move
from capture.records.record import Record
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords

_R = revisiones.c


@dataclass(frozen=True, slots=True)
class Seen:
    """One review. `detalle` includes what the operator specified."""

    vuelta: int
    operador: str
    cuando: datetime
    inciso: str | None
    detalle: str | None
    catalogo: int

    @property
    def category(self) -> str:
        """What is compared: the inciso, or VALID."""
        return self.inciso or VALID


class Reviewing:
    """Reviews within one transaction that writes. `periodo_of` gives the periodo of a process."""

    def __init__(
        self,
        connection: Connection,
        records: SqlRecords,
        assignments: SqlAssignments,
        periodo_of: Callable[[Connection, str], str],
    ) -> None:
        self._connection = connection
        self._records = records
        self._assignments = assignments
        self._periodo_of = periodo_of

    def review(self, folio: str, outcome: Outcome, operator: Actor, now: datetime) -> Estado:
        """Keep what the operator found of a record they were assigned; the state of the record then.

        Raises MesaRefusal, UnknownRecord, StateChanged (an earlier record of the same person came in).
        """
        assignment = self._assignments.require_held(folio, operator.id)
        record = self._records.lock(folio)
        if assignment.vuelta == SECOND:
            self._require_other(folio, operator)
        changes = self._keep(record, assignment.vuelta, outcome, operator, now)
        self._assignments.close(assignment, now)
        if assignment.vuelta == SECOND:
            return record.estado
        known = comparable(self._catalogue(record))
        SqlAgreement(self._connection).count(record.proceso, folio, outcome.inciso, known)
        return self._move(record, Estado.EN_MESA, Causa.REVISION, changes, operator, now)

    def settle(self, folio: str, outcome: Outcome, enlace: Actor, now: datetime) -> Estado:
        """The enlace's word where two reviews differ; the state of the record then. Raises MesaRefusal."""
        record = self._records.lock(folio)
        seen = self.reviews(folio)
        if not is_disagreement(seen):
            expected = "dos revisiones distintas que nadie ha resuelto"
            raise MesaRefusal("mesa.discrepancia", f"registro {folio}", expected, f"{len(seen)} revisiones")
        if enlace.id in {one.operador for one in seen}:
            expected = "alguien que no haya hecho ninguna de las dos"
            raise MesaRefusal("mesa.independencia", f"registro {folio}", expected, enlace.id)
        changes = self._keep(record, SETTLED, outcome, enlace, now)
        valid_now = record.inciso is None and record.estado is not Estado.CON_INCONSISTENCIA
        if valid_now if outcome.valid else record.inciso == outcome.inciso:
            return record.estado
        return self._move(record, record.estado, Causa.SEGUNDA_REVISION, changes, enlace, now)

    def reviews(self, folio: str) -> list[Seen]:
        """All reviews of a record, in order."""
        return reviews_of(self._connection, folio)

    def _require_other(self, folio: str, operator: Actor) -> None:
        if any(one.operador == operator.id for one in self.reviews(folio)):
            expected = "otra persona que la de la primera revisión"
            raise MesaRefusal("mesa.independencia", f"registro {folio}", expected, operator.id)

    def _keep(self, record: Record, vuelta: int, outcome: Outcome, operator: Actor, now: datetime) -> Changes:
        catalogue = self._catalogue(record)
        found = require_outcome(catalogue, outcome)
        changes = Changes(catalogo=catalogue.version)
        if found is not None:
            row, detail = found
            changes |= Changes(inciso=row.inciso, tipo_inconsistencia=row.tipo, detalle_inconsistencia=detail)
        self._connection.execute(
            insert(revisiones).values(
                folio=record.folio,
                vuelta=vuelta,
                operador=operator.id,
                cuando=now,
                valido=outcome.valid,
                inciso=changes.get("inciso"),
                detalle=changes.get("detalle_inconsistencia"),
                catalogo=catalogue.version,
                muestra=self._sample_of(record.folio) if vuelta != FIRST else None,
            )
        )
        return changes

    def _catalogue(self, record: Record) -> Catalogue:
        periodo = self._periodo_of(self._connection, record.proceso)
        return SqlCatalogues(self._connection).applied(periodo, record.modalidad)

    def _sample_of(self, folio: str) -> str | None:
        m = muestra_registros.c
        return self._connection.execute(select(m.muestra).where(m.folio == folio)).scalar()

    def _move(
        self, record: Record, de: Estado, causa: Causa, changes: Changes, actor: Actor, now: datetime
    ) -> Estado:
        a = Estado.CON_INCONSISTENCIA if "inciso" in changes else Estado.PARA_COMPULSA
        self._records.transition(Move(record.folio, de, a, actor, now, causa, changes=changes))
        return a


def is_disagreement(seen: list[Seen]) -> bool:
    """Whether first and second review differ and nobody has settled it."""
    by_turn = {one.vuelta: one.category for one in seen}
    return (
        SETTLED not in by_turn and FIRST in by_turn and by_turn.get(SECOND, by_turn[FIRST]) != by_turn[FIRST]
    )


def reviews_of(connection: Connection, folio: str) -> list[Seen]:
    """All reviews of a record, in order."""
    columns = (_R.vuelta, _R.operador, _R.cuando, _R.inciso, _R.detalle, _R.catalogo)
    wanted = select(*columns).where(_R.folio == folio).order_by(_R.id)
    return [Seen(*row) for row in connection.execute(wanted)]
