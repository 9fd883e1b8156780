"""What the engines and the readers of the face refuse."""

from __future__ import annotations

from keys.errors import Refusal

__all__ = ["EngineRefusal", "Refusal", "VideoRefusal"]


class EngineRefusal(Refusal):
    """An engine cannot start: its files are absent or are not the ones that were examined."""


class VideoRefusal(Refusal):
    """The bytes are not a short WebM within the limits. The message never shows what they hold."""
