"""`/v1/sesion/oidc`: entering with an identity provider, in a browser or from the app."""

from __future__ import annotations

from fastapi import Query, Request, Response
from starlette.responses import RedirectResponse

from api.accounts import forms
from api.accounts.errors import ProviderRefusal, SignInRefusal
from api.accounts.http_session import (
    COOKIE_MEDIUM,
    STATE_COOKIE,
    give_cookie,
    require_own_origin,
    take_cookie,
    visitor,
)
from api.accounts.means import Visitor
from api.accounts.permissions import Permission
from api.accounts.routes_session import answered
from api.http.bodies import headers_answered
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.rates import Rate

oidc = Guarded("/v1/sesion/oidc", "sesion")


@oidc.get("", Permission.SESION_INICIAR)
def providers(here: HereNow) -> list[forms.ProviderShown]:
    """Los proveedores de identidad que se admiten."""
    known = here.services.accounts.means.settings.providers
    return [forms.ProviderShown(nombre=one.name, titulo=one.title) for one in known]


@oidc.post("/{proveedor}/inicio", Permission.SESION_INICIAR, rate=Rate.SECRETS)
def start(here: HereNow, request: Request, response: Response, proveedor: str) -> forms.ProviderAddress:
    """A dónde va el navegador para entrar con un proveedor."""
    doors = here.services.accounts
    require_own_origin(request, doors.means.public_url, may_lack=True)
    begun = doors.oidc.start(proveedor, here.now)
    # Lax: the browser brings it when the provider sends it here, in no other request of another site.
    response.set_cookie(
        STATE_COOKIE,
        begun.state,
        max_age=doors.means.settings.moment_minutes * 60,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    return forms.ProviderAddress(direccion=begun.address)


@oidc.get(
    "/regreso",
    Permission.SESION_INICIAR,
    rate=Rate.SECRETS,
    status_code=303,
    response_class=RedirectResponse,
    responses={303: {"description": "Al portal.", "headers": headers_answered("Location")}},
)
def come_back(
    here: HereNow,
    request: Request,
    state: str = Query(default="", max_length=64),
    code: str = Query(default="", max_length=4096),
) -> Response:
    """El proveedor devolvió el navegador; sigue el portal, con sesión o con el motivo por el que no."""
    own_state = request.cookies.get(STATE_COOKIE)
    from_where = Visitor(here.address, request.headers.get("user-agent", ""), COOKIE_MEDIUM)
    try:
        entered = here.services.accounts.oidc.come_back(state, own_state, code, from_where, here.now)
    except (SignInRefusal, ProviderRefusal) as refusal:
        return _to_portal(here, f"#entrada={refusal.rule}")
    response = _to_portal(here, "")
    give_cookie(response, entered.opened, here.now)
    return response


def _to_portal(here: Here, fragment: str) -> Response:
    means = here.services.accounts.means
    response = RedirectResponse(f"{means.public_url}{means.settings.portal_path}{fragment}", 303)
    take_cookie(response, STATE_COOKIE)
    return response


@oidc.post("/{proveedor}/nonce", Permission.SESION_INICIAR, rate=Rate.SECRETS, status_code=201)
def nonce(here: HereNow, proveedor: str) -> forms.Nonce:
    """Un nonce de un solo uso, que la aplicación pide a su proveedor poner en el testigo."""
    return forms.Nonce(nonce=here.services.accounts.oidc.nonce_for_app(proveedor, here.now))


@oidc.post("/canje", Permission.SESION_INICIAR, rate=Rate.SECRETS, status_code=201)
def exchange(
    here: HereNow, request: Request, response: Response, form: forms.TokenExchange
) -> forms.SessionOpened:
    """Una sesión por el testigo de identidad (ID token) que obtuvo la aplicación."""
    from_where = visitor(request, here, form.medio)
    entered = here.services.accounts.oidc.exchange(form.testigo, form.nonce, from_where, here.now)
    return answered(here, response, entered.opened, entered.grants)
