"""Refusals of the urn that are about the act, not about the form of a message."""

from __future__ import annotations

from keys.errors import Refusal


class CastingRefusal(Refusal):
    """A ballot that is well formed may not enter: outside the phase, or its person already took part."""


class OpeningRefusal(Refusal):
    """The urn may not be opened: too early, too few shares, or a share that does not fit."""


class StoreError(Exception):
    """Storage could not keep what it was given. Nothing was half-written."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path
        self.what = what

    def __reduce__(self) -> tuple[object, ...]:
        # It travels between processes whole.
        return type(self), (self.path, self.what)


class StoreBusy(StoreError):  # noqa: N818 - the state, as in OSError's subclasses
    """Another process is writing this urn."""


class StoreMoved(StoreError):  # noqa: N818
    """The archive does not end where whoever wanted to add to it had read it to."""


class StoreDamaged(StoreError):  # noqa: N818
    """The stored archive has a flaw that no interrupted write explains."""
