"""What the ledger refuses, and whose fault it is. Malformed bytes are a `keys.errors.FormatRefusal`."""

from __future__ import annotations

from keys.errors import FormatRefusal, Refusal, shown

__all__ = [
    "AnotherSequencer",
    "FormatRefusal",
    "KeyReused",
    "LogStopped",
    "NotPublished",
    "Overloaded",
    "QuorumRefusal",
    "Refusal",
    "SignatureRefusal",
    "StateRefusal",
    "StorageRefusal",
    "TreeRefusal",
    "shown",
]


class TreeRefusal(Refusal):
    """A Merkle proof does not lead from what is held to the root that was signed."""


class SignatureRefusal(Refusal):
    """A note is not signed by the key that should have signed it, or a known key's signature fails."""


class QuorumRefusal(Refusal):
    """Fewer witnesses than the policy asks for have cosigned: the checkpoint is not «atestiguado»."""


class StorageRefusal(Refusal):
    """The untrusted storage lacks a resource, or holds one that differs from what was signed."""


class StateRefusal(Refusal):
    """The trusted state and what was published contradict each other: going on could fork the log."""


class AnotherSequencer(Refusal):
    """Another sequencer owns this log or has moved it. Whoever gets this must stop."""


class LogStopped(Refusal):
    """This sequencer stopped for good, or is closing, and takes no entries."""


class Overloaded(Refusal):
    """Too much is waiting to be sequenced. The caller may try again with the same key."""


class KeyReused(Refusal):
    """An idempotency key was given again with another entry."""


class NotPublished(Refusal):
    """The log could not publish in time. The entry may or may not be in the log already.

    Trying again with the same key is always safe: an entry that was sequenced keeps its index.
    """
