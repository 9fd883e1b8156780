"""Putting a message: a row in the caller's transaction, which exists exactly when what it announces does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, update

from api.outbox.message import Message
from api.outbox.tables import mensajes


class Outbox:
    """Where messages are put. `random` gives bytes for their identifiers, `clock` the instant."""

    def __init__(self, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._random = random

    def put(self, connection: Connection, message: Message) -> str:
        """Keep a message for delivery; its identifier."""
        return self.put_all(connection, [message])[0]

    def put_all(self, connection: Connection, messages: Sequence[Message]) -> list[str]:
        """Keep several; the identifier of each."""
        now = self._clock()
        rows = [self._row(message, now) for message in messages]
        connection.execute(insert(mensajes), rows)
        return [str(row["identificador"]) for row in rows]

    def _row(self, message: Message, now: datetime) -> dict[str, object]:
        return {
            "identificador": str(UUID(bytes=self._random(16), version=4)),
            "tipo": message.kind,
            "canal": message.channel.value,
            "destino": message.to,
            "asunto": message.subject,
            "cuerpo": message.body,
            "grupo": message.group,
            "documento": message.document,
            "hoja": message.leaf,
            "estado": "pendiente",
            "creado": now,
            "despues_de": max(now, message.not_before or now),
            "intentos": 0,
        }

    def hasten(self, connection: Connection, identifier: str) -> None:
        """Let a message that waits for its hour leave now."""
        c = mensajes.c
        waiting = update(mensajes).where(c.identificador == identifier, c.estado == "pendiente")
        connection.execute(waiting.where(c.intentos == 0).values(despues_de=self._clock()))
