"""What the SQL tables of all rooms share: names of constraints, instants, and how an engine is opened.

SQLite is durable at every commit (WAL, full synchronisation) and checks foreign keys; PostgreSQL is used with
psycopg 3. Tables belong to the room that defines them; a room has one `MetaData`, made with `new_metadata`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ledger.fair_lock import lock_of
from ledger.limits import LOST_SECONDS

WAIT = 10.0
"""Seconds that SQLite waits for a writer of another process, unless the address says `?timeout=`."""
RESTED_SECONDS = 1.0
"""Seconds after which a connection to PostgreSQL is asked whether it is still there."""
_RESTED = "certeza_rested"
TURN = 60.0
"""Seconds that a thread waits until it may write to an SQLite file, unless the address says more: those
before it have each their own."""
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> MetaData:
    """Where a room registers its tables; constraints have names that a migration can speak of."""
    return MetaData(naming_convention=_NAMES)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as whole microseconds since 1970 in UTC: the same order in every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuse a naive datetime: nobody knows which instant it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"instante sin zona horaria: {value.isoformat()}")
        since = value.astimezone(UTC) - _EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """In UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


Serial = BigInteger().with_variant(Integer(), "sqlite")
"""The type of a primary key that the database numbers: SQLite only numbers an INTEGER."""
_READS = "certeza_reads"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def open_engine(url: str, pool: int = 10) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…`; at most `pool` connections stay open.

    On SQLite a transaction that may write takes the lock at once: one that reads and then writes never fails
    half-way. Raises sqlalchemy.exc.ArgumentError for another kind of address.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        wait = {} if "timeout" in address.query else {"timeout": WAIT}
        engine = create_engine(address, connect_args=wait, pool_size=pool, max_overflow=pool)
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
        return engine
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    patience = {
        "connect_timeout": 10,
        "keepalives_idle": LOST_SECONDS,
        "tcp_user_timeout": LOST_SECONDS * 1000,
    }
    engine = create_engine(address, connect_args=patience, pool_size=pool, max_overflow=pool)
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", partial(_require_alive, engine.dialect))
    return engine


def _rest(_connection: Any, record: Any) -> None:
    record.info[_RESTED] = monotonic()


def _require_alive(dialect: Any, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask the server before a connection that has rested is used: it may have started anew meanwhile.

    One that was used a moment ago is not asked: with much to do, each look would take twice as long.
    """
    rested = record.info.get(_RESTED)
    if rested is None or monotonic() - rested < RESTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _durable(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin` says so
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


class Database:
    """An engine's transactions, each of which says whether it writes. Safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        self._writers = lock_of(Path(file)) if file and file != ":memory:" else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view, on SQLite without getting in the way of a writer. Nothing is kept."""
        with self.engine.connect() as connection:
            yield connection.execution_options(**{_READS: True})

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: durable when the block ends, undone when it raises.

        Raises sqlalchemy.exc.TimeoutError when no turn to write came, RuntimeError inside another one's block
        (SQLite).
        """
        with self._turn(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """To write to an SQLite file; PostgreSQL has writers enough."""
        with ExitStack() as held:
            if self._writers is not None:
                asked = float(str(self.engine.url.query.get("timeout", 0)))
                try:
                    held.enter_context(self._writers.held(max(TURN, asked)))
                except TimeoutError as error:
                    raise PoolTimeout(str(error)) from error
            yield
