"""A house on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.database import Database
from tests.api.preregistro.house import House, house_over


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    """Pre-registro is open, and nobody asked yet."""
    with house_over(database, tmp_path) as made:
        yield made
