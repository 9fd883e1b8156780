"""The ASGI application: routers of the domains behind the gate, problems for everything that goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from importlib import metadata
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.http import logs, refusals
from api.http.edge import Edge
from api.http.guard import Gate, Guarded
from api.http.problems import Body, Problem, answer, schema
from api.services import Services

TITLE = "Certeza: apoyo ciudadano y consulta por internet"
Running = Callable[[], AbstractContextManager[object]]


class UnguardedRouteError(RuntimeError):
    """A route that does not state who may use it: the service does not start."""


def build_app(services: Services, routers: Sequence[Guarded], running: Running) -> FastAPI:
    """Serve `routers`. `running()` is entered when the server starts and left when it stops.

    Raises UnguardedRouteError for a route without a permission.
    """
    app = FastAPI(
        title=TITLE,
        version=metadata.version("certeza"),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(services, running),
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    app.state.services = services
    for guarded in routers:
        require_guarded(guarded)
        app.include_router(guarded.router)
    _answer_errors(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    settings = services.settings
    app.add_middleware(
        Edge, metrics=services.metrics, body_bytes=settings.http.body_bytes, secure=settings.production
    )
    return app


def require_guarded(guarded: Guarded) -> None:
    """Refuse to go on when a route has no gate. Raises UnguardedRouteError."""
    for route in guarded.router.routes:
        gates = [d for d in getattr(route, "dependencies", ()) if isinstance(d.dependency, Gate)]
        if len(gates) != 1:
            raise UnguardedRouteError(f"{getattr(route, 'path', route)}: sin permiso declarado")


def _operation(route: APIRoute) -> str:
    """Names of operations, for clients that are generated: the handler's, with its domain."""
    return f"{str(route.tags[0]).replace('-', '_')}_{route.name}"


def _lifespan(services: Services, running: Running) -> Any:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = services.settings.http.threads
        with running():
            yield

    return lifespan


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> Response:
        return answer(Body(error.kind, error.detail, _id(request), error.extra), error.headers)

    @app.exception_handler(RequestValidationError)
    async def form(request: Request, error: RequestValidationError) -> Response:
        return answer(refusals.body_of_form(error, _id(request)))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        return answer(refusals.body_of_status(error, _id(request)), error.headers)

    @app.exception_handler(Exception)
    async def anything(request: Request, error: Exception) -> Response:
        return _unexpected(request, error)

    for kind, _ in refusals.TABLE:
        app.add_exception_handler(kind, _unexpected)


def _unexpected(request: Request, error: Exception) -> Response:
    body = refusals.body_of(error, _id(request))
    if body.kind.status >= 500:
        names = {"error": type(error).__name__, "lugar": logs.place_of(error)}
        logs.logger().error("falla", solicitud=_id(request), regla=getattr(error, "rule", None), **names)
    return answer(body, _retry(error, body.kind.status))


def _retry(error: Exception, status: int) -> dict[str, str]:
    seconds = getattr(error, "seconds", refusals.RETRY_SECONDS if status == 503 else None)
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _id(request: Request) -> str:
    return str(request.state.request_id)


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes, openapi_version="3.1.0")
        components = made.setdefault("components", {})
        components.setdefault("schemas", {})["Problema"] = schema()
        components["securitySchemes"] = {"sesion": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{}, {"sesion": []}]
        app.openapi_schema = made
    return app.openapi_schema
