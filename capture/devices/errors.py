"""What registering or removing a device refuses."""

from __future__ import annotations

from capture.processes.errors import NotRegistered, Refusal

__all__ = ["DeviceRefusal", "NotRegistered", "Refusal"]


class DeviceRefusal(Refusal):
    """A device cannot be registered, used or removed as asked."""
