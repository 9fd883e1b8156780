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


@pytest.mark.req("VER-05")
@pytest.mark.skipif(not FSCK, reason="AVISO: falta CERTEZA_TLOG_FSCK: ningún programa ajeno revisó el log")
def test_an_independent_program_accepts_our_log(tmp_path: Path) -> None:
    storage, lock = FolderStorage(tmp_path / "log"), SqliteLock(tmp_path / "lock.db")
    create_log(storage, lock, IDENTITY)
    sequencer = Sequencer(storage, lock, IDENTITY)
    for batch in submissions(1, 255, 1, 66_000, 300):
        sequencer.append(batch)
    sequencer.close()
    (tmp_path / "key").write_text(LOG.key.encode())
    options = [f"--storage_url=file://{tmp_path}/log/", f"--public_key={tmp_path}/key", "--ui=false"]
    done = subprocess.run([str(FSCK), *options], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "log with size 66557" in done.stderr
