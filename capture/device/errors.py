"""What a device refuses to do, and what it was refused."""

from __future__ import annotations

from keys.errors import Refusal


class DeviceRefused(Refusal):
    """The capture is incomplete, or what came back is not about what was sent."""


class TurnedDown(Refusal):
    """The server will not take it, however often it is sent. `rule` is the server's own code."""


class TryAgain(Exception):  # noqa: N818 - not an error: the network is like that
    """It did not go through this time. `seconds`: how long the server asked to wait, if it did."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds
