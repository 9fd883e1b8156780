"""Who acts in a rehearsal over HTTP: requests of one person, and staff with password and codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import httpx
import pyotp

from api.demo.errors import UnexpectedOutcome
from api.demo.patience import ANSWER, unanswered

PASSWORD = "cuatro nopales junto al pozo"  # noqa: S105 - of invented people
_STEP_SECONDS = 30
"""A code of the app is good once: the next one comes this much later."""
_STRONG_SECONDS = 480
"""A second factor that was given longer ago may not be enough for the gravest acts."""


class Clock(Protocol):
    """The clock of a rehearsal, which may be moved ahead."""

    def __call__(self) -> datetime:
        """Now."""

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass at once."""


class Place(Protocol):
    """A service and the clock that it goes by."""

    @property
    def url(self) -> str:
        """Where it answers."""

    @property
    def clock(self) -> Clock:
        """Its clock."""


class Client:
    """Requests of one person, with a bearer token or none. Raises UnexpectedOutcome for what must not be."""

    def __init__(self, place: Place, who: str, token: str | None = None) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=place.url, headers=headers, timeout=ANSWER)
        self._who = who

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer, which is a success."""
        answer = self._answered(method, path, options)
        if not answer.is_success:
            raise UnexpectedOutcome(
                f"{self._who}: {method} {path} respondió {answer.status_code}: {answer.text}"
            )
        return answer

    def refused(self, method: str, path: str, **options: Any) -> str:
        """The stable code of a refusal, which must come."""
        if (code := self.tried(method, path, **options)) is None:
            raise UnexpectedOutcome(f"{self._who}: {method} {path} debía rechazarse, y se hizo")
        return code

    def tried(self, method: str, path: str, **options: Any) -> str | None:
        """The stable code of the refusal; None when it was done."""
        answer = self._answered(method, path, options)
        if answer.is_server_error:
            raise UnexpectedOutcome(f"{self._who}: {method} {path} respondió {answer.status_code}")
        if answer.is_success:
            return None
        told = answer.json()
        return str(told.get("codigo") or told["type"].rpartition("/")[2])

    def get(self, path: str, **options: Any) -> Any:
        """What is answered, as JSON."""
        return self.ask("GET", path, **options).json()

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """What is answered, as JSON; None for nothing."""
        return self._sent("POST", path, body, options)

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        """What is answered, as JSON; None for nothing."""
        return self._sent("PUT", path, body, options)

    def _sent(self, method: str, path: str, body: Any, options: dict[str, Any]) -> Any:
        given = options if "content" in options else {"json": body, **options}
        answer = self.ask(method, path, **given)
        return answer.json() if answer.content else None

    def _answered(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        try:
            return self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise unanswered(self._who, f"{method} {path}", error) from None

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()


@dataclass
class Staff:
    """Somebody of an institute. `client` signs in again when the session is over."""

    place: Place
    email: str
    name: str
    secret: str = ""
    account: str = ""
    _client: Client | None = field(default=None, repr=False)
    _entered: datetime | None = None
    _used: int = -1

    def enrol(self, link: str) -> None:
        """From the first link to the signed Declaratoria de Confidencialidad."""
        first = Client(self.place, self.email)
        self.secret = first.post("/v1/sesion/enlace", {"enlace": link})["secreto"]
        form = {"enlace": link, "contrasena": PASSWORD, "codigo": self._code(), "medio": "portador"}
        opened = first.post("/v1/sesion/enlace/confirmar", form)
        client = Client(self.place, self.email, opened["testigo"])
        text = client.get("/v1/declaratoria")
        client.post("/v1/declaratoria", {"version": text["version"], "sha256": text["sha256"]})
        self.account = client.get("/v1/sesion")["cuenta"]
        self._client, self._entered = client, self.place.clock()

    @property
    def client(self) -> Client:
        """A session in which a second factor was given not long ago."""
        now = self.place.clock()
        if (
            self._client is None
            or self._entered is None
            or (now - self._entered).total_seconds() > _STRONG_SECONDS
        ):
            self._client = self._enter()
        return self._client

    def _enter(self) -> Client:
        form = {"correo": self.email, "contrasena": PASSWORD, "codigo": self._code(), "medio": "portador"}
        opened = Client(self.place, self.email).post("/v1/sesion/contrasena", form)
        self._entered = self.place.clock()
        return Client(self.place, self.email, opened["testigo"])

    def _code(self) -> str:
        """The code of now, or the next one where that was used already."""
        clock = self.place.clock
        if _step(clock()) == self._used:
            clock.wait(_STEP_SECONDS)
        now = clock()
        self._used = _step(now)
        return pyotp.TOTP(self.secret).at(now)


def _step(moment: datetime) -> int:
    return int(moment.timestamp()) // _STEP_SECONDS
