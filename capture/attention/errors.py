"""What the attention desk refuses."""

from __future__ import annotations

from keys.errors import FormatRefusal, Refusal


class AttentionRefusal(Refusal):
    """A report that is not where the act would take it from."""


class UnknownReport(AttentionRefusal):
    """No report has this number, or it is not in sight."""


class ReportFormRefusal(FormatRefusal):
    """A report or an answer with a field at fault."""
