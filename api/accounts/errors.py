"""What sign-in and the administration of accounts refuse."""

from __future__ import annotations

from keys.errors import Refusal


class SignInRefusal(Refusal):
    """Whoever asks is not let in. It says the same whatever was wrong: nothing can be learnt from it."""


class TooSoon(Refusal):
    """Too many attempts failed; `seconds` until the next one is looked at."""

    def __init__(self, rule: str, place: str, expected: object, got: object, seconds: int = 60) -> None:
        super().__init__(rule, place, expected, got)
        self.seconds = seconds


class Busy(Refusal):
    """Too many sign-ins are being checked at this moment. Trying again in some seconds is safe."""


class AccountRefusal(Refusal):
    """The state of an account does not allow it, or there is one already."""


class ApplicationRefusal(AccountRefusal):
    """The data that ask for an account are not in order."""


class CredentialRefusal(Refusal):
    """A new password, code or passkey is not one that may be set."""


class UnknownAccount(Refusal):
    """There is no account with this id, or not one that is in sight."""


class SettingsRefusal(Refusal):
    """The settings are not fit for the service to start."""


class ProviderRefusal(Refusal):
    """An identity provider did not answer, or not as OpenID Connect says."""


def not_let_in() -> SignInRefusal:
    """The one answer to everything that can be wrong with a sign-in."""
    return SignInRefusal(
        "sesion.credenciales", "inicio de sesión", "datos de acceso que coincidan", "algo que no coincide"
    )
