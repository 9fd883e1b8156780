"""What people with an account are written. Links carry their token behind «#»: no server ever logs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

_CENTRE = ZoneInfo("America/Mexico_City")
_PATH = "/acceso#"


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail's subject and text."""

    subject: str
    body: str


def link_address(public_url: str, token: str) -> str:
    """Where a person sets credentials."""
    return f"{public_url}{_PATH}{token}"


def _until(expires: datetime) -> str:
    return f"{expires.astimezone(_CENTRE):%d/%m/%Y %H:%M} (hora del centro)"


def first_link(name: str, address: str, expires: datetime) -> Letter:
    """To the new owner of an account."""
    return Letter(
        "Su cuenta de acceso al Sistema de Captación",
        f"""{name}:

Se dio de alta una cuenta de acceso a su nombre. Para establecer su contraseña y su segundo factor, \
abra esta dirección antes del {_until(expires)}:

{address}

La dirección sirve una sola vez. Al entrar se le pedirá la «Declaratoria de Confidencialidad»; su \
cuenta queda activa cuando la firma.

La cuenta es personal. No comparta este mensaje; si no esperaba recibirlo, avise a quien administra \
las cuentas.
""",
    )


def forgotten(name: str, address: str, expires: datetime) -> Letter:
    """To somebody who forgot the password, or of whom another says so."""
    return Letter(
        "Restablecer su contraseña",
        f"""{name}:

Se pidió restablecer la contraseña de su cuenta. Si fue usted, abra esta dirección antes del \
{_until(expires)}:

{address}

Se le pedirá también un código de su aplicación o un código de respaldo. Si no lo pidió, no haga \
nada: su contraseña no cambia.
""",
    )


def credentials_changed(name: str) -> Letter:
    """To the owner of an account whose credentials were just set."""
    return Letter(
        "Cambiaron los datos de acceso de su cuenta",
        f"""{name}:

Se establecieron nuevos datos de acceso en su cuenta y se cerraron sus sesiones anteriores. Si no \
fue usted, avise de inmediato a quien administra las cuentas para que la suspenda.
""",
    )
