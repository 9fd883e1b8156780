"""Real processes that hang, eat memory, crash, write garbage or fork: the next question is answered."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from ast import literal_eval
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from capture.reading.errors import NoReader, Unread
from capture.reading.sandbox.limits import SandboxLimits
from capture.reading.sandbox.pool import Pool, Program
from capture.reading.sandbox.process import Confined

MODULE = "tests.capture.reading.hostile"
LIMITS = SandboxLimits(seconds=60, cpu_seconds=30, mib=512, start_seconds=60)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="AVISO: sin Linux no se probó el encierro")
Open = Callable[..., Pool]


@pytest.fixture
def said() -> list[tuple[str, str]]:
    """What pools said."""
    return []


@pytest.fixture
def pool(said: list[tuple[str, str]]) -> Iterator[Open]:
    """Opens pools of one worker unless told otherwise; they are closed at the end."""
    made: list[Pool] = []

    def open_pool(workers: int = 1, *arguments: str, **limits: float) -> Pool:
        program = Program(MODULE, arguments, replace(LIMITS, **limits))  # type: ignore[arg-type]
        made.append(Pool(program, workers, lambda what, why: said.append((what, why))))
        return made[-1]

    yield open_pool
    for one in made:
        one.close()


def _is_alive(pid: int) -> bool:
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def _until(condition: Callable[[], bool]) -> None:
    end = monotonic() + 30
    while not condition():
        assert monotonic() < end
        sleep(0.01)


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("eat", Unread.FAULT),
        ("crash", Unread.ENDED),
        ("garbage", Unread.GARBAGE),
        ("early", Unread.GARBAGE),
    ],
)
def test_a_question_that_ends_its_process_twice_is_given_up_and_the_next_is_answered(
    pool: Open, said: list[tuple[str, str]], word: str, why: Unread
) -> None:
    one = pool()
    assert one.ask([word.encode()]) is why
    assert [what for what, _ in said].count("lector-cayo") == 2
    assert one.ask([b"hola", b"\xffmundo"]) == b"hola|\xffmundo"


def test_who_hangs_is_killed_when_its_time_is_over(pool: Open) -> None:
    one = pool(seconds=0.5)
    assert one.ask([b"hang"]) is Unread.TIME
    _until(lambda: one.ask([b"hola"]) == b"hola")  # half a second may be little on a busy machine


@LINUX
def test_who_only_computes_is_ended_by_the_kernel(pool: Open) -> None:
    assert pool(cpu_seconds=1).ask([b"spin"]) is Unread.CPU


def test_who_waits_spends_no_time_of_the_processor(pool: Open, said: list[tuple[str, str]]) -> None:
    assert pool(cpu_seconds=1).ask([b"nap"]) == b"despierto"
    assert [what for what, _ in said] == ["lector-listo"]


@LINUX
def test_each_question_has_its_own_time_of_the_processor(pool: Open) -> None:
    one = pool(cpu_seconds=1)
    assert len({one.ask([b"work"]) for _ in range(5)}) == 1


@LINUX
def test_what_earlier_questions_took_is_not_counted_again(pool: Open) -> None:
    """Neither exactly nor by the kernel's ticks, which in half an hour are minutes away from it."""
    one = pool(cpu_seconds=20)
    for _ in range(4):
        one.ask([b"work"])
    answer = one.ask([b"left"])
    assert isinstance(answer, bytes)
    left, since_the_start = literal_eval(answer.decode())
    assert 19.5 < left <= 20.01
    assert since_the_start == resource.RLIM_INFINITY


@LINUX
def test_a_parent_that_ignores_or_blocks_the_signal_changes_nothing(pool: Open) -> None:
    before = signal.signal(signal.SIGPROF, signal.SIG_IGN)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})
    try:
        assert pool(cpu_seconds=1).ask([b"spin"]) is Unread.CPU
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGPROF, before)


@LINUX
def test_who_is_kept_from_the_processor_is_not_ended_for_it(pool: Open) -> None:
    one = pool(cpu_seconds=1)
    told = one.ask([b"pid"])
    assert isinstance(told, bytes)
    pid = int(told)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(one.ask, [b"work"])
        _until(lambda: one.busy == 1)
        os.kill(pid, signal.SIGSTOP)  # as a machine does that has more urgent work
        sleep(1.5)
        os.kill(pid, signal.SIGCONT)
        assert asked.result() == str(pid).encode()


def test_the_clock_leaves_much_more_time_than_the_processor() -> None:
    default = SandboxLimits()
    assert default.seconds >= 20 * default.cpu_seconds
    assert default.start_seconds > default.start_cpu_seconds


@LINUX
@pytest.mark.parametrize("word", ["fork", "write", "connect", "execute", "read"])
def test_no_process_no_file_no_socket_no_program(pool: Open, word: str) -> None:
    assert pool().ask([word.encode()]) is Unread.FAULT


@LINUX
def test_it_has_no_environment_no_files_and_no_place_of_its_own(
    pool: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERTEZA_SECRETO", "llave")
    with Path(__file__).open() as held:
        os.set_inheritable(held.fileno(), True)
        answer = pool().ask([b"look"])
    assert isinstance(answer, bytes)
    environment, folder, descriptors = literal_eval(answer.decode())
    assert "CERTEZA_SECRETO" not in environment and "PATH" not in environment
    assert Path(folder).is_relative_to(Path(os.environ.get("TMPDIR", "/tmp")))  # noqa: S108 - the system's
    assert descriptors == [0, 1, 2, 3, 4]


@LINUX
def test_what_holds_is_said_when_it_starts(pool: Open, said: list[tuple[str, str]]) -> None:
    pool().start()
    what, held = said[0]
    assert what == "lector-listo"
    assert {"limites", "sin-privilegios", "sin-procesos"} <= set(held.split(","))


def test_who_outlives_its_question_ends_with_its_group() -> None:
    made = Confined("tests.capture.reading.forking", (), LIMITS)
    child = int(made.ask([b"fork"]))
    assert _is_alive(child)
    made.kill()
    _until(lambda: not _is_alive(child) and not _is_alive(made.pid))


def test_after_so_many_questions_another_process_answers(pool: Open) -> None:
    one = pool(questions=2)
    pids = [one.ask([b"pid"]) for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_workers_answer_at_the_same_time_and_who_comes_later_waits(pool: Open, tmp_path: Path) -> None:
    one, gate = pool(2), tmp_path / "abierto"
    hold = [b"hold", str(gate).encode()]
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(one.ask, hold) for _ in range(3)]
        _until(lambda: one.busy == 2)
        assert not any(one.done() for one in asked)
        gate.touch()
        answers = [one.result() for one in asked]
    assert len(set(answers)) == 2 and all(isinstance(one, bytes) for one in answers)


def test_an_installation_without_engines_is_no_fault_of_a_record(pool: Open) -> None:
    one = pool(1, "no-carga")
    for _ in range(2):
        with pytest.raises(NoReader):
            one.ask([b"hola"])


def test_a_closed_pool_starts_nothing(pool: Open) -> None:
    one = pool()
    one.start()
    one.close()
    with pytest.raises(NoReader):
        one.ask([b"hola"])


def test_readers_end_when_their_parent_is_killed() -> None:
    program = (
        "from tests.capture.reading.test_sandbox import *\n"
        "made = Confined(MODULE, (), LIMITS)\n"
        "print(made.pid, flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert _is_alive(pid)
    parent.kill()
    parent.wait()
    _until(lambda: not _is_alive(pid))
