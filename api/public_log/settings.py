"""Where the logs are, what they are called and how fast they seal."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class LogSettings(BaseModel):
    """Both logs. Folders left empty lie in the data folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str = Field(default="certeza.example", pattern=r"[a-z0-9.-]{1,100}(/[a-z0-9.-]{1,100}){0,3}")
    """What the logs are called: `<origin>/apoyo` and `<origin>/actos`. It never changes."""
    public_folder: Path | None = None
    """Where what is published lies; any web server may serve it."""
    keys_folder: Path | None = None
    """Where the signing keys lie, one file each, readable only by its owner."""
    policy_folder: Path | None = None
    """With `apoyo.politica` and `actos.politica` (tlog-policy): whose cosignatures are asked for."""
    seal_seconds: float = Field(default=0.25, ge=0.01, le=10)
    """Seconds that an entry waits at most before its batch is sealed."""
    wait_seconds: float = Field(default=20.0, ge=1, le=120)
    """Seconds that a reception waits for its leaf before it answers that it should be tried again."""
    pump_seconds: float = Field(default=1.0, ge=0.05, le=60)
    """Seconds between two looks for leaves that wait in the database."""
