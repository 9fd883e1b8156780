"""Refusals about recipients and what is encrypted to them."""

from __future__ import annotations

from keys.errors import Refusal


class RecipientRefusal(Refusal):
    """A public key that files cannot be encrypted to: its kind, its size, its use or its dates."""


class DecryptionRefusal(Refusal):
    """A file that this key does not open, or that was altered. No part of it may be believed."""


class PossessionRefusal(Refusal):
    """A challenge that was not answered by the owner of the key, or too late."""
