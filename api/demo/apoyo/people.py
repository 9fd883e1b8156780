"""Who acts in the rehearsal, each with a session: staff with password and codes, the rest by a provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pyotp

from api.demo.apoyo.town import APP, PROVIDER, Town
from api.demo.errors import UnexpectedOutcome

PASSWORD = "cuatro nopales junto al pozo"  # noqa: S105 - of invented people
_STEP_SECONDS = 31
"""A code of the app is good once: the next one comes in 30 seconds."""
_PATIENCE = 120.0


class Client:
    """Requests of one person, who has a bearer token or none. Raises UnexpectedOutcome for any refusal."""

    def __init__(self, town: Town, who: str, token: str | None = None) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=town.url, headers=headers, timeout=_PATIENCE)
        self._who = who

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer, which is a success."""
        answer = self._http.request(method, path, **options)
        if not answer.is_success:
            raise UnexpectedOutcome(
                f"{self._who}: {method} {path} respondió {answer.status_code}: {answer.text}"
            )
        return answer

    def get(self, path: str, **options: Any) -> Any:
        """What is answered, as JSON."""
        return self.ask("GET", path, **options).json()

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """What is answered, as JSON; None for nothing."""
        answer = self.ask("POST", path, json=body, **options)
        return answer.json() if answer.content else None

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()


@dataclass
class Staff:
    """Somebody of an institute. `client` signs in again when the session is over."""

    town: Town
    email: str
    name: str
    secret: str = ""
    account: str = ""
    _client: Client | None = field(default=None, repr=False)
    _entered: datetime | None = None

    def enrol(self, link: str) -> None:
        """From the first link to the signed Declaratoria de Confidencialidad."""
        first = Client(self.town, self.email)
        self.secret = first.post("/v1/sesion/enlace", {"enlace": link})["secreto"]
        form = {"enlace": link, "contrasena": PASSWORD, "codigo": self._code(), "medio": "portador"}
        opened = first.post("/v1/sesion/enlace/confirmar", form)
        client = Client(self.town, self.email, opened["testigo"])
        text = client.get("/v1/declaratoria")
        client.post("/v1/declaratoria", {"version": text["version"], "sha256": text["sha256"]})
        self.account = client.get("/v1/sesion")["cuenta"]
        self._client, self._entered = client, self.town.clock()

    @property
    def client(self) -> Client:
        """A session in which a second factor was given not long ago."""
        now = self.town.clock()
        if self._client is None or self._entered is None or (now - self._entered).total_seconds() > 240:
            self._client = self._enter()
        return self._client

    def _enter(self) -> Client:
        self.town.clock.wait(_STEP_SECONDS)
        form = {"correo": self.email, "contrasena": PASSWORD, "codigo": self._code(), "medio": "portador"}
        opened = Client(self.town, self.email).post("/v1/sesion/contrasena", form)
        self._entered = self.town.clock()
        return Client(self.town, self.email, opened["testigo"])

    def _code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.town.clock())


def enter_with_provider(town: Town, email: str) -> str:
    """The token of a session that the app opens with the provider's word for an e-mail."""
    outside = Client(town, email)
    nonce = outside.post(f"/v1/sesion/oidc/{PROVIDER}/nonce")["nonce"]
    testimony = town.provider.sign(town.provider.claims(APP, email, nonce))
    opened = outside.post(
        "/v1/sesion/oidc/canje", {"testigo": testimony, "nonce": nonce, "medio": "portador"}
    )
    outside.close()
    return str(opened["testigo"])


def link_for(town: Town, email: str) -> str:
    """The link in the newest mail to somebody."""
    town.deliver()
    for message in reversed(town.mailbox.to(email)):
        body = message.get_content()
        if "#" in body:
            return str(body.split("#")[1].split()[0])
    raise UnexpectedOutcome(f"no llegó ningún enlace a {email}")
