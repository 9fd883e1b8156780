"""A whole service on a database of the test, with people who are who a header says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import anyio
import httpx
from fastapi import FastAPI
from sqlalchemy import select
from starlette.requests import Request

from api import wiring
from api.accounts.permissions import Actor, Role
from api.acts.tables import actos
from api.http.app import build_app
from api.outbox.tables import mensajes
from api.services import Services
from api.settings import Settings
from capture.vault.chamber_folder import FolderChamber, create_master, read_master
from ledger.database import Database
from tests.capture.registration_samples import NOW

ADMIN = Actor("derfe", Role.DERFE_ADMIN)
DERFE = Actor("operador", Role.DERFE_OPERADOR)
ENLACE = Actor("enlace", Role.OPL_ENLACE, opl="ieez")
OTHER = Actor("otro", Role.OPL_ENLACE, opl="iepc")
_WHO = "x-prueba"


def _actor(request: Request, _now: datetime) -> Actor | None:
    told = json.loads(request.headers.get(_WHO, "null"))
    return None if told is None else Actor(**{**told, "role": Role(told["role"])})


@dataclass
class Service:
    """Asks as somebody, and looks at what was told and written."""

    services: Services
    now: datetime = NOW

    @cached_property
    def app(self) -> FastAPI:
        services = replace(self.services, authenticate=_actor, clock=lambda: self.now)
        return build_app(services, wiring.ROUTERS, wiring.nothing_runs)

    def ask(self, who: Actor | None, method: str, path: str, **options: Any) -> httpx.Response:
        told = (
            None
            if who is None
            else {k: getattr(who, k) for k in ("account", "role", "opl", "proceso", "auxiliar")}
        )
        headers = {_WHO: json.dumps(told), **options.pop("headers", {})}
        return anyio.run(self._ask, method, path, {**options, "headers": headers})

    def made(self, who: Actor | None, method: str, path: str, **options: Any) -> Any:
        answer = self.ask(who, method, path, **options)
        assert answer.status_code in (200, 201, 204), answer.text
        return (
            answer.json() if answer.content and "json" in answer.headers["content-type"] else answer.content
        )

    def refused(self, status: int, who: Actor | None, method: str, path: str, **options: Any) -> Any:
        answer = self.ask(who, method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json()

    def acts(self) -> list[str]:
        with self.services.database.reading() as db:
            return sorted(db.execute(select(actos.c.tipo)).scalars())

    def mails(self, to: str) -> list[tuple[str, str]]:
        with self.services.database.reading() as db:
            query = select(mensajes.c.tipo, mensajes.c.cuerpo).where(mensajes.c.destino == to)
            return [(row[0], row[1]) for row in db.execute(query)]

    async def _ask(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
            return await http.request(method, path, **options)


@contextmanager
def running(database: Database, folder: Path) -> Iterator[Service]:
    """The service with its own folder of data."""
    url = database.engine.url.render_as_string(hide_password=False)
    built = wiring.build_services(Settings(data=folder, database=url), lambda: NOW)
    create_master(folder / "maestra")
    chamber = FolderChamber(folder / "boveda", read_master(folder / "maestra"))
    try:
        yield Service(replace(built, chamber=chamber))
    finally:
        built.database.engine.dispose()
