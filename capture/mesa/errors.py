"""What the mesa de control refuses."""

from __future__ import annotations

from keys.errors import Refusal


class MesaRefusal(Refusal):
    """An outcome, a catalogue or an assignment that the rules of the mesa do not allow."""


class UnknownSample(MesaRefusal):
    """There is no such sample."""
