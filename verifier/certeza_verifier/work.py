"""Archives on disk, over all cores: small ones go whole to a process, large ones are split into chunks."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from certeza_verifier.archive import Archive
from certeza_verifier.chunks import Chunk, ChunkResult, run_chunk
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.report import Finding, UrnReport
from certeza_verifier.state import Entry, State, check_prefix
from certeza_verifier.system import reason, require_regular
from certeza_verifier.urn import Options, UrnCheck, here

Done = Callable[[int], None]

_LARGE = 4 * 2**20
_BUFFER = 2**17


@dataclass(frozen=True, slots=True)
class Task:
    """An archive to verify: where it is, how reports call it, how to verify it, what an earlier run knew."""

    path: Path
    file: str
    options: Options
    known: Entry | None = None


def _quiet() -> None:
    """Only the main process answers to an interruption."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def pool(processes: int) -> Iterator[ProcessPoolExecutor | None]:
    """Processes for chunks and archives; None when one process is enough."""
    if processes <= 1:
        yield None
        return
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
    executor = ProcessPoolExecutor(processes, multiprocessing.get_context(method), _quiet)
    try:
        yield executor
    except BrokenProcessPool:
        raise NotJudged("Un proceso de la verificación terminó de golpe (¿falta memoria?).") from None
    finally:
        executor.shutdown(cancel_futures=True)


def run_task(
    task: Task, executor: ProcessPoolExecutor | None = None, workers: int = 1, done: Done | None = None
) -> UrnReport:
    """Verifies one archive; what cannot be read becomes a report without verdict."""
    try:
        return _run(task, executor, workers, done)
    except OSError as error:
        return UrnReport(
            task.file, ut=task.options.ut, not_judged=f"No se pudo leer {task.file}: {reason(error)}"
        )
    except NotJudged as error:
        return UrnReport(task.file, ut=task.options.ut, not_judged=str(error))


def _run(task: Task, executor: ProcessPoolExecutor | None, workers: int, done: Done | None) -> UrnReport:
    options, rewritten = task.options, None
    require_regular(task.path)
    if task.known:
        try:
            check_prefix(task.path, task.known)
            options = replace(options, trusted=task.known.longitud)
        except Failure as failure:
            rewritten = Finding.of(failure, task.file, ut=options.ut)
    size = task.path.stat().st_size
    with task.path.open("rb", buffering=_BUFFER) as file:
        archive = Archive(file, size, options.trusted if options.remember or task.known else None)
        if executor is None:
            check = UrnCheck(archive, str(task.path), task.file, options)
        else:
            submit = _submitter(executor)
            check = UrnCheck(archive, str(task.path), task.file, options, submit, workers)
        report = check.run(_steps(done) if done else None)
    if options.trusted and task.known and archive.marked != task.known.sha256:
        raise NotJudged("El archivo cambió mientras se verificaba; vuelva a intentarlo con una copia.")
    if rewritten:
        report.findings.insert(0, rewritten)
    return report


def _steps(done: Done) -> Done:
    """Turns offsets reached into bytes done since the last one."""
    reached = 0

    def advance(offset: int) -> None:
        nonlocal reached
        done(offset - reached)
        reached = offset

    return advance


def _submitter(executor: ProcessPoolExecutor) -> Callable[[Chunk], Future[ChunkResult]]:
    def submit(chunk: Chunk) -> Future[ChunkResult]:
        return executor.submit(run_chunk, chunk)

    return submit


def run_all(
    tasks: Sequence[Task], executor: ProcessPoolExecutor | None, workers: int, done: Done
) -> list[UrnReport]:
    """Reports in the order of the tasks; `done` is told how many bytes more have been read."""
    if executor is None:
        return [run_task(task, done=done) for task in tasks]
    few = len(tasks) < 2 * workers  # too few to keep every process busy: split each one
    small = {
        task.path: executor.submit(run_task, task) for task in tasks if not few and _size(task) <= _LARGE
    }
    large = {task.path: run_task(task, executor, workers, done) for task in tasks if task.path not in small}
    return [large.get(task.path) or _told(small[task.path].result(), task, done) for task in tasks]


def _size(task: Task) -> int:
    try:
        return task.path.stat().st_size
    except OSError:
        return 0


def _told(report: UrnReport, task: Task, done: Done) -> UrnReport:
    done(_size(task))
    return report


def new_state(old: State, tasks: Sequence[Task], reports: Sequence[UrnReport]) -> State:
    """The old state with every archive that was accepted now, as it was when its bytes were verified."""
    state = dict(old)
    for task, report in zip(tasks, reports, strict=True):
        if report.verdict == "aceptado" and report.digest is not None:
            state[task.file] = Entry(report.length, report.digest, report.ballots)
    return state


__all__ = ["Task", "here", "new_state", "pool", "run_all", "run_task"]
