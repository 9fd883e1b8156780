"""What pre-registro refuses."""

from __future__ import annotations

from keys.errors import Refusal


class PreregistroRefusal(Refusal):
    """Something of a request is not as it must be, or it is not where it was thought to be."""


class UnknownRequest(Refusal):
    """No such request, or the one who asks is not who made it: nobody learns which."""
