"""With what images are read, and how much that may take, with units."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.reading.signature_settings import SignatureReadingSettings
from capture.reading.sandbox.limits import SandboxLimits
from capture.reading.suggestions_person import DEFAULT, Advice
from capture.reading.thresholds import Thresholds

_THRESHOLDS, _LIMITS = Thresholds(), SandboxLimits()


class ReadingSettings(BaseModel):
    """Engines only advise: no setting lets them reject a record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: Literal["motores", "dispositivo"] | None = None
    """`dispositivo`: only what the device read counts. Nothing: the engines, where they are installed."""
    workers: int = Field(default=2, ge=1, le=64)
    """Processes that read at the same time; about 0.5 GB each. More than `worker.record_threads` are idle."""
    seconds: float = Field(default=_LIMITS.seconds, ge=1)
    """Seconds of the clock for one record; then its process, which waits for something, is ended."""
    cpu_seconds: int = Field(default=_LIMITS.cpu_seconds, ge=1)
    """Seconds of the processor for one record: this is what ends a process that computes too long."""
    start_seconds: float = Field(default=_LIMITS.start_seconds, ge=5)
    """Seconds of the clock in which a process has to have its engines loaded."""
    start_cpu_seconds: int = Field(default=_LIMITS.start_cpu_seconds, ge=5)
    """The same in seconds of the processor."""
    mib: int = Field(default=2048, ge=512)
    """MiB of address space of one process."""
    records: int = Field(default=500, ge=1)
    """Records after which a process is replaced."""
    crop_workers: int = Field(default=2, ge=1, le=16)
    """Processes of the web server that cut images for the mesa."""
    face_engine: Literal["sface", "deepface"] = "sface"
    """Which engine makes the vectors that are compared; YuNet finds the faces for both."""
    face_same: float = Field(default=_THRESHOLDS.face_same, ge=-1, le=1)
    """Cosine of two faces from which they match."""
    face_person: float = Field(default=_THRESHOLDS.face_person, ge=-1, le=1)
    """Cosine from which a person looks; below they do not match."""
    signature_alike: float = Field(default=DEFAULT.signature_alike, ge=0, le=1)
    """Similarity of the signature to the card's below which it is pointed out."""
    signature: SignatureReadingSettings = SignatureReadingSettings()
    """From where on a drawing is a dot, a line, a cross, a tick, initials, or like the card's signature."""

    @model_validator(mode="after")
    def _bands(self) -> ReadingSettings:
        if self.face_person > self.face_same:
            raise ValueError("face_person no puede ser mayor que face_same")
        return self

    @model_validator(mode="after")
    def _clocks(self) -> ReadingSettings:
        if self.seconds < self.cpu_seconds or self.start_seconds < self.start_cpu_seconds:
            raise ValueError(
                "seconds no puede ser menor que cpu_seconds, ni start_seconds que start_cpu_seconds"
            )
        return self

    @property
    def limits(self) -> SandboxLimits:
        """Of a process that reads."""
        return SandboxLimits(
            seconds=self.seconds,
            cpu_seconds=self.cpu_seconds,
            mib=self.mib,
            start_seconds=self.start_seconds,
            start_cpu_seconds=self.start_cpu_seconds,
            questions=self.records,
        )

    @property
    def thresholds(self) -> Thresholds:
        """For the engines."""
        return Thresholds(self.face_same, self.face_person, self.signature.settings)

    @property
    def advice(self) -> Advice:
        """For the suggestions."""
        return Advice(self.signature_alike)
