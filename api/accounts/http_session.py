"""How a session travels: a bearer token, or a cookie that scripts cannot read and other sites cannot use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from api.accounts.authenticate import actor_of
from api.accounts.means import Means, Opened, Visitor
from api.accounts.passkeys import origin
from api.accounts.permissions import Actor
from api.http.here import Here
from api.http.problems import Problem

COOKIE = "__Host-certeza"
STATE_COOKIE = "__Host-certeza-entrada"
COOKIE_MEDIUM, BEARER_MEDIUM = "cookie", "portador"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = "bearer "


def bearer_of(request: Request) -> str | None:
    """The token in the header, if there is one."""
    header = request.headers.get("authorization", "")
    return header[len(_BEARER) :].strip() if header[: len(_BEARER)].lower() == _BEARER else None


def token_of(request: Request) -> str | None:
    """The session's token, if the request carries one: the header goes before the cookie."""
    bearer = bearer_of(request)
    return request.cookies.get(COOKIE) if bearer is None else bearer


def authenticator(means: Means) -> Callable[[Request, datetime], Actor | None]:
    """What the gate of every route asks. None: nobody, or a session that is over.

    A cookie is sent by the browser whoever asks, so what changes something must come from our own pages.
    """

    def authenticate(request: Request, now: datetime) -> Actor | None:
        token = token_of(request)
        if token is None:
            return None
        by_cookie = bearer_of(request) is None
        if by_cookie and request.method not in _SAFE:
            require_own_origin(request, means.public_url, may_lack=False)
        return actor_of(means, token, now)

    return authenticate


def require_own_origin(request: Request, public_url: str, *, may_lack: bool) -> None:
    """Raise Problem (403) when the request comes from a page of another site, or does not say from which."""
    stated = request.headers.get("origin")
    if stated == origin(public_url) or (stated is None and may_lack):
        return
    detail = "La solicitud no viene de una página de este servicio."
    raise Problem("sin-permiso", detail, codigo="sesion.origen")


def visitor(request: Request, here: Here, medium: str) -> Visitor:
    """From where somebody enters. A cookie is only given to our own pages."""
    if medium == COOKIE_MEDIUM:
        require_own_origin(request, here.services.accounts.means.public_url, may_lack=True)
    return Visitor(here.address, request.headers.get("user-agent", ""), medium)


def give_cookie(response: Response, opened: Opened, now: datetime) -> None:
    """Set the session's cookie, when that is how its token travels."""
    if opened.session.medio != COOKIE_MEDIUM:
        return
    seconds = max(int((opened.session.vence - now).total_seconds()), 0)
    response.set_cookie(
        COOKIE, opened.token, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict"
    )


def take_cookie(response: Response, name: str = COOKIE) -> None:
    """Have the browser forget the cookie."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="strict")


def own_token(request: Request) -> str:
    """The token of a route that only people with a session reach."""
    token = token_of(request)
    if token is None:
        raise RuntimeError("a route that needs a session lets in people without one")
    return token
