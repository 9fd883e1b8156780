"""What a consultation refuses."""

from __future__ import annotations

from keys.errors import FormatRefusal, Refusal


class ConsultaRefusal(Refusal):
    """The state of the consultation does not permit it."""


class PhaseRefusal(ConsultaRefusal):
    """It is not the time for that: the message tells when it is (SEI-01)."""


class ConsultaFormRefusal(FormatRefusal):
    """A consultation cannot be made from this."""


class NoConsulta(ConsultaRefusal):
    """Nothing of that name: of a consultation, of its UTs, custodios, documents."""
