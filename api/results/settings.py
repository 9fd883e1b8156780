"""The terms of results and retention, with their units, and where what they need lies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from capture.calendar import closing
from capture.results.deadlines import Terms


class ResultsSettings(BaseModel):
    """Folders left empty lie in the data folder. The terms are the sources' unless agreed otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    institute: str = Field(default="Instituto Nacional Electoral", max_length=200)
    """Who issues cédulas and actas."""
    authority_name: str = Field(default="resultados.certeza.example", pattern=r"[a-z0-9.-]{1,100}")
    """Name of the key that signs packages; what OPLs are given to verify them begins with it."""
    authority_key_file: Path | None = None
    """Its 32 bytes in hexadecimal; made when it is not there."""
    backup_folder: Path | None = None
    """Where bodies lie after the months of consultation; better on another medium."""
    work_folder: Path | None = None
    """For encrypted packages while they are written."""
    key_days_before: int = Field(default=10, ge=0, le=365)
    preliminary_working_days: int = Field(default=6, ge=1, le=60)
    definitive_working_days: int = Field(default=2, ge=1, le=60)
    access_days: int = Field(default=30, ge=1, le=365)
    consult_months: int = Field(default=3, ge=1, le=24)
    retention_months: int = Field(default=6, ge=1, le=24)
    request_hours: int = Field(default=72, ge=1, le=720)
    closed_days: tuple[date, ...] = ()
    """Days that the institute does not work, beside those of the law."""

    @property
    def terms(self) -> Terms:
        """As the domain takes them."""
        return Terms(
            self.key_days_before,
            self.preliminary_working_days,
            self.definitive_working_days,
            self.access_days,
            self.consult_months,
            self.retention_months,
            self.request_hours,
            closing(self.closed_days),
        )
