"""Asking the service over HTTP as somebody, whatever way people sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from api import wiring
from api.accounts.permissions import Actor, Role
from api.http.app import build_app
from api.http.guard import Guarded
from api.services import Services
from api.settings import Settings
from ledger.database import Database

ADMIN = Actor("cuenta-admin", Role.DERFE_ADMIN)
DESK = Actor("cuenta-mesa", Role.DERFE_OPERADOR)
ENLACE = Actor("cuenta-enlace", Role.OPL_ENLACE, opl="ieez")
OTHER_ENLACE = Actor("cuenta-otra", Role.OPL_ENLACE, opl="iepc")
PROMOVENTE = Actor("cuenta-promovente", Role.PROMOVENTE, proceso="F220617000000021")
OTHER_PROMOVENTE = Actor("cuenta-ajena", Role.PROMOVENTE, proceso="F220617000000022")


class Asking:
    """A service with some routers, asked by one actor after another."""

    def __init__(self, services: Services, *routers: Guarded) -> None:
        self.services = services
        self._routers = routers

    async def __call__(self, actor: Actor | None, method: str, path: str, **options: Any) -> httpx.Response:
        services = replace(self.services, authenticate=lambda _request, _now: actor)
        app = build_app(services, self._routers, wiring.nothing_runs)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as client:
            return await client.request(method, path, **options)


@contextmanager
def asking(
    database: Database, folder: Path, now: datetime, *routers: Guarded, **settings: Any
) -> Iterator[Asking]:
    """The service on this database at this instant."""
    url = database.engine.url.render_as_string(hide_password=False)
    made = Settings(data=folder / "datos", database=url, **settings)
    services = wiring.build_services(made, clock=lambda: now)
    try:
        yield Asking(services, *routers)
    finally:
        services.database.engine.dispose()
