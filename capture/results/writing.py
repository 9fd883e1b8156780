"""Writing an encrypted package: complete and durable under its path before anybody is told of it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from capture.blobs import Blobs
from capture.results.package import Made
from keys import atomic_file


def write(packages: Blobs, work: Path, path: str, make: Callable[[BinaryIO], Made]) -> Made:
    """Let `make` write a file in the folder `work`, then keep it under `path`. On any error nothing stays."""
    work.mkdir(parents=True, exist_ok=True)
    file = work / f"{secrets.token_hex(16)}.tmp"
    # The group may read it: another user of the system hands it out. It is encrypted.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, atomic_file.SHARED)
    try:
        with os.fdopen(descriptor, "wb") as target:
            made = make(target)
            target.flush()
            os.fsync(target.fileno())
        packages.adopt(path, file)
    finally:
        file.unlink(missing_ok=True)
    return made
