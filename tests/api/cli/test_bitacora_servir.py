"""A log served by one command is verified over HTTP by the independent verifier."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.lock_sqlite import SqliteLock
from ledger.sequencer import Identity, Sequencer, Submission, create_log
from ledger.store_folder import FolderStorage
from ledger.vkey import Ed25519Signer

SIGNER = Ed25519Signer("prueba.example/log", bytes(32))
PROGRAMS = Path(sys.executable).parent


@pytest.mark.req("VER-02")
def test_log_that_is_served_is_verified_over_http(tmp_path: Path) -> None:
    storage, lock = FolderStorage(tmp_path / "log"), SqliteLock(tmp_path / "candado.db")
    identity = Identity(SIGNER.name, (SIGNER,))
    create_log(storage, lock, identity)
    sequencer = Sequencer(storage, lock, identity)
    sequencer.append([Submission(f"{i}".encode(), f"entrada {i}".encode()) for i in range(700)])
    sequencer.close()
    command = [PROGRAMS / "certeza", "bitacora", "servir", tmp_path / "log", "--puerto", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={"PYTHONUNBUFFERED": "1"}
    ) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None
            verify = [PROGRAMS / "certeza-verify", "bitacora", found.group(), "--llave", SIGNER.key.encode()]
            done = subprocess.run(verify, capture_output=True, text=True, timeout=60, check=False)
        finally:
            server.terminate()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "700" in done.stdout


def test_folder_without_a_log_is_not_served(tmp_path: Path) -> None:
    command = [PROGRAMS / "certeza", "bitacora", "servir", tmp_path, "--puerto", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
