"""Bodies in the blob store."""

from __future__ import annotations

from capture.blobs import BlobRefusal, Blobs
from capture.processing.errors import BodyMissing


class BlobBodies:
    """See `capture.processing.ports.Bodies`."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def get(self, path: str) -> bytes:
        """Raises BodyMissing, and OSError when it cannot be known."""
        try:
            return self._blobs.get(path)
        except BlobRefusal as refusal:
            raise BodyMissing(refusal.rule, "cuerpo", refusal.expected, refusal.got) from None
