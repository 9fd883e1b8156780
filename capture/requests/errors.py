"""Refusals about requests of authorities."""

from __future__ import annotations

from keys.errors import Refusal


class RequestRefusal(Refusal):
    """A request without what it needs, for records that are not there, or answered already."""


class UnknownRequest(RequestRefusal):
    """There is no such request."""
