"""`/acceso` and `/confirmar`: where links of e-mails lead. Static files; what they do goes over `/v1` as
anybody's does.

The secret of the link is behind «#», so no request to this page carries it. Nothing is loaded from
elsewhere and no script stands in the page (its policy forbids both).
"""

from __future__ import annotations

from importlib.resources import files

from starlette.responses import Response

from api.accounts.permissions import Permission
from api.entrada.routes import Consulta
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import HereNow

router = Guarded("/acceso", "paginas")
confirmation = Guarded("/confirmar", "paginas")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@router.get("", Permission.SERVICIO_PAGINA, **file_answer("text/html"))
def page(here: HereNow) -> Response:
    """La página para establecer contraseña y segundo factor con un enlace."""
    return _file("acceso.html", "text/html; charset=utf-8")


@router.get("/acceso.js", Permission.SERVICIO_PAGINA, **file_answer("text/javascript"))
def script(here: HereNow) -> Response:
    """Lo que hace la página."""
    return _file("acceso.js", "text/javascript; charset=utf-8")


@router.get("/acceso.css", Permission.SERVICIO_PAGINA, **file_answer("text/css"))
def style(here: HereNow) -> Response:
    """Cómo se ve la página."""
    return _file("acceso.css", "text/css; charset=utf-8")


@confirmation.get("/confirmar.js", Permission.SERVICIO_PAGINA, **file_answer("text/javascript"))
def confirmation_script(here: HereNow) -> Response:
    """Lo que hace la página de la invitación."""
    return _file("confirmar.js", "text/javascript; charset=utf-8")


@confirmation.get("/{consulta}", Permission.SERVICIO_PAGINA, **file_answer("text/html"))
def confirmation_page(here: HereNow, consulta: Consulta) -> Response:
    """La página para confirmar que nada cambió, con la invitación de un correo."""
    return _file("confirmar.html", "text/html; charset=utf-8")


def _file(name: str, media_type: str) -> Response:
    content = files(__package__).joinpath(name).read_bytes()
    return Response(content, media_type=media_type, headers={"Content-Security-Policy": _POLICY})
