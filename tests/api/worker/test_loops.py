"""What the worker looks for: a look that fails is not the last, and all end when they are told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest

from api.worker.loops import Loop, running_loops

PATIENCE = 30.0


def wait_for(looks: list[int], many: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(looks) < many and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(looks) >= many


def test_a_look_that_fails_is_not_the_last_one() -> None:
    looks: list[int] = []

    def look() -> None:
        looks.append(1)
        if len(looks) == 1:
            raise OSError

    with running_loops([Loop("prueba", look, 0.01)], PATIENCE):
        wait_for(looks, 3)
    ended = len(looks)
    time.sleep(0.05)
    assert len(looks) == ended


def test_one_that_does_not_end_holds_up_nobody() -> None:
    begun, never, looks = Event(), Event(), list[int]()

    def forever() -> None:
        begun.set()
        never.wait(PATIENCE)

    with running_loops([Loop("largo", forever, 0.01), Loop("corto", lambda: looks.append(1), 0.01)], 0.1):
        begun.wait(PATIENCE)
        wait_for(looks, 1)
    ended = len(looks)
    time.sleep(0.05)
    assert len(looks) == ended
    never.set()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_in_order_when_it_is_told_to(tmp_path: Path, how: signal.Signals) -> None:
    environment = {"CERTEZA_DATA": str(tmp_path), "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    program = [sys.executable, "-m", "api.cli.main"]
    subprocess.run([*program, "migrate"], env=environment, check=True, capture_output=True)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen([*program, "worker"], env=environment, **streams) as process:  # type: ignore[call-overload]
        told = b""
        while b"en marcha" not in told and (line := process.stdout.readline()):
            told += line
        assert (tmp_path / "boveda.sock").exists(), told.decode()
        process.send_signal(how)
        told += process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0, told.decode()
    assert not (tmp_path / "boveda.sock").exists()
    assert b"Traceback" not in told


def test_the_worker_does_not_begin_over_tables_of_another_version(tmp_path: Path) -> None:
    environment = {"CERTEZA_DATA": str(tmp_path), "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-m", "api.cli.main", "worker"]
    ended = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False)
    assert ended.returncode != 0
    assert b"base.version" in ended.stderr
    assert b"Traceback" not in ended.stderr
