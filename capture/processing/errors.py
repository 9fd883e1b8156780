"""What processing refuses of a body; the record then goes to the mesa with the reason."""

from __future__ import annotations

from capture.records.states import Causa
from keys.errors import Refusal


class BodyRefusal(Refusal):
    """The body is not the one that the envelope speaks of."""

    causa = Causa.CUERPO_NO_CORRESPONDE


class BodyMissing(BodyRefusal):
    """The blob store has no such body."""

    causa = Causa.CUERPO_FALTA
