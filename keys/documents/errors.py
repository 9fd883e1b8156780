"""What the signing of documents refuses."""

from __future__ import annotations

from keys.errors import Refusal


class DocumentRefusal(Refusal):
    """A key, a certificate, a time stamp or a PDF that cannot be used to sign a document."""
