"""How much the worker does at once, and how often it looks, with units."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from capture.processing.courtesy import Courtesy


class WorkerSettings(BaseModel):
    """One process: it holds the socket of the bóveda, and a second one on the machine refuses to start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    queue: str = ""
    """`redis://…`; empty: an SQLite file in the data folder, which all processes of one machine share."""
    job_threads: int = Field(default=2, ge=1)
    """Jobs that were asked for, at the same time."""
    record_threads: int = Field(default=2, ge=1)
    """Records that are processed at the same time."""
    niceness: int = Field(default=10, ge=0, le=19)
    """How far the worker stands back from whoever receives when the processor is short, as in nice(1)."""
    courtesy: Courtesy = Courtesy()
    """How much it rests between pages of records while many packets arrive."""
    look_seconds: float = Field(default=2.0, ge=0.05)
    """Seconds between two looks for records that wait."""
    tidy_seconds: float = Field(default=3600.0, ge=1)
    """Seconds between two rounds of tidying: abandoned uploads, delivered messages, sessions that ended."""
    stop_seconds: float = Field(default=20.0, ge=0)
    """Seconds that what is being done has to end when the worker is told to stop; a job that is cut short is
    done again."""
