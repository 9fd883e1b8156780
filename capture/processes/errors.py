"""What registering institutes, periods and processes refuses."""

from __future__ import annotations

from capture.identity.errors import FormRefusal, Refusal

__all__ = ["EmblemRefusal", "FormRefusal", "NotRegistered", "ProcessRefusal", "Refusal"]


class ProcessRefusal(Refusal):
    """A period or process cannot be registered or changed as asked."""


class EmblemRefusal(ProcessRefusal):
    """The image is not a PNG or JPG that the app can show."""


class NotRegistered(ProcessRefusal):
    """Nothing is registered with that identifier."""
