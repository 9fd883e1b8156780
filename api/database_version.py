"""Which version the tables of a database have, and bringing them to the one of this program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from api.monitor import triggers as monitor
from capture.reports.triggers import install
from keys.errors import Refusal
from ledger.database import Database

SCRIPTS = Path(__file__).parent / "migrations"


class VersionRefusal(Refusal):
    """The tables are not those of this program: `certeza migrate` brings them there."""


@dataclass(frozen=True, slots=True)
class Version:
    """Where the database is and where this program needs it. `present` is None for an empty one."""

    present: str | None
    needed: str

    @property
    def is_current(self) -> bool:
        """Nothing to do."""
        return self.present == self.needed


def version_of(database: Database) -> Version:
    """Read it. Raises sqlalchemy's errors when the database cannot be reached."""
    needed = ScriptDirectory.from_config(_config()).get_current_head()
    with database.reading() as db:
        present = MigrationContext.configure(db).get_current_revision()
    return Version(present, str(needed))


def require_current(database: Database) -> None:
    """Raises VersionRefusal unless the tables are those of this program."""
    version = version_of(database)
    if not version.is_current:
        got = version.present or "una base vacía"
        expected = f"la versión {version.needed}, a la que lleva «certeza migrate»"
        raise VersionRefusal("base.version", "base de datos", expected, got)


def migrate(database: Database) -> Version:
    """Bring the tables to this program's version, all or nothing. Repeating it does nothing."""
    config = _config()
    with database.writing() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "head")
        install(db)  # Alembic knows tables, not triggers
        monitor.install(db)
    return version_of(database)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
