"""What is refused about records."""

from __future__ import annotations

from keys.errors import Refusal


class RecordRefusal(Refusal):
    """A change that the table of states does not have, or a record that is not as the change needs it."""


class UnknownRecord(RecordRefusal):
    """No record has this folio."""


class StateChanged(RecordRefusal):
    """The record is no longer in the state that the change starts from: somebody else was first."""
