"""Jobs: woken up through the queue, found again when the wake-up is lost, never stopped by one that fails."""

from __future__ import annotations

import os
import pickle
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from huey.api import Huey

from api.settings import Settings
from api.worker import queue
from api.worker.jobs import Job
from api.worker.services import WorkerServices
from api.worker.wiring import build_worker


@pytest.fixture
def services(tmp_path: Path) -> Iterator[WorkerServices]:
    made = build_worker(Settings(data=tmp_path / "datos"))
    yield made
    made.database.engine.dispose()


def running(jobs: Huey) -> threading.Thread:
    consumer = jobs.create_consumer(workers=2, max_delay=0.05)
    consumer.start()
    thread = threading.Thread(target=consumer.stop)
    thread.consumer = consumer  # type: ignore[attr-defined]
    return thread


def wait_for(done: list[str], many: int) -> None:
    deadline = time.monotonic() + 10
    while len(done) < many and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_job_that_was_asked_for_is_done_with_the_worker_s_services(services: WorkerServices) -> None:
    done: list[str] = []

    def work(given: WorkerServices, argument: str) -> None:
        assert given is services
        done.append(argument)

    jobs = queue.open_queue(services.settings)
    queue.declare(jobs, services, {"prueba": Job("prueba", work)})
    asking = queue.QueuedJobs(queue.open_queue(services.settings))  # as another process would
    stop = running(jobs)
    for number in range(5):
        asking.ask("prueba", str(number))
    wait_for(done, 5)
    stop.start()
    assert sorted(done) == list("01234")


def test_a_job_that_fails_and_one_that_nobody_knows_stop_no_other(services: WorkerServices) -> None:
    done: list[str] = []

    def work(_: WorkerServices, argument: str) -> None:
        if argument == "mal":
            raise ZeroDivisionError
        done.append(argument)

    jobs = queue.open_queue(services.settings)
    queue.declare(jobs, services, {"prueba": Job("prueba", work)})
    asking = queue.QueuedJobs(queue.open_queue(services.settings))
    asking.ask("desconocida", "x")
    asking.ask("prueba", "mal")
    asking.ask("prueba", "bien")
    stop = running(jobs)
    wait_for(done, 1)
    stop.start()
    assert done == ["bien"]


def test_a_job_that_is_asked_for_later_waits_its_time(services: WorkerServices) -> None:
    done: list[str] = []
    jobs = queue.open_queue(services.settings)
    queue.declare(jobs, services, {"prueba": Job("prueba", lambda _services, one: done.append(one))})
    queue.QueuedJobs(queue.open_queue(services.settings)).ask("prueba", "luego", 0.5)
    stop = running(jobs)
    wait_for(done, 1)
    stop.start()
    assert done == ["luego"]


class Harm:
    """What a pickle may do to who reads it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.file,)


def test_what_was_written_into_the_queue_is_never_run(services: WorkerServices, tmp_path: Path) -> None:
    done: list[str] = []
    harm = tmp_path / "corrio"
    jobs = queue.open_queue(services.settings)
    queue.declare(jobs, services, {"prueba": Job("prueba", lambda _services, one: done.append(one))})
    for data in (pickle.dumps(Harm(harm)), b"[]", b"{", b'["id", "os.system", null, ["a", "b"]]'):
        jobs.storage.enqueue(data)
    queue.QueuedJobs(queue.open_queue(services.settings)).ask("prueba", "bien")
    stop = running(jobs)
    wait_for(done, 1)
    stop.start()
    assert done == ["bien"]
    assert not harm.exists()
    pickle.loads(pickle.dumps(Harm(harm)))  # noqa: S301 - it would have done something
    assert harm.exists()


def test_another_user_of_the_group_may_write_the_queue(tmp_path: Path) -> None:
    before = os.umask(0o007)
    try:
        queue.open_queue(Settings(data=tmp_path)).pending_count()
    finally:
        os.umask(before)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("trabajos.sqlite*")} == {0o660}
