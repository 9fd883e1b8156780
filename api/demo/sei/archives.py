"""Folders that travel as archives (tar)."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path


def unpacked(data: bytes, folder: Path) -> Path:
    """The files of an archive, in a folder that may have others."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(folder, filter="data")
    return folder
