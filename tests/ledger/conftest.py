"""What the ledger's tests share: where the published vectors are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("CERTEZA_SHARED", REPOSITORY.parent / "shared"))


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of published tlog vectors, which stay outside of the repository."""
    folder = SHARED / "vectors" / "tlog"
    if not folder.is_dir():
        pytest.skip(f"AVISO: faltan los vectores publicados en {folder} (CERTEZA_SHARED): NO se probaron")
    return folder
