"""A person's device: derives the Clave, enters with the token, encrypts, casts. The Clave never leaves it.

What it sends is what the page sends (docs/adr/0021-casting.md). Picklable without its connection.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx

from api.demo.errors import UnexpectedOutcome
from api.demo.patience import ANSWER, unanswered, wait_until
from api.demo.sei.people import Voter
from keys import clave
from keys.clave import ClaveKeys, Wrapped
from keys.group import Group, group_named
from keys.randomness import Randomness
from tally.claves.person import normal
from tally.election import Election
from tally.encryption import BallotMaker

_LOOK_SECONDS = 0.05
_TOKEN = re.compile(r"\b\d{6}\b")
_PREFIX = "+52"


@dataclass(frozen=True)
class Polls:
    """Where people opine: the service, the telephones, the consultation and the name of its group."""

    url: str
    telephones: str
    consulta: str
    grupo: str

    @property
    def group(self) -> Group:
        """The group, made once in each process."""
        return _group(self.grupo)


@cache
def _group(name: str) -> Group:
    return group_named(name)


class Answered(UnexpectedOutcome):
    """The service refused what this device asked for, with a stable code."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(f"{detail} [{code}]")


@dataclass
class Device:
    """Of one person. `given`: the Clave that was mailed. Raises Answered for any refusal."""

    polls: Polls
    who: Voter
    given: str = field(repr=False)
    entry: str = field(default="", repr=False)
    session: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.polls.url, timeout=ANSWER)
        self._keys: ClaveKeys | None = None

    @property
    def keys(self) -> ClaveKeys:
        """What Argon2id makes of the Clave: slow, once."""
        if self._keys is None:
            self._keys = clave.derive(self.given, self.polls.consulta, normal(self.who.clave_elector))
        return self._keys

    @property
    def headers(self) -> dict[str, str]:
        """With what each request of the session goes."""
        return {"X-Sesion-Opinion": str(self.session["sesion"])}

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request of this consultation."""
        answer = self._answered(method, f"/v1/consultas/{self.polls.consulta}{path}", options)
        if answer.is_server_error:
            raise UnexpectedOutcome(f"{path} respondió {answer.status_code}: {answer.text}")
        if not answer.is_success:
            told = answer.json()
            raise Answered(str(told.get("codigo") or told["type"].rpartition("/")[2]), told["detail"])
        return answer

    def enter(self) -> str:
        """The three data; the token that came by SMS."""
        before = len(self.messages())
        auth = self.keys.auth_key.hex()
        form = {"clave_elector": self.who.clave_elector, "ocr": self.who.ocr, "auth": auth}
        self.entry = str(self.ask("POST", "/entradas", json=form).json()["entrada"])
        return self._token(before)

    def enter_again(self) -> str:
        """Another token; the one that came."""
        before = len(self.messages())
        self.ask("POST", "/entradas/token", json={"entrada": self.entry})
        return self._token(before)

    def begin(self, token: str) -> None:
        """A session of at most 15 minutes."""
        form = {"entrada": self.entry, "token": token}
        self.session = self.ask("POST", "/entradas/sesion", json=form).json()

    def sign_in(self) -> None:
        """Enter, and begin with the token."""
        self.begin(self.enter())

    def slip(self, unidad: str) -> dict[str, Any]:
        """The virtual ballot of a UT of the person's section."""
        return next(one for one in self.session["boletas"] if one["clave"] == unidad)

    def ballot(self, unidad: str, mark: int, random: Randomness) -> bytes:
        """Encrypted and signed. `mark`: 0 is blank, n the project number n."""
        election = Election.from_bytes(self.slip(unidad)["eleccion"].encode(), "eleccion")
        size = election.questions[0].size
        choice = [int(i == mark) for i in range(size)]
        maker = BallotMaker(self.polls.group, election, random)
        return maker.make(self._credential(), [choice]).data

    def cast(self, data: bytes) -> dict[str, Any]:
        """«Confirmar»; the receipt."""
        told: dict[str, Any] = self.ask("POST", "/opiniones", content=data, headers=self.headers).json()
        return told

    def leave(self) -> None:
        """«Salir del Sistema»."""
        self.ask("POST", "/sesion/salida", headers=self.headers)

    def messages(self) -> list[str]:
        """The text messages of the person's telephone."""
        path = f"{self.polls.telephones}/{_PREFIX}{self.who.telefono}"
        found: list[str] = self._answered("GET", path, {}).json()
        return found

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def _token(self, before: int) -> str:
        came: list[str] = []

        def has_come() -> bool:
            came.extend(found[0] for text in self.messages()[before:] if (found := _TOKEN.search(text)))
            return bool(came)

        wait_until(has_come, "un token por SMS", _LOOK_SECONDS)
        return came[0]

    def _answered(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        try:
            return self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise unanswered("un dispositivo", f"{method} {path}", error) from None

    def _credential(self) -> str:
        given = self.session["credencial"]
        auth = hashlib.sha256(self.keys.auth_key).digest()
        wrapped = Wrapped(auth, bytes.fromhex(given["nonce"]), bytes.fromhex(given["sellada"]))
        return clave.unwrap(self.keys, wrapped)
