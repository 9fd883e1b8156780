"""What reading refuses, and why a record stays unread."""

from __future__ import annotations

from enum import StrEnum

from keys.errors import Refusal


class ReadingRefusal(Refusal):
    """A reading that is not in its one spelling, or that says what no form holds."""


class Unread(StrEnum):
    """Why the engines gave nothing for a record; the values are kept and shown."""

    TIME = "tiempo-agotado"
    """Of the clock: the reader waited for something, or got no processor for very long."""
    CPU = "procesador-agotado"
    """Of the processor: it computed too long."""
    ENDED = "lector-terminado"
    """The reader's process ended: out of memory, or by a fault of a library."""
    GARBAGE = "respuesta-no-valida"
    FAULT = "falla-del-lector"
    """The reader said itself that it could not."""


class NoReader(OSError):  # noqa: N818 - the domain's word
    """No reader can be started at all: the fault is of the installation, not of a record. Try again."""
