"""Deny by default: a router whose every route states who may use it, and the gate that asks.

A route is only served when it was made with `Guarded`; `api/http/app.py` refuses to start with another one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from api.accounts.http_session import token_of
from api.accounts.permissions import GRAVE, ROLES_OF, Actor, Permission, Role
from api.http.here import Here
from api.http.plain import PlainRoute
from api.http.problems import MEDIA_TYPE, Problem
from api.http.rates import Rate
from api.services import Services

Handler = Callable[..., Any]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Gate:
    """Lets a request pass when the permission of its route is given to who asks; leaves a `Here` behind."""

    def __init__(self, permission: Permission, rate: Rate | None) -> None:
        self.permission = permission
        self.rate = rate

    async def __call__(self, request: Request) -> None:
        """Raise a Problem (401, 403, 429 or 503), or set `request.state.here`."""
        services: Services = request.app.state.services
        address = request.client.host if request.client else "local"
        now = services.clock()
        actor = await _actor(services, request, now)
        request.state.actor = actor
        _require(self.permission, actor)
        _require_recent(self.permission, actor, now, services.settings.accounts.lifetimes.second_factor)
        rate = self.rate or (Rate.READING if request.method in _SAFE else Rate.WRITING)
        services.rates.require(rate, actor.account if actor else address)
        request.state.here = Here(actor, now, request.state.request_id, address, services)


async def _actor(services: Services, request: Request, now: datetime) -> Actor | None:
    """Whose session it is; where there is no token nothing is looked for, and no thread is needed."""
    if token_of(request) is None:
        return services.authenticate(request, now)
    return await run_in_threadpool(services.authenticate, request, now)


def _require(permission: Permission, actor: Actor | None) -> None:
    role = actor.role if actor else Role.ANONIMO
    allowed = ROLES_OF[permission]
    if role in allowed or Role.ANONIMO in allowed:
        return
    if actor is None:
        challenge = {"WWW-Authenticate": "Bearer"}
        raise Problem("sin-sesion", "La sesión no se inició, venció o se cerró.", headers=challenge)
    raise Problem("sin-permiso", _lacking(role, permission), permiso=permission.value)


def _lacking(role: Role, permission: Permission) -> str:
    if role is Role.PENDIENTE:
        return "Falta firmar la Declaratoria de Confidencialidad; la cuenta queda activa al firmarla."
    return f"Hace falta el permiso «{permission.value}»."


def _require_recent(permission: Permission, actor: Actor | None, now: datetime, recent: timedelta) -> None:
    if permission not in GRAVE:
        return
    if actor is None or actor.verified is None or now - actor.verified > recent:
        minutes = int(recent.total_seconds()) // 60
        detail = f"Dé otra vez su segundo factor: para esto debe tener a lo más {minutes} minutos."
        raise Problem("sin-permiso", detail, codigo="sesion.refuerzo", permiso=permission.value)


class Guarded:
    """A router of one domain. Each route is made with its permission; `rate` when it is not the usual one."""

    def __init__(self, prefix: str, tag: str) -> None:
        self.router = APIRouter(prefix=prefix, tags=[tag], route_class=PlainRoute)

    def get(self, path: str, permission: Permission, **options: Any) -> Callable[[Handler], Handler]:
        """A route that only reads."""
        return self.route("GET", path, permission, **options)

    def post(self, path: str, permission: Permission, **options: Any) -> Callable[[Handler], Handler]:
        """A route that makes something; `status_code=201` where it does."""
        return self.route("POST", path, permission, **options)

    def put(self, path: str, permission: Permission, **options: Any) -> Callable[[Handler], Handler]:
        """A route that sets something whole."""
        return self.route("PUT", path, permission, **options)

    def patch(self, path: str, permission: Permission, **options: Any) -> Callable[[Handler], Handler]:
        """A route that changes part of something."""
        return self.route("PATCH", path, permission, **options)

    def delete(self, path: str, permission: Permission, **options: Any) -> Callable[[Handler], Handler]:
        """A route that ends something."""
        return self.route("DELETE", path, permission, **options)

    def route(
        self, method: str, path: str, permission: Permission, *, rate: Rate | None = None, **options: Any
    ) -> Callable[[Handler], Handler]:
        """Any method. `options` are FastAPI's; `responses` are added to the problems that every route has."""

        def add(handler: Handler) -> Handler:
            own = options.pop("responses", {})
            summary = (handler.__doc__ or "").partition("\n\n")[0]
            self.router.add_api_route(
                path,
                handler,
                methods=[method],
                dependencies=[Depends(Gate(permission, rate))],
                summary=" ".join(summary.split()) or None,
                responses={**_PROBLEMS, **own},
                openapi_extra={"x-permiso": permission.value, **options.pop("openapi_extra", {})},
                **options,
            )
            return handler

        return add


def _described(text: str) -> dict[str, Any]:
    reference = {"schema": {"$ref": "#/components/schemas/Problema"}}
    return {"description": text, "content": {MEDIA_TYPE: reference}}


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": _described("No se hizo: la solicitud, la sesión o el estado de las cosas no lo permite."),
    "5XX": _described("No se hizo: el servicio no puede en este momento."),
    422: _described("Hay datos que corregir."),
}
