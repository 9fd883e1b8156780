"""Sessions: a random token that is stored only as its hash, and how long it lives in each role."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.errors import SignInRefusal
from api.accounts.permissions import INSTITUTIONAL, Role

TOKEN_BYTES = 32
AGENT_CHARACTERS = 120
SEEN_EVERY = timedelta(seconds=60)
"""How often the last use is written down: not at each request."""


def token_text(random: bytes) -> str:
    """The token as it travels: TOKEN_BYTES random bytes in base64url without padding."""
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """What is stored of a token. It has 256 random bits: a plain SHA-256 cannot be searched.

    Raises SignInRefusal for a text that is not a token.
    """
    try:
        raw = base64.b64decode(token.encode() + b"=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != TOKEN_BYTES or token_text(raw) != token:
        raise no_session("otra cosa")
    return hashlib.sha256(raw).digest()


def no_session(got: str) -> SignInRefusal:
    """The session is not one that is open."""
    return SignInRefusal("sesion.cerrada", "sesión", "una sesión abierta", got)


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing that somebody may act as: a role and what it is about."""

    role: Role
    opl: str | None = None
    proceso: str | None = None
    auxiliar: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """An open session as it is stored. `medio` is `cookie` or `portador`."""

    id: str
    cuenta: str
    grant: Grant
    creada: datetime
    vista: datetime
    vence: datetime
    medio: str
    agente: str
    verificada: datetime | None = None


class Lifetimes(BaseModel):
    """How long sessions live, by kind of role: idle, and in all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff_idle_minutes: int = Field(default=30, ge=1)
    staff_total_minutes: int = Field(default=600, ge=1)
    promovente_idle_minutes: int = Field(default=60, ge=1)
    promovente_total_minutes: int = Field(default=720, ge=1)
    device_idle_minutes: int = Field(default=10_080, ge=1)
    """Auxiliares and citizens capture without a connection for days: one week."""
    device_total_minutes: int = Field(default=86_400, ge=1)
    """Sixty days: a whole period."""
    second_factor_minutes: int = Field(default=10, ge=1)
    """How recent a second factor must be for the gravest acts."""

    def idle(self, role: Role) -> timedelta:
        """How long a session may rest."""
        return timedelta(minutes=self._of(role)[0])

    def total(self, role: Role) -> timedelta:
        """How long it lives, used or not."""
        return timedelta(minutes=self._of(role)[1])

    @property
    def second_factor(self) -> timedelta:
        """How long a second factor counts as recent."""
        return timedelta(minutes=self.second_factor_minutes)

    def _of(self, role: Role) -> tuple[int, int]:
        if role in INSTITUTIONAL or role is Role.PENDIENTE:
            return self.staff_idle_minutes, self.staff_total_minutes
        if role is Role.PROMOVENTE:
            return self.promovente_idle_minutes, self.promovente_total_minutes
        return self.device_idle_minutes, self.device_total_minutes


def require_open(session: Session, lifetimes: Lifetimes, now: datetime) -> None:
    """Raise SignInRefusal when the session is over or rested too long."""
    rested = now - session.vista > lifetimes.idle(session.grant.role)
    if rested or now >= session.vence:
        raise no_session("una que venció")
