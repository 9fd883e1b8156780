"""Devices that vote over HTTP while the service is killed under them, and do not give up."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from api.outbox.tables import mensajes
from tally.entrada.errors import TokenRefusal
from tally.entrada.tokens_sql import Tokens
from tests.api.consultas.town import URL
from tests.api.killing import HOST
from tests.api.opinion.open_now import OpenNow, entry_of
from tests.tally.opinion.polling import person_data, person_id

FINAL = frozenset({"urna.persona", "urna.credencial_usada"})
"""Another device of the person was first."""
_CUT = 0.25
"""How often a connection is cut before its answer is read."""


@dataclass
class Voting:
    """What all devices share. `sessions`: of people who entered already."""

    port: int
    open: OpenNow
    sessions: Mapping[int, str]
    over: threading.Event = field(default_factory=threading.Event)
    until: float = field(default_factory=lambda: time.monotonic() + 240)


class Device(threading.Thread):
    """Casts one ballot of each of its people, then asks for their receipts again until it is over."""

    def __init__(self, voting: Voting, ballots: Mapping[int, bytes], seed: str) -> None:
        super().__init__(daemon=True)
        self._voting, self._ballots, self._chance = voting, ballots, random.Random(seed)
        self.receipts: dict[int, dict[str, Any]] = {}
        self.refused: dict[int, str] = {}
        self.others: list[tuple[dict[str, Any], dict[str, Any]]] = []
        """Answers to a retry that were not the first one."""
        self.retries = 0

    def run(self) -> None:
        for person in self._ballots:
            self._vote(person)
        while not self._voting.over.is_set() and self.receipts:
            self._again(self._chance.choice(list(self.receipts)))
            time.sleep(0.01)

    def _vote(self, person: int) -> None:
        session = self._voting.sessions.get(person, "")
        while time.monotonic() < self._voting.until:
            session = session or self._entered(person)
            status, answer = self._ask("/opiniones", self._ballots[person], session)
            if status == 200:
                self.receipts[person] = answer
                return
            if answer.get("codigo") in FINAL:
                self.refused[person] = answer["codigo"]
                return
            session = "" if status == 401 else session
        raise AssertionError(f"persona {person}: {status} {answer}")

    def _again(self, person: int) -> None:
        """The same bytes, with a session that may be over or without any."""
        status, answer = self._ask("/opiniones", self._ballots[person], self._voting.sessions.get(person, ""))
        if status == 200:
            self.retries += 1
            if answer != self.receipts[person]:
                self.others.append((self.receipts[person], answer))

    def _entered(self, person: int) -> str:
        """A session, with the token that was sent."""
        while time.monotonic() < self._voting.until:
            status, entry = self._ask("/entradas", json.dumps(entry_of(person)).encode())
            if status == 403:
                self._unblock(person)
            if status != 201 or not (token := self._token(person)):
                continue
            form = {"entrada": entry["entrada"], "token": token}
            status, opened = self._ask("/entradas/sesion", json.dumps(form).encode())
            if status == 201:
                return str(opened["sesion"])
        raise AssertionError(f"persona {person}: no entró")

    def _token(self, person: int) -> str:
        c = mensajes.c
        sent = select(c.cuerpo).where(c.tipo == "secreto.token", c.destino == person_data(person).telefono)
        with suppress(DBAPIError), self._voting.open.database.reading() as db:
            text = db.execute(sent.order_by(c.id.desc()).limit(1)).scalar_one()
            return str(text.partition(" es ")[2][:6])
        return ""

    def _unblock(self, person: int) -> None:
        """The CAT, when so many answers were lost that no token is left."""
        with suppress(DBAPIError, TokenRefusal), self._voting.open.database.writing() as db:
            Tokens(db).unblock(person_id(person))

    def _ask(self, path: str, body: bytes, session: str = "") -> tuple[int, dict[str, Any]]:
        """(status, answer); (0, {}) when none came. Now and then the device does not wait for it."""
        headers = {"Content-Type": "application/json"}
        headers |= {"X-Sesion-Opinion": session} if session else {}
        http = HTTPConnection(HOST, self._voting.port, timeout=10)
        try:
            http.request("POST", URL + path, body, headers)
            if path == "/opiniones" and self._chance.random() < _CUT:
                time.sleep(self._chance.uniform(0, 0.03))
                return 0, {}
            answer = http.getresponse()
            return answer.status, dict(json.loads(answer.read() or b"{}"))
        except (OSError, HTTPException, ValueError):
            time.sleep(self._chance.uniform(0.02, 0.2))
            return 0, {}
        finally:
            http.close()
