"""A message to one person. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_SUBJECT_CHARS = 200
MAX_BODY_CHARS = 100_000
SMS_CHARS = 480
"""Three parts of 160: what a telephone company joins again reliably."""

CONFIDENTIAL = "secreto."
"""How kinds of messages begin that hold what nobody but their recipient may know."""


class Channel(StrEnum):
    """How it reaches the person."""

    CORREO = "correo"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be delivered.

    `kind` is a stable code such as `acuse`. Messages with the same `group` and recipient that wait together
    are delivered as one mail. `document` is the id of an issued document that goes with it. `leaf` is the key
    of an entry of the log: the message waits until that entry is in it. The text of one whose kind
    begins with CONFIDENTIAL is emptied as soon as it is delivered.
    """

    kind: str
    channel: Channel
    to: str
    subject: str
    body: str
    group: str | None = None
    document: str | None = None
    leaf: bytes | None = None
    not_before: datetime | None = None

    def __post_init__(self) -> None:
        if "\n" in self.subject or "\r" in self.subject or len(self.subject) > MAX_SUBJECT_CHARS:
            raise ValueError("un asunto de una línea")
        if "\n" in self.to or "\r" in self.to or not self.to:
            raise ValueError("un destinatario de una línea")
        most = SMS_CHARS if self.channel is Channel.SMS else MAX_BODY_CHARS
        if len(self.body) > most:
            raise ValueError(f"un cuerpo de {most} caracteres")
