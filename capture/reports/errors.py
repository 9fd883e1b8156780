"""What reports refuse."""

from __future__ import annotations

from keys.errors import Refusal


class FiguresDisagree(Refusal):
    """Figures that do not add up to what was received. Whoever gets this must not publish them."""


class ReportRefusal(Refusal):
    """A report that cannot be made: an unknown process, a cut-off in the future."""
