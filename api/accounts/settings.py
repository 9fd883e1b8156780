"""Settings of accounts and sign-in, each with its unit."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.errors import SettingsRefusal
from api.accounts.session import Lifetimes


class Provider(BaseModel):
    """An identity provider that speaks OpenID Connect, such as `https://accounts.google.com`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    """How addresses and the registration of a promovente or auxiliar call it: `google`."""
    title: str
    """How people call it."""
    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    """A file with the secret; None for a public client, which PKCE alone protects."""
    app_client_ids: tuple[str, ...] = ()
    """Other clients whose ID tokens are taken: the same project's apps."""
    trial: bool = False
    """Vouches for whatever it is told: refused in production."""

    @property
    def audiences(self) -> frozenset[str]:
        """For whom an ID token may be made."""
        return frozenset({self.client_id, *self.app_client_ids})


class AccountsSettings(BaseModel):
    """Who may have an account, and for how long things are open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_file: Path | None = None
    """The key that seals what the database must not show; None: `cuentas.llave` in the data folder."""
    institutional_domains: tuple[str, ...] = ("ine.mx",)
    """Domains of the e-mails of staff."""
    link_hours: int = Field(default=72, ge=1)
    """Hours that the first link to an account is open."""
    forgotten_minutes: int = Field(default=30, ge=1)
    """Minutes that a link for a forgotten password is open."""
    moment_minutes: int = Field(default=10, ge=1)
    """Minutes that a challenge or a sign-in with a provider is open."""
    portal_path: str = Field(default="/", pattern=r"^/[A-Za-z0-9/_-]*$")
    """Where the browser goes after a sign-in with a provider."""
    lifetimes: Lifetimes = Lifetimes()
    providers: tuple[Provider, ...] = ()

    def require_fit(self, *, production: bool, public_url: str) -> None:
        """Raise SettingsRefusal for what must not be used with people's data."""
        names = [provider.name for provider in self.providers]
        if len(set(names)) != len(names):
            raise SettingsRefusal("cuentas.proveedores", "providers", "nombres distintos", "uno repetido")
        if not production:
            return
        if urlsplit(public_url).scheme != "https":
            raise SettingsRefusal("cuentas.tls", "http.public_url", "https://…", public_url)
        for provider in self.providers:
            if provider.trial or urlsplit(provider.issuer).scheme != "https":
                expected = "un proveedor de verdad, con https"
                raise SettingsRefusal("cuentas.proveedor-de-ensayo", provider.name, expected, provider.issuer)
