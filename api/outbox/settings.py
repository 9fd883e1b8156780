"""How messages leave, with their limits and units."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.outbox.message import Channel


class SmtpSettings(BaseModel):
    """The mail server. Without a host, mails wait."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = ""
    port: int = Field(default=587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "ninguna"] = "starttls"
    """`ninguna` only reaches a server of this machine."""
    user: str = ""
    password_file: Path | None = None
    sender: str = "no-responder@certeza.example"
    """The address in From."""
    sender_name: str = "Certeza"
    bounces_to: str = ""
    """The address that mails come back to (the sender of the envelope); empty: `sender`."""
    bounces_folder: Path | None = None
    """A Maildir where its mail server leaves what comes back. Without it nobody notices what bounced."""
    timeout_seconds: float = Field(default=20.0, ge=1)
    at_once: int = Field(default=10, ge=1, le=50)
    """Mails on their way at the same time, each over a connection of its own: Postfix takes 50 of one client.
    One transaction claims no more."""


class SmsSettings(BaseModel):
    """The gateway of text messages: an HTTP service, or for trials a folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = ""
    """Takes POST of JSON; answers 2xx when it took the message."""
    token_file: Path | None = None
    """Its bearer token."""
    number_field: str = "numero"
    text_field: str = "texto"
    reference_field: str = "referencia"
    """Where the message's identifier goes, which lets the gateway recognise a repeat."""
    country_prefix: str = "+52"
    timeout_seconds: float = Field(default=20.0, ge=1)
    at_once: int = Field(default=20, ge=1, le=100)
    """Text messages on their way at the same time: with a gateway that answers in 0.3 s, 60 a second. One
    transaction claims no more."""
    folder: Path | None = None
    """For trials: each message becomes a file here. Refused in production."""


class OutboxSettings(BaseModel):
    """Delivery: at least once, with patience."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    smtp: SmtpSettings = SmtpSettings()
    sms: SmsSettings = SmsSettings()
    seconds: float = Field(default=0.5, ge=0.05)
    """Seconds between two looks: a token waits half of them when little else leaves."""
    bounces_seconds: float = Field(default=60.0, ge=0.05)
    """Seconds between two looks at what came back."""
    group_seconds: float = Field(default=60.0, ge=0)
    """Seconds that a message of a group waits for others, so that they go as one."""
    group_messages: int = Field(default=200, ge=1)
    """Messages in one mail."""
    lease_seconds: float = Field(default=120.0, ge=10)
    """Seconds that a deliverer has a message; afterwards another may take it. It begins in the first half, so
    that the other half must be enough for one letter."""
    first_retry_seconds: float = Field(default=30.0, ge=1)
    """Seconds until the second attempt; each later one waits twice as long."""
    longest_retry_seconds: float = Field(default=3600.0, ge=1)
    attempts: int = Field(default=40, ge=1)
    """Attempts after which a message is put aside for a person to look at."""
    keep_days: float = Field(default=90.0, ge=1)
    """Days after delivery until address and text are emptied."""

    def at_once(self, channel: Channel) -> int:
        """How many letters of a channel may be on their way at the same time."""
        return self.smtp.at_once if channel is Channel.CORREO else self.sms.at_once
