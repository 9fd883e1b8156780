"""Where the bóveda is and what it takes."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class VaultSettings(BaseModel):
    """Folders left empty lie in the data folder; in earnest they belong to another user of the system."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    socket: Path | None = None
    """The Unix socket on which it listens; its file is for its owner and group only."""
    keys_folder: Path | None = None
    """The keys of processes, each encrypted to the master identity."""
    master_file: Path | None = None
    """The master age identity. It is not in the backups of the keys."""
    body_bytes: int = Field(default=8 * 1024 * 1024, ge=1024)
    """Bytes of one question."""
    timeout_seconds: float = Field(default=30.0, ge=1)
    """Seconds that who asks waits for an answer."""
    threads: int = Field(default=4, ge=1)
    """Questions that are answered at the same time; others wait."""
