"""The queue of jobs (huey): a file of SQLite, or Redis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huey import RedisHuey, SqliteHuey
from huey.api import Huey

from api.http import logs
from api.settings import Settings
from api.worker.jobs import Job
from api.worker.services import WorkerServices

NAME = "certeza"


def open_queue(settings: Settings) -> Huey:
    """The queue of the settings. It keeps no results: what a job did is in the database."""
    if settings.worker.queue:
        return RedisHuey(NAME, url=settings.worker.queue, results=False)
    settings.data.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(settings.data / "trabajos.sqlite"), results=False)


class QueuedJobs:
    """See `api.worker.jobs.Jobs`."""

    def __init__(self, queue: Huey) -> None:
        self._task = declare(queue, None, {})

    def ask(self, name: str, argument: str, after_seconds: float = 0.0) -> None:
        """See `Jobs`."""
        try:
            if after_seconds:
                self._task.schedule((name, argument), delay=after_seconds)
            else:
                self._task(name, argument)
        except Exception as error:  # noqa: BLE001 - each storage has errors of its own
            raise OSError(f"cola-{type(error).__name__}") from None


def declare(queue: Huey, services: WorkerServices | None, jobs: Mapping[str, Job]) -> Any:
    """The one task of the queue: both sides declare it under the same name."""

    def do(name: str, argument: str) -> None:
        job = jobs.get(name)
        if job is None or services is None:
            logs.logger().error("tarea-desconocida", tarea=name[:40])
            return
        try:
            job.work(services, argument)
        except Exception as error:  # noqa: BLE001 - the scan asks for it again
            place = logs.place_of(error)
            logs.logger().error("tarea", tarea=name, error=type(error).__name__, lugar=place)
        else:
            logs.logger().info("tarea", tarea=name)

    return queue.task(name="certeza-tarea")(do)
