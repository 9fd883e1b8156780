"""What reading a signature refuses."""

from __future__ import annotations

from keys.errors import Refusal

__all__ = ["Refusal", "StrokesRefusal"]


class StrokesRefusal(Refusal):
    """What was handed over as strokes is none, or too much. The message never shows where the pen was."""
