"""The openings of each consultation as they go on, of its urns and of the sums with the Mesas: shares that
arrived, and their verdicts.

Rows say what became of each file and the files lie beside them; what is in memory is only to save checking
them again. A file is kept before it is judged, so that a verdict always has its file.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from sqlalchemy import Connection

from api.consultas.places import Places, places_of
from api.settings import Settings
from keys import atomic_file
from keys.errors import Refusal
from ledger.database import Database
from tally.consulta import states
from tally.consulta.shares_sql import Aportacion, Aportaciones
from tally.consulta.states import Estado
from tally.consulta.store_sql import Consultas
from tally.errors import OpeningRefusal
from tally.mesa import states as mesa_states
from tally.mesa.stages_sql import Stages
from tally.mesa.states import Etapa
from tally.receiving import Opening, Verdict
from tally.shares import OPENING, SUMS, ShareHeading
from tally.small_urns_receiving import SumOpening

MAX_SHARE = 256 * 2**20
KINDS: dict[str, type[Opening]] = {OPENING: Opening, SUMS: SumOpening}
"""What is opened with each kind of share."""


class Openings:
    """Of all consultations, in this process. Shares are judged one at a time."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._openings: dict[tuple[str, str], Opening] = {}
        self.turn = RLock()
        """Held while a share is judged or urns are opened: by one thread, as often as it likes."""

    def receive(
        self, consulta: str, seat: tuple[int, str], data: bytes, now: datetime, kind: str = OPENING
    ) -> Aportacion:
        """Judge a file whole. `seat`: index and account of who hands it in; `kind`: OPENING or SUMS.

        A wrong file is a verdict, which is kept; the same file again gets the same one. Raises Refusal for
        what is not about the file, and for one that says it is another custodio's.
        """
        index, account = seat
        digest = hashlib.sha256(data).hexdigest()
        with self.turn:
            with self._database.reading() as db:
                _require_due(db, consulta, kind)
                if (known := Aportaciones(db, consulta, kind).get(digest)) is not None:
                    return known
            _require_own(data, index)
            opening = self._opening(consulta, now, kind)
            file = _file(self._places(consulta), digest)
            file.parent.mkdir(parents=True, exist_ok=True)
            atomic_file.replace(file, data)
            verdict = opening.receive(file, now)
            made = Verdict(verdict.trustee or index, verdict.sha256, verdict.reason)
            with self._database.writing() as db:
                Aportaciones(db, consulta, kind).add(made, account, now)
            return Aportacion(made.trustee, digest, now.astimezone(UTC), made.reason)

    def open_all(self, consulta: str, now: datetime, kind: str = OPENING) -> Opening:
        """Open all urns, or all sums, with the shares that arrived. Raises OpeningRefusal; then none is open.

        Shares that do not fit the others get their refusal, whether the urns open or not.
        """
        with self.turn:
            opening = self._opening(consulta, now, kind)
            before = {v.sha256 for v in opening.verdicts if v.accepted}
            try:
                opening.open_all()
            finally:
                aside = [v for v in opening.verdicts if v.sha256 in before and not v.accepted]
                with self._database.writing() as db:
                    for verdict in aside:
                        Aportaciones(db, consulta, kind).set_aside(verdict)
            return opening

    def _opening(self, consulta: str, now: datetime, kind: str) -> Opening:
        """The one in memory, or made anew from rows and files."""
        if (consulta, kind) not in self._openings:
            places = self._places(consulta)
            made = KINDS[kind](places.public, places.public.consultation())
            with self._database.reading() as db:
                known = Aportaciones(db, consulta, kind).all()
            for one in known:
                if one.motivo is None:
                    made.receive(_file(places, one.sha256), now)
                else:
                    made.verdicts.append(Verdict(one.custodio, one.sha256, one.motivo))
            self._openings[consulta, kind] = made
        return self._openings[consulta, kind]

    def _places(self, consulta: str) -> Places:
        return places_of(self._settings, consulta)


def _require_due(db: Connection, consulta: str, kind: str) -> None:
    """Shares of this kind are received now. Raises NoConsulta, ConsultaRefusal, MesaSettled."""
    estado = Consultas(db).get(consulta).estado
    if kind == OPENING:
        states.require(estado, Estado.CERRADA, "aportacion", consulta)
    else:
        mesa_states.require(Stages(db, consulta).now(), Etapa.SUMADA, "aportacion", consulta)


def _file(places: Places, digest: str) -> Path:
    return places.shares / f"{digest}.jsonl"


def _require_own(data: bytes, index: int) -> None:
    """A file that can be read says whose it is: nobody hands another's in. One that cannot is judged."""
    try:
        heading = ShareHeading.from_line(data.partition(b"\n")[0] + b"\n", "aportación")
    except Refusal:
        return  # its form is judged with the rest of it
    if heading.trustee != index:
        raise OpeningRefusal("aportacion.custodio", "aportación", f"la del custodio {index}", heading.trustee)
