"""What the SEI says of the institute, and where the credential authority's key is."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class SeiSettings(BaseModel):
    """Of all consultations of this service."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    authority_file: Path | None = None
    """The age identity of the credential authority (DEOEyG), with which a lost Clave is replaced. Outside of
    production one is made in the data folder when there is none."""
    authority_recipient: str = ""
    """Its public half (age1…), for a service that issues and never replaces: then no identity is read."""
    group: str = "Ed25519"
    """The group of the consultations of this service (docs/adr/0002-ballots.md)."""
    page: str = "www.iecm.mx"
    """The institute's page, which is shown when a session ends."""
    cat: str = Field(default="55-5483-3875", max_length=40)
    """The telephone of the CAT."""
    entidad: str = Field(default="09", pattern="^[0-9]{2}$")
    """The entidad of whose lista nominal people must be (two digits)."""
    preregistro_seconds: float = Field(default=5.0, ge=0.05)
    """Seconds between two looks for packets of pre-registro, for invitations, and for e-mails that came
    back."""
    abandoned_hours: int = Field(default=72, ge=1)
    """After so many hours without a packet, what a request that was only begun has of a person is deleted."""
