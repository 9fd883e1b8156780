"""Limits of uploads, with their units."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from capture.limits import CaptureLimits


class IntakeSettings(BaseModel):
    """What a device may send, and where what is not complete lies."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    folder: Path | None = None
    """Partial uploads; on the medium of the blobs, so that a complete one takes its place at once."""
    body_bytes: int = Field(default=4 * 1024 * 1024, ge=1024, le=64 * 1024 * 1024)
    """Bytes of a sealed body."""
    gather_seconds: float = Field(default=0.005, ge=0, le=1)
    """Seconds in which small pieces gather in the network's buffer before they are looked at together."""
    buffer_bytes: int = Field(default=512 * 1024, ge=4096)
    """Bytes that are taken from the network before they are written."""
    idle_seconds: float = Field(default=30.0, ge=1)
    """Seconds that a device may send nothing in the middle of an upload."""
    request_seconds: float = Field(default=600.0, ge=1)
    """Seconds that one request may send bytes: 4 MiB in that time are 56 kbit/s."""
    open_uploads: int = Field(default=64, ge=1)
    """Uploads that a device may have begun and not completed. It sends its records one by one."""
    abandoned_hours: float = Field(default=48.0, ge=1)
    """Hours after which a partial upload is forgotten."""

    @property
    def limits(self) -> CaptureLimits:
        """The limits of the domain, this service's size of a body among them."""
        return CaptureLimits(body_bytes=self.body_bytes)
