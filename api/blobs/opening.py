"""Opening the blobs of the settings, and where uploads that are not complete lie."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from obstore.store import from_url

from api.settings import Settings
from capture.blobs import Blobs, FolderBlobs, ObjectBlobs
from keys.errors import FormatRefusal

FOLDER = "objetos"
_PROBE = "prueba/listo"


def open_blobs(settings: Settings) -> Blobs:
    """A folder that is durable at every put, or an object store. Raises FormatRefusal for wrong options."""
    given = settings.blobs
    if not given.url:
        return FolderBlobs(settings.data / FOLDER)
    options = {} if given.options_file is None else _options(given.options_file)
    return ObjectBlobs(from_url(given.url, **options))


def _options(file: Path) -> dict[str, Any]:
    """What the file says; its content never gets into a message."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise FormatRefusal("objetos.opciones", file.name, "TOML", "otra cosa") from None


def uploads_folder(settings: Settings) -> Path:
    """Of partial uploads: on the medium of the blobs where these are files, so that one is moved at once."""
    if settings.intake.folder is not None:
        return settings.intake.folder
    beside = settings.data / "cargas"
    return beside if settings.blobs.url else settings.data / FOLDER / ".parciales" / "cargas"


def require_writable(blobs: Blobs) -> None:
    """Put, read and delete something small. Raises what the medium does."""
    blobs.put(_PROBE, b"listo")
    blobs.get(_PROBE)
