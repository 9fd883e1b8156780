"""How far the mesa's decisions agree with what was suggested, counted as the first reviews are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from capture.reading.store_sql import SqlReadings
from capture.reading.tables import acuerdos
from capture.records.insertion import insert_if_absent

WHOLE = "-"
"""In the place of an inciso: the record as a whole."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the records with a reading that were reviewed, for one inciso.

    For WHOLE: `both` are the records of which nothing was suggested and nothing found; `only_suggested` those
    with a suggestion that the mesa found valid; `only_applied` those without one that it did not.
    """

    inciso: str
    both: int
    only_suggested: int
    only_applied: int


class SqlAgreement:
    """Counts within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, proceso: str, folio: str, applied: str | None, known: Iterable[str]) -> None:
        """A first review was made. `applied`: the inciso found, None for a valid record.

        `known`: the incisos that mean what the engines mean by them: an institute's own are not compared.
        """
        suggested = SqlReadings(self._connection).suggested(folio)
        comparable = frozenset(known)
        if suggested is None or (applied is not None and applied not in comparable):
            return
        suggested &= comparable
        if not suggested and applied is None:
            self._add(proceso, WHOLE, "ambos")
        elif not suggested or applied is None:
            self._add(proceso, WHOLE, "solo_sugerida" if applied is None else "solo_aplicada")
        # In one order: two reviews never wait for each other.
        for inciso in sorted(suggested | ({applied} if applied else set())):
            both = inciso in suggested and inciso == applied
            alone = "solo_sugerida" if inciso in suggested else "solo_aplicada"
            self._add(proceso, inciso, "ambos" if both else alone)

    def of(self, procesos: Sequence[str] | None = None) -> list[Agreement]:
        """By inciso; of all processes together when none are named."""
        a = acuerdos.c
        sums = (func.sum(a.ambos), func.sum(a.solo_sugerida), func.sum(a.solo_aplicada))
        wanted = select(a.inciso, *sums).group_by(a.inciso).order_by(a.inciso)
        if procesos is not None:
            wanted = wanted.where(a.proceso.in_(procesos))
        return [Agreement(inciso, *map(int, rest)) for inciso, *rest in self._connection.execute(wanted)]

    def _add(self, proceso: str, inciso: str, column: str) -> None:
        row = {"proceso": proceso, "inciso": inciso, "ambos": 0, "solo_sugerida": 0, "solo_aplicada": 0}
        insert_if_absent(self._connection, acuerdos, row)
        mine = (acuerdos.c.proceso == proceso) & (acuerdos.c.inciso == inciso)
        more = {column: acuerdos.c[column] + 1}
        self._connection.execute(update(acuerdos).where(mine).values(**more))
