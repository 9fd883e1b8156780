"""When something is an irregular pattern: thresholds with their units, and how often the worker looks."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from capture.patterns.settings import PatternLimits

_GIVEN = PatternLimits()


class PatternSettings(BaseModel):
    """A threshold that changes holds for records that arrive from then on. See `PatternLimits` for each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    look_seconds: float = Field(default=2.0, ge=0.05)
    """Seconds between two looks for records that wait."""
    near_bits: int = Field(default=_GIVEN.near_bits, ge=0, le=64)
    """Bits of 256 in which two images of one thing may differ."""
    signature_bits: int = Field(default=_GIVEN.signature_bits, ge=0, le=64)
    """The same for signatures."""
    face_cosine: float = Field(default=_GIVEN.face_cosine, ge=0.5, le=1.0)
    """How alike two faces are from which on they are pointed out."""
    captures_per_hour_device: int = Field(default=_GIVEN.captures_per_hour_device, ge=1)
    """More in any 60 minutes are pointed out."""
    captures_per_hour_auxiliar: int = Field(default=_GIVEN.captures_per_hour_auxiliar, ge=1)
    """The same for all devices of one auxiliar together."""
    speed_kmh: float = Field(default=_GIVEN.speed_kmh, gt=0)
    """Kilometres an hour between two captures of a device."""
    distance_km: float = Field(default=_GIVEN.distance_km, ge=0)
    """Kilometres below which no speed is computed."""
    auxiliares_per_device: int = Field(default=_GIVEN.auxiliares_per_device, ge=2)
    """Different auxiliares of one device."""
    devices_per_auxiliar: int = Field(default=_GIVEN.devices_per_auxiliar, ge=2)
    """Different devices of one auxiliar."""
    night_from_hour: int = Field(default=_GIVEN.night_from_hour, ge=0, le=23)
    """Hour, hora centro."""
    night_until_hour: int = Field(default=_GIVEN.night_until_hour, ge=0, le=23)
    """The first hour that is not night any more."""
    night_captures: int = Field(default=_GIVEN.night_captures, ge=1)
    """Captures of one device at night."""

    @property
    def limits(self) -> PatternLimits:
        """As the rules want them."""
        return PatternLimits(**self.model_dump(exclude={"look_seconds"}))
