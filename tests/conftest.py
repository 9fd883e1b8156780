"""What all tests share: the groups, the vectors of others, and skips that nobody overlooks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from api.tables import ALL_METADATA
from keys.group import Group, group_named
from keys.group.choice import native_present
from ledger.database import Database, open_engine
from tests import postgres_server

settings.register_profile(
    "certeza", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "certeza"))

BELENIOS = Path(__file__).parent / "vectors" / "belenios"
ARITHMETICS = ("nativa", "libsodium", "enteros")
_LOUD = "AVISO:"


def make_group(arithmetic: str) -> Group:
    """One of the three implementations; skips loudly when the native extension is absent."""
    if arithmetic == "enteros":
        return group_named("BELENIOS-2048")
    if arithmetic == "nativa" and not native_present():
        pytest.skip(f"{_LOUD} falta certeza_native: la aritmética nativa NO se probó")
    return group_named("Ed25519", "nativa" if arithmetic == "nativa" else "libsodium")


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """An order that runs in this process sets where logs go: to a stream that is closed with its test."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", params=ARITHMETICS)
def group(request: pytest.FixtureRequest) -> Group:
    """Each implementation in turn."""
    return make_group(request.param)


@pytest.fixture(scope="session", params=["nativa", "libsodium"])
def ed25519(request: pytest.FixtureRequest) -> Group:
    """Each implementation of Ed25519."""
    return make_group(request.param)


@pytest.fixture(scope="session")
def fast() -> Group:
    """Ed25519 on whatever this machine does best."""
    return group_named("Ed25519")


@pytest.fixture(scope="session")
def belenios() -> Path:
    """The folder of archives made by other people's program."""
    if not BELENIOS.is_dir():
        pytest.skip(f"{_LOUD} faltan tests/vectors/belenios: NADA se comparó con Belenios")
    return BELENIOS


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the service does."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The conninfo of a server: CERTEZA_POSTGRES, or one started here where PostgreSQL is installed."""
    yield from postgres_server.conninfo()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind with all tables of the rooms."""
    if request.param == "sqlite":
        yield from _filled(f"sqlite:///{tmp_path / 'certeza.db'}")
    else:
        yield from postgres_server.scratch(request.getfixturevalue("postgres"), _filled)


def _filled(url: str) -> Iterator[Database]:
    engine = open_engine(url)
    for metadata in ALL_METADATA:
        metadata.create_all(engine)
    try:
        yield Database(engine)
    finally:
        engine.dispose()


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Loud skips end the report in capitals of their own."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = {str(r.longrepr[2]) for r in skipped if isinstance(r.longrepr, tuple)}
    loud = sorted(r.removeprefix("Skipped: ") for r in reasons if _LOUD in r)
    if loud:
        terminalreporter.section("LO QUE NO SE PROBÓ", sep="!", red=True, bold=True)
        for reason in loud:
            terminalreporter.write_line(reason, red=True)
    return (yield)
