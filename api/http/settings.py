"""Limits of the HTTP edge, each with its unit."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class HttpSettings(BaseModel):
    """What one request may cost, and who is believed about where it came from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_url: str = "http://127.0.0.1:8000"
    """The address that people and their messages use, without a final slash."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of the proxies whose X-Forwarded-For and -Proto are believed. Nobody's, by default."""
    body_bytes: int = Field(default=65_536, ge=1024)
    """Bytes of a request's body, unless its route says more."""
    idle_seconds: float = Field(default=15.0, ge=1)
    """Seconds that a connection may stay open without a request."""
    finish_seconds: float = Field(default=20.0, ge=1)
    """Seconds that requests have to finish once the service was asked to stop."""
    threads: int = Field(default=40, ge=1)
    """Handlers that run at the same time in one process."""
    metrics_token_file: Path | None = None
    """A file with the bearer token of whoever collects the figures. Without it nobody gets them."""


class RateSettings(BaseModel):
    """How often somebody may ask, as «N per SECONDS second» in the words of the library `limits`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    storage: str = "memory://"
    """Where the counts are kept: `memory://` (each process its own) or `redis://…` (all share)."""
    reading: str = "300 per 60 second"
    """Requests that only read, of one account or address."""
    writing: str = "120 per 60 second"
    """Requests that change something, of one account or address."""
    packets: str = "6000 per 60 second"
    """Requests of devices, of one address: many may share one behind a telephone company's gateway."""
    devices: str = "5000 per 86400 second"
    """Packets that one registered device begins: 4 MiB each are at most 20 GiB a day."""
    secrets: str = "30 per 300 second"
    """Attempts with a password, a code or a token, of one address."""
