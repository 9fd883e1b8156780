"""The fault table: every operation fails before and after it took effect, once or for a while."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.checkpoint import parse_signed
from ledger.errors import Refusal
from ledger.lock_sqlite import SqliteLock
from ledger.sequencer import Placed, Sequencer, Submission, create_log
from ledger.tiles import CHECKPOINT

from .faults import FaultyLock, FaultyStorage, MemoryStorage, Steps, audit, submissions
from .signing import IDENTITY

BATCHES = submissions(3, 200, 1, 400, 2)


def disk_full(name: str) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", name)


def fail(name: str) -> None:
    """As the port that does the step would."""
    if name.split()[1] in ("acquire", "load", "known", "commit"):
        raise sqlite3.OperationalError(f"disk I/O error {name}")
    disk_full(name)


class Log:
    """A log with faults, whose owner tries again until everything is acknowledged."""

    def __init__(self, path: Path, steps: Steps) -> None:
        self.steps = steps
        self.path = path
        self.storage = FaultyStorage(MemoryStorage(), steps)
        self.lock: FaultyLock | None = None
        self.sequencer: Sequencer | None = None
        self.acknowledged: dict[bytes, int] = {}
        self.failures = 0

    def open(self) -> Sequencer:
        """Start anew, as after the end of the process."""
        if self.lock is not None:
            self.lock.release()
        inner = SqliteLock(self.path)
        inner._database.execute("PRAGMA synchronous = OFF")  # the machine stays up in these tests
        self.lock = FaultyLock(inner, self.steps)
        if inner.load() is None:
            create_log(self.storage, self.lock, IDENTITY)
        self.sequencer = Sequencer(self.storage, self.lock, IDENTITY)
        return self.sequencer

    def run(self, restart: bool) -> None:
        for batch in BATCHES:
            self.submit(batch, restart)
        assert self.lock is not None
        self.lock.release()

    def submit(self, batch: list[Submission], restart: bool) -> None:
        for _ in range(20):
            try:
                sequencer = self.sequencer or self.open()
                outcomes = sequencer.append(batch)
                break
            except (OSError, sqlite3.Error):
                self.failures += 1
                self.sequencer = None if restart else self.sequencer
        for submission, outcome in zip(batch, outcomes, strict=True):
            assert isinstance(outcome, Placed)
            assert self.acknowledged.setdefault(submission.key, outcome.index) == outcome.index
            assert outcome.index < parse_signed(self.storage.inner.get(CHECKPOINT)).head.size

    def audit(self) -> list[bytes]:
        """The entries, once everything is checked."""
        return audit(self.storage.inner, self.acknowledged, self.steps.history)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "candado.db"


def test_a_run_without_faults_has_the_steps_of_the_table(place: Path) -> None:
    log = Log(place, Steps())
    log.run(restart=False)
    assert log.failures == 0
    assert len(log.acknowledged) == sum(map(len, BATCHES)) == len(log.audit())
    order = [name for name in log.steps.names if name.startswith(("after", "before commit"))]
    last = order[len(order) - 1 - order[::-1].index("before commit") :]
    assert last == [
        "before commit",
        "after commit",
        "after tile/entries/002.p/94",
        "after tile/0/002.p/94",
        "after checkpoint",
    ]


@pytest.mark.parametrize("restart", [False, True], ids=["sigue", "reinicia"])
@pytest.mark.parametrize("lasting", [1, 4])
def test_every_operation_may_fail(place: Path, restart: bool, lasting: int) -> None:
    clean = Log(place, Steps())
    clean.run(restart)
    assert len(clean.steps.names) > 50
    for at, name in enumerate(clean.steps.names):
        log = Log(place.with_name(f"{at}.db"), Steps(at, fail, lasting))
        log.run(restart)
        assert 1 <= log.failures <= lasting, f"paso {at}: {name}"
        assert len(log.audit()) == len(log.acknowledged) == sum(map(len, BATCHES))


def test_an_error_acknowledges_nothing_and_a_later_batch_publishes_both(place: Path) -> None:
    """The batch that failed after its commit is in the log, once, although nobody was told."""
    batches = submissions(3, 2)
    log = Log(place, Steps())
    log.open()
    assert log.lock is not None
    log.storage.steps = log.lock.steps = Steps(2, disk_full)  # before known, before commit, after commit
    assert log.sequencer is not None
    with pytest.raises(OSError, match="No space left"):
        log.sequencer.append(batches[0])
    assert not log.sequencer.is_settled
    assert log.sequencer.published.head.size == 0
    second = log.sequencer.append(batches[1])
    assert [o.index for o in second if isinstance(o, Placed)] == [3, 4]
    first = log.sequencer.append(batches[0])
    assert [o.index for o in first if isinstance(o, Placed)] == [0, 1, 2]
    assert all(isinstance(o, Placed) and o.checkpoint.head.size == 5 for o in first)


@pytest.mark.parametrize("path", ["tile/0/000.p/3", "tile/entries/000.p/3"])
def test_altered_or_lost_storage_stops_the_log_and_says_where(place: Path, path: str) -> None:
    log = Log(place, Steps())
    log.open().append(submissions(3)[0])
    log.open().append([Submission(b"clave 3", b"entrada 3")])
    inner = log.storage.inner
    assert isinstance(inner, MemoryStorage)
    good = inner.files.pop(path)
    with pytest.raises(Refusal, match=rf"{path}.*almacen\.falta"):
        log.open()
    inner.files[path] = good[:-1] + bytes([good[-1] ^ 1])
    with pytest.raises(Refusal, match=r"bitacora\.raiz|paquete\.hash"):
        log.open()
    inner.files[path] = good
    assert log.open().published.head.size == 4
