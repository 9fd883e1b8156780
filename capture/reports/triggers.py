"""The triggers that count: whatever changes a record, in whichever statement, changes the figures with it.

Counting in the database rather than in each use case is what makes a forgotten count impossible: a mass
update after the removal of an auxiliar is counted like a single transition, in its own transaction.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

_COLUMNS = "proceso, hora, modalidad, auxiliar, estado, inciso, tipo, situacion, cantidad"
_MICROSECONDS_AN_HOUR = 3_600_000_000


def _insert(row: str, amount: int) -> str:
    values = (
        f"{row}.proceso, {row}.recibido / {_MICROSECONDS_AN_HOUR}, {row}.modalidad, "
        f"COALESCE({row}.auxiliar, ''), {row}.estado, COALESCE({row}.inciso, ''), "
        f"COALESCE({row}.tipo_inconsistencia, ''), COALESCE({row}.situacion, ''), {amount}"
    )
    return f"INSERT INTO movimientos ({_COLUMNS}) VALUES ({values});"  # noqa: S608 - fixed names


_WATCHED = ("proceso", "recibido", "modalidad", "auxiliar", "estado", "inciso")
_ALL_WATCHED = (*_WATCHED, "tipo_inconsistencia", "situacion")


def _changed(distinct: str) -> str:
    return " OR ".join(f"OLD.{name} {distinct} NEW.{name}" for name in _ALL_WATCHED)


_SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS registros_alta AFTER INSERT ON registros BEGIN {_insert('NEW', 1)} END",
    f"CREATE TRIGGER IF NOT EXISTS registros_cambio AFTER UPDATE ON registros WHEN {_changed('IS NOT')} "
    f"BEGIN {_insert('OLD', -1)} {_insert('NEW', 1)} END",
    f"CREATE TRIGGER IF NOT EXISTS registros_baja AFTER DELETE ON registros BEGIN {_insert('OLD', -1)} END",
)
_POSTGRES = (
    "CREATE OR REPLACE FUNCTION registros_cifras() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF TG_OP <> 'INSERT' THEN {_insert('OLD', -1)} END IF; "
    f"IF TG_OP <> 'DELETE' THEN {_insert('NEW', 1)} END IF; RETURN NULL; END $$",
    "CREATE OR REPLACE TRIGGER registros_alta AFTER INSERT OR DELETE ON registros "
    "FOR EACH ROW EXECUTE FUNCTION registros_cifras()",
    "CREATE OR REPLACE TRIGGER registros_cambio AFTER UPDATE ON registros "
    f"FOR EACH ROW WHEN ({_changed('IS DISTINCT FROM')}) EXECUTE FUNCTION registros_cifras()",
)


def install(connection: Connection) -> None:
    """Make the triggers, or leave them as they are. Does nothing before the tables exist."""
    if not all(inspect(connection).has_table(name) for name in ("registros", "movimientos")):
        return
    for statement in _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)
