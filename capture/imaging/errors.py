"""What decoding refuses."""

from __future__ import annotations

from keys.errors import Refusal

__all__ = ["ImageRefusal", "Refusal"]


class ImageRefusal(Refusal):
    """The bytes are not one still picture within the limits. The message never shows what they hold."""
