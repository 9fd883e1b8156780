"""Tokens in SQL: one row a person, locked by whoever looks at it, so that tries at once count as in a row.

What a try or a request does to the row must hold also when it is refused: these methods tell what happened
and raise nothing for it, so that the caller's transaction is committed before anybody is told.
"""

from __future__ import annotations

import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from keys.errors import Refusal
from keys.randomness import Randomness
from tally.claves.ports import Keeper
from tally.entrada import errors
from tally.entrada.errors import TokenRefusal
from tally.entrada.states import DIGITS, SENT, TRIES, VALID, Event, State, after
from tally.entrada.tables import tokens


@dataclass(frozen=True, slots=True)
class Token:
    """A row as it was read."""

    estado: State
    huella: bytes | None
    vence: datetime | None
    intentos: int
    usado: datetime | None


def new_code(randomness: Randomness) -> str:
    """Six digits, each number as likely as the others."""
    return f"{randomness.below(10**DIGITS):0{DIGITS}}"


def fingerprint(keeper: Keeper, persona: str, code: str) -> bytes:
    """What is kept of a code: of no use without the key, which is not in the database."""
    return keeper.blind("token", f"{persona}\0{code}")


class Tokens:
    """The tokens of all persons, in the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def request(self, persona: str, huella: bytes, now: datetime) -> State:
        """One more request; `huella` is of the code to send when a token may be used in the new state. The
        code before it is worth nothing."""
        state = after(self._locked(persona).estado, Event.SOLICITUD)
        sent = state in SENT
        kept = {"huella": huella if sent else None, "vence": now + VALID if sent else None}
        self._set(persona, estado=state.value, intentos=0, **kept)
        return state

    def attempt(self, persona: str, huella: bytes, now: datetime) -> Refusal | None:
        """Try a code, counted before it is looked at; what to raise once that is committed, None when it is
        right and now used."""
        token = self._locked(persona)
        alive = token.estado in SENT and token.vence is not None and now < token.vence
        if not alive or token.huella is None or token.intentos >= TRIES:
            return errors.blocked() if token.estado is State.BLOQUEADO else errors.no_token(token.vence)
        if not hmac.compare_digest(token.huella, huella):
            self._set(persona, intentos=token.intentos + 1)
            return errors.wrong_code(TRIES - token.intentos - 1)
        state = after(token.estado, Event.USO)
        self._set(persona, estado=state.value, huella=None, usado=token.usado or now)
        return None

    def unblock(self, persona: str) -> None:
        """What the CAT does after checking that no token was used (SEI-15). Raises TokenRefusal."""
        token = self._locked(persona)
        state = after(token.estado, Event.DESBLOQUEO)
        if token.usado is not None:
            raise TokenRefusal("token.usado", "desbloqueo", "un token que no se haya utilizado", "utilizado")
        self._set(persona, estado=state.value, intentos=0)

    def of(self, persona: str) -> Token:
        """As it is now."""
        row = self._db.execute(select(tokens).where(tokens.c.persona == persona)).one_or_none()
        return Token(State.NINGUNO, None, None, 0, None) if row is None else _token(row)

    def _locked(self, persona: str) -> Token:
        mine = select(tokens).where(tokens.c.persona == persona).with_for_update()
        row = self._db.execute(mine).one_or_none()
        if row is None:
            first = {"estado": State.NINGUNO.value, "intentos": 0}
            with suppress(IntegrityError), self._db.begin_nested():
                self._db.execute(insert(tokens).values(persona=persona, **first))
            row = self._db.execute(mine).one()
        return _token(row)

    def _set(self, persona: str, **values: Any) -> None:
        self._db.execute(update(tokens).where(tokens.c.persona == persona).values(**values))


def _token(row: Row[Any]) -> Token:
    huella = None if row.huella is None else bytes(row.huella)
    return Token(State(row.estado), huella, row.vence, row.intentos, row.usado)
