"""The job after reception. Stopped at any point, it can run again: nothing is lost, nothing done twice.

Each step reads and computes outside of any transaction, and settles in one. Of two workers with the same
request the later one finds it changed, and leaves it. Only when the blob store, the bóveda, the engines or
the lista nominal cannot be reached does a request stay where it is.
"""

from __future__ import annotations

from collections.abc import Callable

from capture.preregistro.deciding import Deciding
from capture.preregistro.judging import Judging
from capture.preregistro.ports import Terms
from capture.preregistro.states import EstadoSolicitud
from capture.preregistro.store_sql import waiting
from capture.preregistro.tools import Tools
from keys.errors import Refusal

_PAGE = 100


class Processing:
    """Takes the requests of one consultation as far as they go without a person."""

    def __init__(self, tools: Tools, terms: Terms) -> None:
        self._tools = tools
        self._consulta, self._cierre = terms.consulta, terms.cierre
        self._judging, self._deciding = Judging(tools, terms), Deciding(tools, terms)

    def run(self) -> int:
        """Everything that waits; how many steps were done. What cannot be done now stops nothing else."""
        judged = self._all(EstadoSolicitud.RECIBIDA, self._judging.judge)
        if self._tools.clock() >= self._cierre:
            judged += self._all(EstadoSolicitud.REINTENTO, self._judging.give_up)
        if not self._deciding.is_ready:
            return judged
        return judged + self._all(EstadoSolicitud.POR_COTEJAR, self._deciding.decide)

    def _all(self, estado: EstadoSolicitud, work: Callable[[str], bool]) -> int:
        done, after = 0, ""
        while page := self._page(estado, after):
            after = page[-1]
            done += sum(self._tried(work, folio) for folio in page)
        return done

    def _tried(self, work: Callable[[str], bool], folio: str) -> bool:
        try:
            return work(folio)
        except (OSError, Refusal):
            return False  # it waits for another run

    def _page(self, estado: EstadoSolicitud, after: str) -> list[str]:
        with self._tools.database.reading() as db:
            return waiting(db, self._consulta, estado, after, _PAGE)
