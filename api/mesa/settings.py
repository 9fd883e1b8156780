"""How the mesa de control gives out its work."""

from __future__ import annotations

from datetime import time

from pydantic import BaseModel, ConfigDict, Field

from capture.mesa.assignment import Workday


class MesaSettings(BaseModel):
    """Hours in central Mexico, and records that each operator is given a day (001 §11.4)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    desde: time = time(9)
    hasta: time = time(18)
    daily: int = Field(default=400, ge=1)

    @property
    def workday(self) -> Workday:
        """For the domain."""
        return Workday(self.desde, self.hasta, self.daily)
