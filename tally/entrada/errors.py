"""What entry refuses. None of it says which of the data was wrong, or whether a person is registered."""

from __future__ import annotations

from datetime import datetime

from keys.clave import EntryRefusal
from keys.errors import Refusal

__all__ = ["EntryRefusal", "NoSession", "TokenBlocked", "TokenRefusal", "wrong_data"]


class TokenRefusal(Refusal):
    """A token cannot be used, or another one cannot be sent."""


class TokenBlocked(TokenRefusal):
    """A third additional request came: only the CAT may unblock (SEI-15)."""


class NoSession(Refusal):
    """There is no open session, or entry, behind a secret."""


def wrong_data() -> EntryRefusal:
    """The same for a person that there is not, a wrong OCR, a wrong Clave and a disabled one (SEI-13)."""
    got = "verifíquelos y vuelva a capturarlos"
    return EntryRefusal("entrada.datos", "datos de entrada", "datos correctos", got)


def blocked() -> TokenBlocked:
    """As it is said to the person."""
    expected = "a lo más dos solicitudes adicionales del token"
    return TokenBlocked("token.bloqueo", "token", expected, "una tercera: comuníquese al CAT")


def wrong_code(left: int) -> TokenRefusal:
    """Another code than the one that was sent last."""
    got = f"otro; quedan {left} intentos" if left else "otro; solicite un token nuevo"
    return TokenRefusal("token.valor", "token", "el último que recibió por SMS", got)


def no_token(vence: datetime | None) -> TokenRefusal:
    """There is no token to be used: never sent, too old, tried too often or used."""
    got = "ninguno" if vence is None else "uno que venció o se agotó"
    return TokenRefusal("token.vigencia", "token", "un token vigente; solicite otro", got)
