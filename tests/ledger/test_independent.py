"""Somebody else's program checks a log of ours: the Go `fsck` of transparency-dev/tessera.

CERTEZA_TLOG_FSCK is the path of that program (`go install github.com/transparency-dev/tessera/cmd/fsck`).
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ledger.lock_sqlite import SqliteLock
from ledger.sequencer import Sequencer, create_log
from ledger.store_folder import FolderStorage

from .faults import submissions
from .signing import IDENTITY, LOG

FSCK = os.environ.get("CERTEZA_TLOG_FSCK")


def fsck(root: Path) -> str:
    """What the program says of the log in `root`. Its exit status is 0 whatever it finds."""
    (root / "key").write_text(LOG.key.encode())
    options = [f"--storage_url=file://{root}/log/", f"--public_key={root}/key", "--ui=false"]
    done = subprocess.run([str(FSCK), *options], capture_output=True, text=True, timeout=60, check=True)
    return done.stderr


def grown(root: Path, *batches: int) -> None:
    storage, lock = FolderStorage(root / "log"), SqliteLock(root / "lock.db")
    create_log(storage, lock, IDENTITY)
    sequencer = Sequencer(storage, lock, IDENTITY)
    for batch in submissions(*batches):
        sequencer.append(batch)
    sequencer.close()


@pytest.mark.req("VER-05")
@pytest.mark.skipif(not FSCK, reason="AVISO: falta CERTEZA_TLOG_FSCK: ningún programa ajeno revisó el log")
@pytest.mark.parametrize("batches", [(), (1,), (255,), (255, 1), (255, 1, 1), (1, 255, 1, 66_000, 300)])
def test_an_independent_program_accepts_our_log(tmp_path: Path, batches: tuple[int, ...]) -> None:
    grown(tmp_path, *batches)
    said = fsck(tmp_path)
    assert f"log of size {sum(batches)}" in said or f"log with size {sum(batches)}" in said, said
    assert "fsck failed" not in said, said


@pytest.mark.skipif(not FSCK, reason="AVISO: falta CERTEZA_TLOG_FSCK: ningún programa ajeno revisó el log")
def test_the_independent_program_would_say_so(tmp_path: Path) -> None:
    grown(tmp_path, 255, 2)
    bundle = tmp_path / "log" / "tile" / "entries" / "001.p" / "1"
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"!")
    assert "fsck failed" in fsck(tmp_path)
