"""What a consultation puts in the public log, and how its urns are followed (docs/formats.md; VER-02).

The archives are followed, not told: whatever is in an archive and not yet in the log is added, under a key
that makes adding it again harmless. So a crash between an urn and the log loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from keys import canonical
from tally.archive import members
from tally.events import Event

URN_ENTRY = "certeza/urna/v1"
ACT_ENTRY = "certeza/acto/v1"
CEREMONY, CONSULTATION, OPENING, RESULTS = "ceremonia", "consulta", "apertura", "resultados"
MESA_KEYS, SUMS_OPENING, COMPUTO = "mesas", "apertura-sumas", "computo"
MESA, SUM, OPENED_SUM, ESCRUTINIO = "mesa", "suma", "suma-abierta", "escrutinio"
"""Kinds of which there is one for each UT: `unit_kind`."""


def acta_kind(clave: str) -> str:
    """The kind of act that is the acta of one UT."""
    return f"acta/{clave}"


def unit_kind(kind: str, clave: str) -> str:
    """The kind of act that is about one UT: MESA, SUM, OPENED_SUM or ESCRUTINIO."""
    return f"{kind}/{clave}"


def urn_entry(uuid: str, event: Event) -> tuple[bytes, bytes]:
    """(idempotency key, entry) of one event of one urn."""
    entry = f"{URN_ENTRY}\n{uuid}\n{event.height}\n{event.hash}"
    return f"urna/{uuid}/{event.height}".encode(), entry.encode()


def act_entry(kind: str, instant: datetime, digest: str) -> tuple[bytes, bytes]:
    """(idempotency key, entry) of one administrative act. `digest`: SHA-256 of its document, hexadecimal."""
    canonical.digest(digest, f"acto {kind}")
    entry = f"{ACT_ENTRY}\n{kind}\n{instant.isoformat(timespec='seconds')}\n{digest}"
    return act_key(kind), entry.encode()


def act_key(kind: str) -> bytes:
    """The idempotency key of an act: there is one of each kind."""
    return f"acto/{kind}".encode()


def events_of(stream: BinaryIO, place: str, known: int = 0) -> Iterator[Event]:
    """The events of an archive from height `known` on, as they stand in the file."""
    height = 0
    for member in members(stream, place):
        if member.kind == "event":
            if height >= known:
                yield Event.from_bytes(member.content, f"{place} › evento {height}")
            height += 1
