"""Every size and time of apoyo ciudadano, with its unit and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MAX_ENVELOPE_BYTES = 2048
MAX_RECORD_BYTES = 32 * 1024  # registro.json
MAX_STROKES_BYTES = 512 * 1024  # firma-trazos.json
MAX_CODES = 16  # codes read of one credential
MAX_VALUE_CHARS = 300


@dataclass(frozen=True, slots=True)
class CaptureLimits:
    """One object, passed in."""

    body_bytes: int = 4 * 1024 * 1024
    """Bytes of a sealed body."""
    image_pixels_side: int = 8000
    """Pixels of a side of an image."""
    clock_skew: timedelta = timedelta(hours=24)
    """How far ahead the clock of a device may be."""
    grace: timedelta = timedelta(hours=24)
    """After the end of the periodo, for records that were captured in it (002 §4.11)."""
    devices: int = 2
    """Active devices of an auxiliar at once (002 §3.7)."""
    abandoned_after: timedelta = timedelta(hours=48)
    """An upload that nobody went on with is forgotten; the device sends it again."""
