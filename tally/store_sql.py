"""Archives as rows: `ArchiveStore` over `urna_bloques`, in any database, from any process.

Nothing is remembered between two calls: an urn is what its committed rows say. Whoever adds locks the urn's
row first, so that acts on one urn take turns; the primary key refuses whatever the lock would ever miss.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import Connection, and_, func, insert, select
from sqlalchemy.exc import IntegrityError

from ledger.database import Database
from tally.archive import BLOCK, members, padded
from tally.errors import StoreDamaged, StoreError, StoreMoved
from tally.events import Event
from tally.tables import urna_bloques, urnas

_EVENT = b".event.json"


@dataclass(frozen=True, slots=True)
class Head:
    """Where an archive ends (bytes), and its last event."""

    end: int
    event: Event


@dataclass(frozen=True, slots=True)
class Piece:
    """What is added to an urn that ends at `end` bytes; its last event is `last`."""

    uuid: str
    end: int
    blocks: bytes
    last: Event


class SqlArchive:
    """One urn in the caller's transaction: what is added is durable when that ends, or was never there."""

    def __init__(self, connection: Connection, uuid: str) -> None:
        self._db = connection
        self._uuid = uuid

    def lock(self) -> Head:
        """Its end, with no other act on the urn until the transaction ends. Raises StoreError."""
        return lock_urns(self._db, [self._uuid])[self._uuid]

    def head(self) -> Head:
        """Its end as this transaction sees it. Raises StoreError without an urn."""
        return heads(self._db, [self._uuid])[self._uuid]

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self.head().end

    @contextmanager
    def read(self) -> Iterator[BinaryIO]:
        """See `ArchiveReader`."""
        yield io.BytesIO(b"".join(content for _, content in self.pieces()))

    def pieces(self, since: int = 0) -> Iterator[tuple[int, bytes]]:
        """(offset, bytes) of each piece from `since` on. Raises StoreDamaged when they do not join there."""
        c = urna_bloques.c
        rows = select(c.desde, c.hasta, c.contenido).where(c.uuid == self._uuid, c.desde >= since)
        at = since
        for row in self._db.execute(rows.order_by(c.desde)):
            if row.desde != at or row.hasta - row.desde != len(row.contenido):
                raise StoreDamaged(self._uuid, f"las piezas no se continúan en el byte {at}")
            yield row.desde, bytes(row.contenido)
            at = row.hasta

    def append(self, end: int, blocks: bytes) -> None:
        """See `ArchiveStore`."""
        found = self.lock().end
        if found != end:
            raise StoreMoved(self._uuid, f"se leyó hasta el byte {end} y ahora tiene {found}")
        self.add(end, blocks, last_event(blocks))

    append_atomically = append

    def add(self, end: int, blocks: bytes, last: Event) -> None:
        """Add a piece whose last event is `last` to an urn that is locked. Raises StoreMoved."""
        add_pieces(self._db, [Piece(self._uuid, end, blocks, last)])


class DatabaseArchive:
    """One urn, each act in a transaction of its own: what a method returns from is durable."""

    def __init__(self, database: Database, uuid: str) -> None:
        self._database = database
        self._uuid = uuid

    @contextmanager
    def read(self) -> Iterator[BinaryIO]:
        """See `ArchiveReader`."""
        with self._database.reading() as db, SqlArchive(db, self._uuid).read() as stream:
            yield stream

    @property
    def size(self) -> int:
        """Length in bytes."""
        with self._database.reading() as db:
            return SqlArchive(db, self._uuid).size

    def append(self, end: int, blocks: bytes) -> None:
        """See `ArchiveStore`."""
        with self._database.writing() as db:
            SqlArchive(db, self._uuid).append(end, blocks)

    append_atomically = append


def create_urn(connection: Connection, uuid: str, consulta: str, unidad: str, blocks: bytes) -> None:
    """A new urn, its Setup in `blocks`. Raises StoreError when there is one already."""
    last = None
    for member in members(io.BytesIO(blocks), f"urna {unidad}"):
        last = member if member.kind == "event" else last
    if last is None or last.end != len(blocks):
        raise StoreError(uuid, "los bloques de una urna nueva terminan con su evento")
    try:
        connection.execute(insert(urnas).values(uuid=uuid, consulta=consulta, unidad=unidad))
    except IntegrityError as error:
        raise StoreError(uuid, "la urna ya existe") from error
    SqlArchive(connection, uuid).add(0, blocks, Event.from_bytes(last.content, f"urna {unidad}"))


def urns_of(connection: Connection, consulta: str) -> list[tuple[str, str]]:
    """(clave of the UT, uuid) of the urns of a consultation, sorted."""
    mine = select(urnas.c.unidad, urnas.c.uuid).where(urnas.c.consulta == consulta)
    return [(row.unidad, row.uuid) for row in connection.execute(mine.order_by(urnas.c.unidad))]


def lock_urns(connection: Connection, uuids: Collection[str]) -> dict[str, Head]:
    """The ends of urns, with no other act on them until the transaction ends. Raises StoreError.

    Two statements: what is looked at under the locks must be as it is once they are held.
    """
    c = urnas.c
    theirs = select(c.uuid).where(c.uuid.in_(sorted(uuids))).order_by(c.uuid).with_for_update()
    connection.execute(theirs).all()
    return heads(connection, uuids)


def heads(connection: Connection, uuids: Collection[str]) -> dict[str, Head]:
    """The ends of urns as this transaction sees them. Raises StoreError when one is not there."""
    c, other = urna_bloques.c, urna_bloques.alias()
    last = select(func.max(other.c.desde)).where(other.c.uuid == urnas.c.uuid).scalar_subquery()
    ends = (
        select(urnas.c.uuid, c.hasta, c.evento)
        .select_from(urnas)
        .join(urna_bloques, and_(c.uuid == urnas.c.uuid, c.desde == last))
        .where(urnas.c.uuid.in_(sorted(uuids)))
    )
    found = {
        row.uuid: Head(row.hasta, Event.from_bytes(row.evento.encode(), f"urna {row.uuid}"))
        for row in connection.execute(ends)
    }
    for missing in sorted(set(uuids) - set(found)):
        raise StoreError(missing, "no hay una urna con ese identificador")
    return found


def add_pieces(connection: Connection, pieces: Sequence[Piece]) -> None:
    """Add to urns that are locked; several pieces of one in their order. Raises StoreMoved."""
    rows = [
        {
            "uuid": piece.uuid,
            "desde": piece.end,
            "hasta": piece.end + len(piece.blocks),
            "evento": piece.last.data.decode(),
            "contenido": piece.blocks,
        }
        for piece in pieces
    ]
    if not rows:
        return
    try:
        connection.execute(insert(urna_bloques), rows)
    except IntegrityError as error:
        raise StoreMoved(pieces[0].uuid, f"otro acto agregó en el byte {pieces[0].end}") from error


def last_event(blocks: bytes) -> Event:
    """The event that blocks to append end with. Raises StoreError when they do not."""
    at, name, content = 0, b"", b""
    while at < len(blocks):
        name, size = blocks[at : at + 100].rstrip(b"\0"), int(blocks[at + 124 : at + 135], 8)
        content = blocks[at + BLOCK : at + BLOCK + size]
        at += BLOCK + padded(size)
    if at != len(blocks) or not name.endswith(_EVENT):
        raise StoreError("urna", "lo que se agrega termina con un evento entero")
    return Event.from_bytes(content, "evento")
