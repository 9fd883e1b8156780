"""Killed between any two steps, receiving comes out the same on the next try (APO-12, APO-13, APO-16)."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import Barrier, Lock

import pytest
from sqlalchemy import Connection, func, select

from capture.blobs import FolderBlobs
from capture.intake.errors import IntakeRefusal
from capture.intake.receiving import Doors, Receiving, body_path
from capture.intake.sender import Sender
from capture.limits import CaptureLimits
from capture.packet.envelope import Envelope
from capture.records.tables import registros, transiciones
from ledger.acuse import Acuse, entry_of
from ledger.database import Database
from ledger.errors import NotPublished
from tests.capture.intake.registering import Registered, register
from tests.capture.packet.making import NOON, packet
from tests.capture.records.making import ListedActs


class Killed(BaseException):
    """The process is gone: nothing in it catches this."""


@dataclass
class Steps:
    """Kills at one step, counted over all ports; before (even) or after (odd) it took effect."""

    at: int | None = None
    reached: list[str] = field(default_factory=list)

    def around(self, name: str, act: Callable[[], None]) -> None:
        self._reach(f"before {name}")
        act()
        self._reach(f"after {name}")

    def _reach(self, name: str) -> None:
        self.reached.append(name)
        if self.at == len(self.reached) - 1:
            raise Killed(name)


class FaultyBlobs(FolderBlobs):
    def __init__(self, root: Path, steps: Steps) -> None:
        super().__init__(root)
        self.steps = steps

    def adopt(self, path: str, file: Path) -> None:
        self.steps.around("body", lambda: super(FaultyBlobs, self).adopt(path, file))


@dataclass
class World:
    """What outlives the process: blobs, database, the log. `waiting` is written in the transaction."""

    database: Database
    folder: Path
    log: dict[bytes, bytes] = field(default_factory=dict)
    acts: ListedActs = field(default_factory=ListedActs)
    notices: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def receiving(self, steps: Steps) -> Receiving:
        """A new process."""
        doors = Doors(
            database=self.database,
            blobs=FaultyBlobs(self.folder / "blobs", steps),
            acts=self.acts,
            notices=Noticed(self, steps),
            leaves=Waiting(steps),
            journal=Logged(self, steps),
            limits=CaptureLimits(),
            clock=lambda: NOON,
            random=os.urandom,
        )
        return Receiving(doors)

    def upload(self, body: bytes) -> Path:
        """A complete partial file, as the edge leaves it."""
        path = self.folder / f"carga-{os.urandom(4).hex()}"
        path.write_bytes(body)
        return path


@dataclass
class Noticed:
    world: World
    steps: Steps

    def received(self, connection: Connection, acuse: Acuse, sender: Sender) -> None:
        self.steps.around("notice", lambda: self.world.notices.append(acuse.folio))


@dataclass
class Waiting:
    steps: Steps

    def put(self, connection: Connection, key: bytes, entry: bytes) -> None:
        self.steps.around("leaf that waits", lambda: None)


@dataclass
class Logged:
    world: World
    steps: Steps

    def place(self, key: bytes, entry: bytes) -> None:
        def append() -> None:
            with self.world.lock:
                assert self.world.log.setdefault(key, entry) == entry, "one leaf for one record"

        self.steps.around("log", append)


@pytest.fixture
def registered(database: Database) -> Registered:
    return register(database)


def made(registered: Registered, **changes: object) -> tuple[Envelope, bytes]:
    key = registered.keys[registered.device]
    return packet(key, registered.recipient, dispositivo=registered.device, **changes)


def rows(database: Database) -> list[tuple[str, str]]:
    with database.reading() as db:
        return [(r.folio, r.codigo) for r in db.execute(select(registros.c.folio, registros.c.codigo))]


def test_the_steps_come_in_the_order_that_is_written(registered: Registered, tmp_path: Path) -> None:
    world, steps = World(registered.database, tmp_path), Steps()
    envelope, body = made(registered)
    world.receiving(steps).receive(envelope, world.upload(body))
    assert [s for s in steps.reached if s.startswith("after")] == [
        "after body",
        "after leaf that waits",
        "after notice",
        "after log",
    ]


@pytest.mark.parametrize("at", range(8))
@pytest.mark.req("APO-13")
def test_killed_anywhere_the_next_try_receives_it_once(
    registered: Registered, tmp_path: Path, at: int
) -> None:
    world = World(registered.database, tmp_path)
    envelope, body = made(registered)
    with pytest.raises(Killed):
        world.receiving(Steps(at)).receive(envelope, world.upload(body))
    kept_before = rows(world.database)
    receiving = world.receiving(Steps())
    known = receiving.admit(envelope)
    assert (known is not None) == bool(kept_before)
    acuse = receiving.receive(envelope, world.upload(body)) if known is None else receiving.acuse(envelope)
    assert rows(world.database) == [(envelope.folio, acuse.code)]
    assert kept_before in ([], rows(world.database)), "an acuse that exists never changes"
    assert world.log == {envelope.folio.encode(): entry_of(acuse.code)}
    with world.database.reading() as db:
        assert db.execute(select(func.count()).select_from(transiciones)).scalar_one() == 1
        path = db.execute(select(registros.c.cuerpo)).scalar_one()
    assert sha256(FolderBlobs(tmp_path / "blobs").get(path)).digest() == envelope.sha256


@pytest.mark.parametrize("at", range(6))
@pytest.mark.req("APO-13")
def test_there_is_no_record_and_no_leaf_before_the_transaction_commits(
    registered: Registered, tmp_path: Path, at: int
) -> None:
    world = World(registered.database, tmp_path)
    envelope, body = made(registered)
    with pytest.raises(Killed):
        world.receiving(Steps(at)).receive(envelope, world.upload(body))
    assert rows(world.database) == []
    assert world.log == {}


def test_a_log_that_does_not_answer_leaves_a_record_that_the_next_try_finds(
    registered: Registered, tmp_path: Path
) -> None:
    world = World(registered.database, tmp_path)
    envelope, body = made(registered)
    receiving = world.receiving(Steps())
    receiving._doors = replace(receiving._doors, journal=Unpublished())
    with pytest.raises(NotPublished):
        receiving.receive(envelope, world.upload(body))
    acuse = world.receiving(Steps()).acuse(envelope)
    assert rows(world.database) == [(envelope.folio, acuse.code)]
    assert world.notices == [envelope.folio]


class Unpublished:
    def place(self, key: bytes, entry: bytes) -> None:
        raise NotPublished("secuenciador.tiempo", "bitácora", "publicar", "sigue en espera")


@pytest.mark.req("APO-16")
def test_the_same_upload_many_times_at_once_is_one_record_with_one_acuse(
    registered: Registered, tmp_path: Path
) -> None:
    world, threads = World(registered.database, tmp_path), 6
    envelope, body = made(registered)
    together = Barrier(threads)

    def receive() -> str:
        file = world.upload(body)
        together.wait()
        return world.receiving(Steps()).receive(envelope, file).code

    with ThreadPoolExecutor(threads) as pool:
        codes = {future.result() for future in [pool.submit(receive) for _ in range(threads)]}
    assert rows(world.database) == [(envelope.folio, codes.pop())]
    assert not codes
    assert world.notices == [envelope.folio]


def test_two_bodies_of_one_folio_at_once_are_one_record_and_one_refusal(
    registered: Registered, tmp_path: Path
) -> None:
    world = World(registered.database, tmp_path)
    first, first_body = made(registered)
    second, second_body = made(registered, folio=first.folio)
    together = Barrier(2)

    def receive(envelope: Envelope, body: bytes) -> str:
        file = world.upload(body)
        together.wait()
        try:
            return world.receiving(Steps()).receive(envelope, file).registro.hex()
        except IntakeRefusal as refusal:
            return refusal.rule

    with ThreadPoolExecutor(2) as pool:
        both = ((first, first_body), (second, second_body))
        found = sorted(f.result() for f in [pool.submit(receive, *each) for each in both])
    assert "paquete.folio" in found
    (row,) = rows(world.database)
    winner = first if first.sha256.hex() in found else second
    assert sha256(FolderBlobs(tmp_path / "blobs").get(body_path(winner))).digest() == winner.sha256
    assert row[0] == first.folio
