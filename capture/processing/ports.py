"""What processing needs from outside: bodies, the bóveda that opens them, and how their images are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection

from capture.processing.datos import Datos
from capture.reading.results import RecordReading
from capture.records.record import Record


@dataclass(frozen=True, slots=True)
class Opened:
    """A body after it was decrypted and the SHA-256 of each of its files was found right."""

    folio: str
    proceso: str
    modalidad: str
    credencial: str
    """`cic` or `ocr`: which number the registro names."""
    numero: str
    read: Datos
    """What the device read."""
    files: Mapping[str, bytes] = field(default_factory=dict)


class Bodies(Protocol):
    """The blob store of bodies."""

    def get(self, path: str) -> bytes:
        """The sealed bytes. Raises BodyMissing when there are none, OSError when it cannot be known."""


class Boveda(Protocol):
    """The only place where the keys of processes are."""

    def open(self, proceso: str, body: bytes) -> Opened:
        """Decrypt a body and check its files. Raises Refusal, or OSError when it cannot be reached."""

    def seal(self, proceso: str, data: bytes) -> bytes:
        """Encrypt to the process."""

    def unseal(self, proceso: str, data: bytes) -> bytes:
        """Decrypt what `seal` made. Raises Refusal."""

    def hmac(self, periodo: str, data: bytes) -> bytes:
        """32 bytes that only this service can compute, the same for all processes of a periodo."""


Keep = Callable[[Connection, Record, bytes], None]
"""Keeps what was read of a record, sealed, in the transaction that settles it."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a body. `document` rests sealed beside the data, where `keep` puts it."""

    datos: Datos
    reading: RecordReading | None = field(default=None, repr=False)
    """Of the engines; None: they gave nothing."""
    document: bytes | None = field(default=None, repr=False)
    keep: Keep | None = None
    detail: str | None = None
    """A stable code for the history of the record, where the images could not be read."""


class Reading(Protocol):
    """Reads a record again from its images and codes."""

    def read(self, opened: Opened) -> Read:
        """The values with their sources. Raises nothing for a bad image: it keeps what the device read.

        Raises OSError when nothing can be read now, whatever the record: try again.
        """


class Periods(Protocol):
    """To which periodo a process belongs."""

    def periodo_of(self, connection: Connection, proceso: str) -> str:
        """Its id. Raises Refusal for an unknown process."""


class DeviceReading:
    """What the device read, unchanged."""

    def read(self, opened: Opened) -> Read:
        """See Reading."""
        return Read(opened.read)
