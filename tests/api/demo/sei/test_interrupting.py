"""Whoever ends a rehearsal, in whatever way, finds nothing of it running, and nothing outside its folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
LOOKS = 6_000


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Short: the path of a Unix socket is."""
    with tempfile.TemporaryDirectory(prefix="c-") as folder:
        yield Path(folder)


def _everybody(rehearsal: int) -> None:
    os.killpg(rehearsal, signal.SIGINT)  # Ctrl+C is for all processes of the terminal


def _terminated(rehearsal: int) -> None:
    os.kill(rehearsal, signal.SIGTERM)


@pytest.mark.parametrize("end", [_everybody, _terminated])
def test_nothing_is_left(tmp_path: Path, temporary: Path, end: Callable[[int], None]) -> None:
    said = tmp_path / "dicho.txt"
    rehearsal = begun(tmp_path / "ensayo", said, temporary)
    wait_for(lambda: "2. Ceremonia" in said.read_text("utf-8") or rehearsal.poll() is not None)
    assert ours(temporary)
    end(rehearsal.pid)
    code, told = rehearsal.wait(), said.read_text("utf-8")
    assert code == 1 and "Se interrumpió" in told and "quedó a medias" in told, told
    assert "Traceback" not in told
    assert not ours(temporary)
    assert list(temporary.iterdir()) == []


def test_of_one_that_is_killed_nothing_runs_either(tmp_path: Path, temporary: Path) -> None:
    rehearsal = begun(tmp_path / "ensayo", tmp_path / "dicho.txt", temporary)
    wait_for(lambda: any("serve" in line for line in ours(temporary)) or rehearsal.poll() is not None)
    rehearsal.kill()
    rehearsal.wait()
    wait_for(lambda: not ours(temporary))


def begun(output: Path, said: Path, temporary: Path) -> subprocess.Popen[bytes]:
    """A rehearsal with a terminal of its own, as it were."""
    order = [sys.executable, "-m", "api.cli.main", "demo", "--personas", "3", "--registros", "0"]
    with said.open("wb") as stream:
        return subprocess.Popen(
            [*order, "--salida", str(output)],
            stdout=stream,
            stderr=stream,
            env={**os.environ, "TMPDIR": str(temporary)},
            start_new_session=True,
        )


def ours(temporary: Path) -> list[str]:
    """Orders that go by the clock of the rehearsal."""
    return [line for line in running() if str(temporary) in line]


def running() -> list[str]:
    """The command line of every process of this machine."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
            except OSError:
                continue
    return found


def wait_for(done: Callable[[], bool]) -> None:
    for _ in range(LOOKS):
        if done():
            return
        time.sleep(0.1)
    pytest.fail("no terminó")
