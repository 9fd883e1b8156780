"""How much an image from outside may ask of a decoder, each figure with its unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Checked in the header, before any decoder sees the image."""

    file_bytes: int = 4 * 1024 * 1024
    """Bytes of the file: a whole sealed body is no larger (`CaptureLimits.body_bytes`)."""
    side: int = 8000
    """Pixels of the longer side."""
    jpeg_pixels: int = 48_000_000
    """Pixels of a JPEG: 8000 × 6000, above the large sensors of telephones."""
    full_pixels: int = 16_000_000
    """Pixels up to which a JPEG is decoded whole; a larger one at half the size, which reads as well."""
    png_pixels: int = 16_000_000
    """Pixels of a PNG: four bytes each while it is decoded. PNG can hide much in little."""
    scans: int = 24
    """Scans of a JPEG: usual progressive ones have 10, and every one passes over all the coefficients."""
    parts: int = 20_000
    """Segments of a JPEG, chunks of a PNG."""


DEFAULT = ImageLimits()
