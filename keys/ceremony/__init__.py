"""The key ceremony: dealer-less threshold keys (Pedersen), as the Belenios specification writes them."""

from keys.ceremony.channel import CeremonyRefusal
from keys.ceremony.messages import TrusteePublicKey
from keys.ceremony.terms import Terms
from keys.ceremony.trustees import Pedersen, Single, Trustees, lagrange, verify_trustees

__all__ = [
    "CeremonyRefusal",
    "Pedersen",
    "Single",
    "Terms",
    "TrusteePublicKey",
    "Trustees",
    "lagrange",
    "verify_trustees",
]
