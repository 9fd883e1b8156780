"""A log that grows under the eyes of its witnesses: what it publishes is cosigned, or says that it is not."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.lock_sqlite import SqliteLock
from ledger.policy import Group, Log, Policy, Witness
from ledger.ports import TileStorage
from ledger.reading import read_checkpoint
from ledger.sequencer import Placed, Sequencer, Submission, create_log
from ledger.store_folder import FolderStorage
from ledger.tree import leaf_hash
from ledger.witness import ADD_CHECKPOINT
from ledger.witness import Witness as Answering
from ledger.witness_client import Attester, Reply, Result, Unreachable, standing
from ledger.witness_store import SqliteWitnessStore
from ledger.witnessed import WitnessedStorage

from .signing import IDENTITY, LOG, ORIGIN, TIME, WITNESSES

pytestmark = pytest.mark.req("VER-02")

NAMES = ["uno", "dos", "tres"]
POLICY = Policy(
    (Log(LOG.key),),
    tuple(Witness(n, w.key, f"https://{n}.ejemplo.mx") for n, w in zip(NAMES, WITNESSES, strict=True)),
    (Group("dos-de-tres", 2, tuple(NAMES)),),
    "dos-de-tres",
)


class Town:
    """Three witnesses in memory; those in `down` refuse connections, those in `mute` never answer."""

    def __init__(self, folder: Path) -> None:
        self.down: set[str] = set()
        self.mute: set[str] = set()
        self.witnesses = {}
        for name, key in zip(NAMES, WITNESSES, strict=True):
            store = SqliteWitnessStore(folder / f"{name}.db")
            store.add_log(ORIGIN, LOG.key)
            self.witnesses[f"https://{name}.ejemplo.mx/{ADD_CHECKPOINT}"] = Answering(
                [key], store, lambda: TIME
            )

    async def post(self, url: str, body: bytes) -> Reply:
        if any(name in url for name in self.down):
            raise Unreachable("testigo.conexion", url, "una respuesta", "sin conexión")
        if any(name in url for name in self.mute):
            await asyncio.sleep(3600)
        answer = self.witnesses[url].add_checkpoint(body)
        return Reply(answer.status, answer.content_type, answer.body)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


@pytest.fixture
def storage(tmp_path: Path, town: Town) -> WitnessedStorage:
    return WitnessedStorage(FolderStorage(tmp_path / "log"), POLICY, town.post)


def opened(tmp_path: Path, storage: TileStorage) -> Sequencer:
    lock = SqliteLock(tmp_path / "candado.db")
    if lock.load() is None:
        create_log(storage, lock, IDENTITY)
    return Sequencer(storage, lock, IDENTITY)


def add(sequencer: Sequencer, first: int, count: int) -> list:
    return sequencer.append(
        [Submission(f"{i}".encode(), f"entrada {i}".encode()) for i in range(first, first + count)]
    )


def test_every_checkpoint_of_a_growing_log_is_published_cosigned(
    tmp_path: Path, storage: WitnessedStorage, town: Town
) -> None:
    town.down = {"tres"}
    sequencer = opened(tmp_path, storage)
    for first in range(0, 600, 100):
        add(sequencer, first, 100)
        published = read_checkpoint(storage)
        assert published.head.size == first + 100
        assert str(standing(POLICY, published)) == "atestiguado por 2 de 3"


def test_proof_of_an_entry_carries_the_cosignatures_and_meets_the_policy(
    tmp_path: Path, storage: WitnessedStorage
) -> None:
    sequencer = opened(tmp_path, storage)
    (placed,) = add(sequencer, 0, 1)
    assert isinstance(placed, Placed)
    add(sequencer, 1, 30)
    proof = storage.prove(placed)
    proof.verify_leaf(leaf_hash(b"entrada 0"))
    assert set(POLICY.verify(proof.checkpoint).cosigned) == set(NAMES)


def test_witnesses_that_are_down_never_stop_the_log_and_are_brought_up_to_date_later(
    tmp_path: Path, storage: WitnessedStorage, town: Town
) -> None:
    sequencer = opened(tmp_path, storage)
    town.down = set(NAMES)
    add(sequencer, 0, 300)
    assert "aún no atestiguado" in str(standing(POLICY, read_checkpoint(storage)))
    town.down = set()
    add(sequencer, 300, 1)
    assert str(standing(POLICY, read_checkpoint(storage))) == "atestiguado por 3 de 3"


def test_a_mute_witness_is_not_waited_for_once_the_others_are_enough(tmp_path: Path, town: Town) -> None:
    storage = WitnessedStorage(FolderStorage(tmp_path / "log"), POLICY, town.post, seconds=3600)
    sequencer = opened(tmp_path, storage)
    town.mute = {"uno"}
    add(sequencer, 0, 10)
    assert str(standing(POLICY, read_checkpoint(storage))) == "atestiguado por 2 de 3"
    assert storage.last is not None
    assert [o.result for o in storage.last.outcomes] == [Result.LATE, Result.COSIGNED, Result.COSIGNED]
    town.mute = set()
    add(sequencer, 10, 10)
    assert str(standing(POLICY, read_checkpoint(storage))) == "atestiguado por 3 de 3"


def test_log_goes_on_after_a_restart(tmp_path: Path, town: Town) -> None:
    for first in (0, 10, 20):
        storage = WitnessedStorage(FolderStorage(tmp_path / "log"), POLICY, town.post)
        sequencer = opened(tmp_path, storage)
        add(sequencer, first, 10)
        sequencer.close()
    published = read_checkpoint(storage)
    assert published.head.size == 30
    assert str(standing(POLICY, published)) == "atestiguado por 3 de 3"


def test_attesting_a_log_that_is_being_written_never_turns_it_back(tmp_path: Path, town: Town) -> None:
    sequencer = opened(tmp_path, FolderStorage(tmp_path / "log"))
    sizes: list[int] = []

    def write() -> None:
        for first in range(0, 400, 5):
            add(sequencer, first, 5)
            sizes.append(read_checkpoint(FolderStorage(tmp_path / "log")).head.size)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while not writing.done():
            Attester(FolderStorage(tmp_path / "log"), POLICY, town.post).attest()
        writing.result()
    assert sizes == list(range(5, 401, 5))
    Attester(FolderStorage(tmp_path / "log"), POLICY, town.post).attest()
    published = read_checkpoint(FolderStorage(tmp_path / "log"))
    assert (published.head.size, str(standing(POLICY, published))) == (400, "atestiguado por 3 de 3")
