"""Telephones, e-mail addresses, and the services that authenticate an address."""

from __future__ import annotations

import re
from collections.abc import Callable

from email_validator import EmailNotValidError, validate_email

from capture.identity.errors import IdentityRefusal, described

MAX_EMAIL_CHARS = 254  # RFC 5321
AUTHENTICATION = ("google", "facebook", "microsoft", "correo")
"""How an address shows that it is its owner's. `correo`: a code sent to it by this service."""
TextParser = Callable[[str, str], str]
"""From what was typed and the name of its field to the canonical spelling."""
_PHONE = re.compile(r"[2-9][0-9]{9}")
_SEPARATORS = re.compile(r"[\s().-]+")


def phone(text: str, field: str = "Teléfono") -> str:
    """Ten digits. Spaces, hyphens, parentheses and a leading +52 may be typed."""
    typed = _SEPARATORS.sub("", text)
    typed = typed.removeprefix("+52") if typed.startswith("+") else typed
    if not _PHONE.fullmatch(typed):
        digits = typed.isascii() and typed.isdigit()
        got = f"{len(typed)} dígitos" if digits and len(typed) != 10 else "otra forma" if typed else "nada"
        raise IdentityRefusal("telefono", field, "10 dígitos con clave lada", got)
    return typed


def email(text: str, field: str = "Correo electrónico") -> str:
    """The address in small letters. No question is asked to the network."""
    typed = text.strip()
    try:
        made = validate_email(typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        got = "otra forma" if typed else "nada"
        raise IdentityRefusal("correo.forma", field, "una dirección como nombre@dominio", got) from None
    if len(made) > MAX_EMAIL_CHARS:
        raise IdentityRefusal("correo.largo", field, f"a lo más {MAX_EMAIL_CHARS} caracteres", len(made))
    return made


def authentication(text: str, field: str = "Tipo de autenticación") -> str:
    """One of AUTHENTICATION, however it is capitalised."""
    kind = text.strip().lower()
    if kind not in AUTHENTICATION:
        raise IdentityRefusal("autenticacion", field, "Google, Facebook, Microsoft o Correo", described(kind))
    return kind


def words_of_authentication(kind: str) -> str:
    """As people read it."""
    return {"correo": "Correo electrónico con código"}.get(kind, kind.capitalize())
