"""A staff account as an oficio asks for it: one per person, with the data of source 001, 4.2 and 4.3."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from api.accounts.errors import ApplicationRefusal
from api.accounts.permissions import INSTITUTIONAL, OF_AN_OPL, Role
from api.accounts.states import State

NAME_CHARACTERS = 160
OFICIO_CHARACTERS = 80
PHONE_DIGITS = 10
_EMAIL = re.compile(r"[a-z0-9._%+'-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_PHONE = re.compile(r"[0-9]{10}(?: ext\. [0-9]{1,6})?")


def normal_email(text: str) -> str:
    """An e-mail as it is stored and compared: trimmed, in lower case. Raises ApplicationRefusal."""
    email = text.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise ApplicationRefusal("cuenta.correo", "correo", "un correo electrónico", "otro texto")
    return email


@dataclass(frozen=True, slots=True)
class Oficio:
    """The document by which an institute asked for an account."""

    numero: str
    fecha: date


@dataclass(frozen=True, slots=True)
class Application:
    """What is asked for: «nombre completo, cargo, cuenta de correo electrónico institucional, así como número
    telefónico», in which role and, for the staff of a local institute, in which OPL."""

    nombre: str
    cargo: str
    correo: str
    telefono: str
    rol: Role
    opl: str | None
    oficio: Oficio


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is stored. Of one that signs in with a provider, `rol` and the oficio are None."""

    id: str
    correo: str
    nombre: str
    rol: Role | None
    opl: str | None
    estado: State
    creada: datetime
    cargo: str | None = None
    telefono: str | None = None
    oficio: Oficio | None = None

    @property
    def institutional(self) -> bool:
        """Whether it is of staff."""
        return self.rol is not None


def checked(application: Application, domains: Collection[str]) -> Application:
    """The application in order. `domains`: of institutional e-mails. Raises ApplicationRefusal."""
    email = normal_email(application.correo)
    expected = f"un correo institucional, de {', '.join(domains)} (ajuste accounts.institutional_domains)"
    _require(email.rpartition("@")[2] in domains, "correo", expected, "otro dominio")
    _require(application.rol in INSTITUTIONAL, "rol", "un rol institucional", application.rol.value)
    _require((application.opl is not None) == (application.rol in OF_AN_OPL), "opl", *_OPL_WORDS)
    _require(
        bool(_PHONE.fullmatch(application.telefono)), "telefono", f"{PHONE_DIGITS} dígitos", "otro texto"
    )
    oficio = Oficio(_text(application.oficio.numero, "oficio", OFICIO_CHARACTERS), application.oficio.fecha)
    return Application(
        nombre=_text(application.nombre, "nombre", NAME_CHARACTERS),
        cargo=_text(application.cargo, "cargo", NAME_CHARACTERS),
        correo=email,
        telefono=application.telefono,
        rol=application.rol,
        opl=application.opl,
        oficio=oficio,
    )


_OPL_WORDS = ("el OPL de quien trabaja en uno, y de nadie más", "otra cosa")


def _text(text: str, field: str, most: int) -> str:
    plain = " ".join(text.split())
    fits = 0 < len(plain) <= most and plain.isprintable()
    _require(fits, field, f"un texto de 1 a {most} caracteres", f"{len(plain)} caracteres")
    return plain


def _require(holds: bool, field: str, expected: str, got: object) -> None:
    if not holds:
        raise ApplicationRefusal(f"cuenta.{field}", field, expected, got)
