"""Recording an act: its row, and the leaf that commits to it, in the caller's transaction.

The log holds `certeza/acto-de-cuenta/v1` and the SHA-256 of the act's canonical JSON, which has 32 random
bytes in it: the log shows that nothing was taken away or changed, and nobody can guess from it what was
done.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, insert

from api.acts.tables import actos, hojas
from capture.records.ports import Done
from keys.canonical import encode_sorted

HEADER = "certeza/acto-de-cuenta/v1"
NONCE_BYTES = 32


class LogName(StrEnum):
    """The logs of the service."""

    APOYO = "apoyo"
    """Acuses and changes of state: what citizens check."""
    ACTOS = "actos"
    """What accounts did."""


def put_leaf(connection: Connection, log: LogName, key: bytes, entry: bytes) -> None:
    """Leave an entry for the log. It is appended after this transaction, once."""
    connection.execute(insert(hojas).values(bitacora=log.value, llave=key, entrada=entry))


def encode_act(identifier: str, act: Done, nonce: bytes) -> bytes:
    """The canonical JSON that the log commits to."""
    return encode_sorted(
        {
            "acto": identifier,
            "cuando": act.instant.astimezone(UTC).isoformat(timespec="microseconds"),
            "detalle": dict(act.detail),
            "nonce": b64encode(nonce).decode(),
            "objeto": act.target,
            "quien": act.who,
            "razon": act.reason,
            "rol": act.role,
            "tipo": act.kind,
        }
    )


def entry_of(text: bytes) -> bytes:
    """The log's entry for an act's canonical JSON."""
    return f"{HEADER}\n{sha256(text).hexdigest()}".encode()


class SqlActs:
    """The bitácora in SQL. See `capture.records.ports.Acts`."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random

    def record(self, connection: Connection, act: Done) -> str:
        """Keep the act and leave its leaf; its id."""
        identifier = str(UUID(bytes=self._random(16), version=4))
        text = encode_act(identifier, act, self._random(NONCE_BYTES))
        connection.execute(
            insert(actos).values(
                id=identifier,
                quien=act.who,
                rol=act.role,
                tipo=act.kind,
                objeto=act.target,
                razon=act.reason,
                cuando=act.instant,
                texto=text.decode(),
            )
        )
        put_leaf(connection, LogName.ACTOS, identifier.encode(), entry_of(text))
        return identifier
