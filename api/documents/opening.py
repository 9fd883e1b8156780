"""Opening what issues documents, in the server and in the worker alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.documents.keyring import Keyring
from api.documents.service import Documents
from api.settings import Settings
from capture.blobs import Blobs
from capture.records.ports import Acts
from ledger.database import Database


def open_documents(
    settings: Settings,
    database: Database,
    blobs: Blobs,
    acts: Acts,
    clock: Callable[[], datetime],
    random: Callable[[int], bytes],
) -> Documents:
    """With the keys of the settings, which are only read when the first document is issued."""
    folder = settings.data / "secretos" / "documentos"
    keyring = Keyring(settings.documents, folder, clock, random, production=settings.production)
    return Documents(database, blobs, acts, keyring, clock, random)
