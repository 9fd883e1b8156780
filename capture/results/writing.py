"""Writing an encrypted package: complete and durable under its path before anybody is told of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from capture.blobs import Blobs
from capture.results.package import Made


def write(packages: Blobs, work: Path, path: str, make: Callable[[BinaryIO], Made]) -> Made:
    """Let `make` write a file in the folder `work`, then keep it under `path`. On any error nothing stays."""
    work.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=work)
    try:
        with os.fdopen(descriptor, "wb") as target:
            made = make(target)
            target.flush()
            os.fsync(target.fileno())
        packages.adopt(path, Path(name))
    finally:
        Path(name).unlink(missing_ok=True)
    return made
