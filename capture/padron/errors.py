"""What the padrón refuses."""

from __future__ import annotations

from keys.errors import Refusal

__all__ = ["PadronRefusal", "Refusal"]


class PadronRefusal(Refusal):
    """A file that cannot become the current corte, or a question that the current corte cannot answer."""
