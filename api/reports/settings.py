"""How often the figures are folded and checked."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ReportSettings(BaseModel):
    """Settings of the figures. They are exact at every instant, whatever these say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fold_seconds: float = Field(default=20.0, ge=0.05)
    """Seconds between two rounds that fold what changed into the sums."""
    check_seconds: float = Field(default=6 * 3600.0, ge=1)
    """Seconds between two comparisons of all figures with the records themselves."""
