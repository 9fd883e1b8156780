"""Which adapter stands behind each port: the only place, beside the command line, that names them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlalchemy import text

from api import wiring_accounts
from api.accounts.http_session import authenticator
from api.acts.acts import SqlActs
from api.blobs.opening import open_blobs, require_writable, uploads_folder
from api.consultas.keeper import Keeper
from api.database_version import require_current
from api.documents.opening import open_documents
from api.entrada.desk import open_sei
from api.http.app import Running, build_app
from api.http.metrics import Metrics
from api.http.rates import Rates
from api.intake.notices import MailedAcuses
from api.intake.taking import Taking
from api.intake.uploads import Uploads
from api.outbox.outbox import Outbox
from api.public_log.apoyo import ApoyoJournal, ApoyoLeaves
from api.public_log.open_logs import Logs, open_logs, running_logs
from api.reading.figures import ReadingFigures
from api.reading.opening import open_cropper
from api.routers import ROUTERS
from api.services import Services
from api.settings import Settings
from api.urna.openings import Openings
from api.vault.client import RemoteChamber
from api.worker.beats import TaskFigures
from api.worker.loops import running_loops
from api.worker.queue import QueuedJobs, open_queue
from capture.intake.receiving import Doors, Receiving
from ledger.database import Database, open_engine

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def open_database(settings: Settings) -> Database:
    """The database of the settings. The folder of data is made when it is not there."""
    settings.data.mkdir(parents=True, exist_ok=True)
    return Database(open_engine(settings.database_url, settings.database_connections))


def build_services(
    settings: Settings, clock: Clock = system_clock, random: Callable[[int], bytes] = os.urandom
) -> Services:
    """Open what the service stands on. Raises AnotherSequencer where another one runs."""
    database, metrics = open_database(settings), Metrics()
    metrics.registry.register(TaskFigures(database))
    metrics.registry.register(ReadingFigures(database))
    outbox, acts, blobs = Outbox(clock, random), SqlActs(random), open_blobs(settings)
    logs = open_logs(settings, database, random)
    accounts = wiring_accounts.open_accounts(settings, database, outbox, random)
    doors = Doors(
        database=database,
        blobs=blobs,
        acts=acts,
        notices=MailedAcuses(outbox, settings.http.public_url),
        leaves=ApoyoLeaves(),
        journal=ApoyoJournal(logs.apoyo),
        limits=settings.intake.limits,
        clock=clock,
        random=random,
    )
    vault_seconds = settings.vault.timeout_seconds
    uploads, rates = Uploads(uploads_folder(settings)), Rates(settings.rates, metrics)
    chamber = RemoteChamber(settings.vault.socket or settings.data / "boveda.sock", vault_seconds)
    return Services(
        settings=settings,
        clock=clock,
        random=random,
        database=database,
        metrics=metrics,
        rates=rates,
        authenticate=authenticator(accounts.means),
        accounts=accounts,
        keeper=Keeper(database, settings, logs, acts, clock),
        openings=Openings(database, settings),
        sei=open_sei(settings, database, outbox, accounts.means.key, clock, random),
        cropper=open_cropper(settings.reading),
        blobs=blobs,
        acts=acts,
        outbox=outbox,
        jobs=QueuedJobs(open_queue(settings)),
        chamber=chamber,
        logs=logs,
        documents=open_documents(settings, database, blobs, acts, clock, random),
        taking=Taking(uploads, Receiving(doors), logs.apoyo, settings.intake, rates),
        doors=doors,
        parts={
            "base de datos": lambda: _ask(database),
            "objetos": lambda: require_writable(blobs),
            "bitácoras": logs.require_open,
        },
        others={"bóveda": chamber.require_alive},
    )


def _ask(database: Database) -> None:
    with database.reading() as db:
        db.execute(text("SELECT 1"))


@contextmanager
def nothing_runs() -> Iterator[None]:
    """A service that starts nothing beside itself."""
    yield


def application(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """The whole service. Raises VersionRefusal when the tables are not those of this program."""
    database = open_database(settings)
    require_current(database)
    database.engine.dispose()
    return application_of(build_services(settings, clock))


def application_of(services: Services, runs: Running | None = None) -> FastAPI:
    """The whole service over what was opened. `runs` replaces what starts and stops with it."""

    @contextmanager
    def running() -> Iterator[Logs]:
        looking = running_loops([services.keeper.loop()], services.settings.worker.stop_seconds)
        with running_logs(services.logs) as logs, looking:
            yield logs
        services.cropper.close()
        services.database.engine.dispose()

    return build_app(services, ROUTERS, runs or running)
