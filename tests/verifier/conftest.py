"""Tests of the verifier stand alone: they need its wheel and nothing else of this repository."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

VECTORS = Path(__file__).parents[1] / "vectors" / "belenios"


def pytest_configure(config: pytest.Config) -> None:
    """The marks, also when these tests run without the repository's configuration."""
    config.addinivalue_line("markers", "req(row): the requirement row that this test proves")


@pytest.fixture(scope="session", params=["nativa", "libsodium"])
def arithmetic(request: pytest.FixtureRequest) -> str:
    """Each arithmetic of Ed25519 in turn."""
    if request.param == "nativa" and find_spec("certeza_native") is None:
        pytest.skip("AVISO: falta certeza_native: la aritmética nativa del verificador NO se probó")
    return str(request.param)


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Archives made by another program."""
    return VECTORS
