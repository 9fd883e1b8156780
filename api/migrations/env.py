"""How Alembic reaches the database: the connection that `api/database_version.py` hands it."""

from __future__ import annotations

from alembic import context

from api.tables import ALL_METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=list(ALL_METADATA),
    render_as_batch=True,  # SQLite cannot alter a column in place
    compare_type=True,
    user_module_prefix="",
)
with context.begin_transaction():
    context.run_migrations()
