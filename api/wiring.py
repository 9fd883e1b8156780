"""Which adapter stands behind each port: the only place, beside the command line, that names them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlalchemy import text

from api.http import health
from api.http.app import build_app
from api.http.guard import Guarded
from api.http.metrics import Metrics
from api.http.rates import Rates
from api.services import Services
from api.settings import Settings
from ledger.database import Database, open_engine

ROUTERS: tuple[Guarded, ...] = (health.service,)
"""Every router of every domain."""


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def build_services(settings: Settings) -> Services:
    """Open what the service stands on. The folder of data is made when it is not there."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(open_engine(settings.database_url, settings.database_connections))
    metrics = Metrics()
    return Services(
        settings=settings,
        clock=system_clock,
        random=os.urandom,
        database=database,
        metrics=metrics,
        rates=Rates(settings.rates, metrics),
        authenticate=lambda _request, _now: None,
        parts={"base de datos": lambda: _ask(database)},
    )


def _ask(database: Database) -> None:
    with database.reading() as db:
        db.execute(text("SELECT 1"))


@contextmanager
def nothing_runs() -> Iterator[None]:
    """A service that starts nothing beside itself."""
    yield


def application(settings: Settings) -> FastAPI:
    """The whole service."""
    services = build_services(settings)

    @contextmanager
    def running() -> Iterator[None]:
        try:
            yield
        finally:
            services.database.engine.dispose()

    return build_app(services, ROUTERS, running)
