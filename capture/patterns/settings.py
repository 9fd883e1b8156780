"""From where on something is a pattern. Every threshold in one place, with its unit and why it is that."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PatternLimits:
    """One object, passed in. A pattern is only pointed out: too strict costs somebody a look, no record."""

    near_bits: int = 24
    """Bits of 256 in which two images of one thing may differ. Encoded anew, resized, lighter or darker they
    differ in 12 at most, cropped by 1 % in 30; of drawn people the two most alike of 1,770 differ in 38."""
    signature_bits: int = 24
    """The same for the strokes of a signature; the two most alike of 200 drawn ones differ in 48."""
    face_cosine: float = 0.70
    """Of SFace embeddings. Two photographs of a person reach 0.45 or more and look-alikes 0.51, so among 1.4
    million faces far more is asked: this finds the same photograph and others of the same sitting."""
    captures_per_hour_device: int = 40
    """Captures of one device in any 60 minutes: one every minute and a half."""
    captures_per_hour_auxiliar: int = 60
    """Of all devices of one auxiliar together."""
    speed_kmh: float = 200.0
    """Kilometres an hour between two captures of a device, one right after the other."""
    distance_km: float = 5.0
    """Kilometres below which no speed is computed: places are inexact."""
    auxiliares_per_device: int = 2
    """Different auxiliares of one device from which on it is shared."""
    devices_per_auxiliar: int = 5
    """Different devices that one auxiliar has used; two may be in use at once (002 §3.7)."""
    night_from_hour: int = 23
    """Hour of the day, hora centro, from which on it is night."""
    night_until_hour: int = 6
    """The first hour that is not night any more."""
    night_captures: int = 10
    """Captures of one device at night from which on they are pointed out."""
