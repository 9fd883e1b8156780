"""The queue of jobs (huey): a file of SQLite, or Redis.

The web server writes into it and the process that has the keys reads it. Its messages are JSON, not the
pickles that huey uses by itself: whoever took the web server asks for known jobs, and runs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huey import RedisHuey, SqliteHuey
from huey.api import Huey
from huey.consumer import Consumer
from huey.registry import Message

from api.http import logs
from api.settings import Settings
from api.worker.jobs import Job
from api.worker.services import WorkerServices
from keys import atomic_file

NAME = "certeza"


def open_queue(settings: Settings) -> Huey:
    """The queue of the settings. It keeps no results: what a job did is in the database."""
    if settings.worker.queue:
        return RedisHuey(NAME, url=settings.worker.queue, results=False, serializer=JsonMessages())
    settings.data.mkdir(parents=True, exist_ok=True)
    file = settings.data / "trabajos.sqlite"
    file.touch(atomic_file.SHARED)  # before SQLite makes one that only this user of the system may write
    return SqliteHuey(NAME, filename=str(file), results=False, serializer=JsonMessages())


def open_consumer(settings: Settings, services: WorkerServices, jobs: Mapping[str, Job]) -> Consumer:
    """Who does the jobs. Its `stop` waits at most `stop_seconds` for what is being done."""
    queue = open_queue(settings)
    declare(queue, services, jobs)
    given = settings.worker
    return queue.create_consumer(workers=given.job_threads, shutdown_timeout=given.stop_seconds)


class JsonMessages:
    """A serializer of huey for what `declare` declares: the id, the task, when, and two texts."""

    def serialize(self, data: Message) -> bytes:
        """A message as JSON."""
        eta = None if data.eta is None else data.eta.isoformat()
        return json.dumps([data.id, data.name, eta, list(data.args)]).encode()

    def deserialize(self, data: bytes) -> Message:
        """Raises ValueError for anything else."""
        match json.loads(data):
            case [str(identifier), str(name), None | str() as eta, [str(job), str(argument)]]:
                when = None if eta is None else datetime.fromisoformat(eta)
                return Message(
                    identifier, name, when, args=(job, argument), kwargs={}, retries=0, retry_delay=0
                )
        raise ValueError("no es un mensaje de la cola")


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
