"""The public folder of a consultation follows its rows: written after they are committed, never before.

The folder is what the world reads and the rows are what happened. Stopped anywhere, the next look goes on;
a file that is ahead of its rows is left alone: from the closing on the files are where urns are opened.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from api.consultas.ceremony import trustees_of
from api.consultas.places import Places
from ledger.database import Database
from tally.consulta.store_sql import Consultas, StoredUnidad
from tally.mesa import keys_sql as mesa_keys
from tally.store_sql import SqlArchive
from tally.tables import urna_bloques, urnas


class Publisher:
    """Of one consultation. One thread at a time; it remembers only how long the files are."""

    def __init__(self, database: Database, consulta: str, places: Places) -> None:
        self._database = database
        self._consulta = consulta
        self._places = places
        self._known: dict[str, int] = {}
        self._unidades: dict[str, StoredUnidad] = {}

    def publish(self) -> int:
        """Bring the files up to the rows, consulta.json last; how many urns had grown."""
        if not self._unidades:
            self._unidades = self._read_unidades()
        public, ceremony = self._places.public, self._places.ceremony
        if not public.trustees_file.exists():
            public.write(public.trustees_file, trustees_of(ceremony))
        grown = 0
        for uuid, end in self._ends().items():
            if self._known.get(uuid, -1) < end:
                self._known[uuid] = self._follow(uuid)
                grown += 1
        if not public.mesa_keys_file.exists():
            self._mesa_keys()
        if not public.consultation_file.exists():
            with self._database.reading() as db:
                data, _ = Consultas(db).announced(self._consulta)
            public.write(public.consultation_file, data)
        return grown

    def _mesa_keys(self) -> None:
        """Who may hand in encrypted totals, once that is fixed."""
        with self._database.reading() as db:
            if not mesa_keys.is_fixed(db, self._consulta):
                return
            data = mesa_keys.keys_of(db, self._consulta).data
        self._places.public.write(self._places.public.mesa_keys_file, data)

    def _read_unidades(self) -> dict[str, StoredUnidad]:
        with self._database.reading() as db:
            return {one.uuid: one for one in Consultas(db).unidades(self._consulta)}

    def _ends(self) -> dict[str, int]:
        """By uuid, where each urn ends in the rows."""
        mine = (
            select(urnas.c.uuid, func.max(urna_bloques.c.hasta).label("hasta"))
            .join(urna_bloques, urna_bloques.c.uuid == urnas.c.uuid)
            .where(urnas.c.consulta == self._consulta)
            .group_by(urnas.c.uuid)
        )
        with self._database.reading() as db:
            return {row.uuid: row.hasta for row in db.execute(mine)}

    def _follow(self, uuid: str) -> int:
        """Append what the file of one urn lacks; how long it is then."""
        unidad, public = self._unidades[uuid].unidad, self._places.public
        if not public.urn_file(unidad).exists():
            blocks = self._pieces(uuid, 0)
            public.create_archive(unidad, blocks)
            return len(blocks)
        with public.archive(unidad) as file:
            blocks = self._pieces(uuid, file.size)
            if blocks:
                file.append_atomically(file.size, blocks)
            return file.size

    def _pieces(self, uuid: str, since: int) -> bytes:
        with self._database.reading() as db:
            return b"".join(_joined(db, uuid, since))


def _joined(db: Connection, uuid: str, since: int) -> list[bytes]:
    """The pieces of an urn from a byte on. Of a piece that a crash cut in the file, the rest."""
    c = urna_bloques.c
    start = db.execute(
        select(func.max(c.desde)).where(c.uuid == uuid, c.desde <= since, c.hasta > since)
    ).scalar()
    if start is None:
        return []
    found = [content for _, content in SqlArchive(db, uuid).pieces(start)]
    return [found[0][since - start :], *found[1:]]
