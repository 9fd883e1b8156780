"""Write the migration that brings the newest version of the tables to what the code says: NAME "Message".

Compares an SQLite database at the newest version with the tables of `api.tables`; read what it wrote.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from api.database_version import SCRIPTS, migrate
from ledger.database import Database, open_engine


def main(name: str, message: str) -> None:
    """Write `api/migrations/versions/<name>_….py`."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(open_engine(f"sqlite:///{Path(folder) / 'base.db'}"))
        if any((SCRIPTS / "versions").glob("*.py")):
            migrate(database)
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        with database.writing() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message=message, rev_id=name, autogenerate=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
