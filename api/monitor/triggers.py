"""The triggers that count for the monitor: each act of a consultation adds one, in its own transaction.

Counting in the database rather than in each use case is what makes a forgotten count impossible, and lets the
rooms that do the acts know nothing of the monitor. A new fact is one more `Source`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, inspect

from api.monitor.facts import MICROSECONDS_AN_HOUR, Hecho
from tally.entrada.states import VALID

_TOKEN_MICROSECONDS = int(VALID.total_seconds()) * 1_000_000
_ZONE = (
    "COALESCE((SELECT MIN(u.demarcacion) FROM secciones s JOIN unidades u "
    "ON u.consulta = s.consulta AND u.clave = s.unidad "
    "WHERE s.consulta = p.consulta AND s.seccion = p.seccion), '')"
)
"""Of a person: sections lie within one demarcación each, so that the first UT of theirs says it."""
_PERSON = "FROM personas p WHERE p.id = NEW.persona"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. `event`: of the table; `when`: of the rows NEW and OLD, or nothing;
    `consulta`, `zone`, `moment` (microseconds) and `fact`: SQL of what it adds, read in `tail`."""

    name: str
    table: str
    event: str
    consulta: str
    zone: str
    moment: str
    fact: str
    tail: str
    when: str = ""

    @property
    def insert(self) -> str:
        """What the trigger does."""
        hour = f"({self.moment}) / {MICROSECONDS_AN_HOUR}"
        return (
            "INSERT INTO monitor_movimientos (consulta, demarcacion, hora, hecho, cantidad) "
            f"SELECT {self.consulta}, {self.zone}, {hour}, {self.fact}, 1 {self.tail};"
        )


def _of_person(name: str, table: str, event: str, fact: Hecho, moment: str, when: str = "") -> Source:
    return Source(name, table, event, "p.consulta", _ZONE, moment, f"'{fact.value}'", _PERSON, when)


_REPLACED = "OLD.repuesta IS NULL AND NEW.repuesta IS NOT NULL"
_DISABLED = "OLD.deshabilitada IS NULL AND NEW.deshabilitada IS NOT NULL"
_SENT = "NEW.huella IS NOT NULL AND NEW.vence IS NOT NULL AND (OLD.vence IS NULL OR OLD.vence <> NEW.vence)"
_OUTCOMES = ", ".join(
    f"'{h.value}'" for h in (Hecho.EN_VALIDACION, Hecho.APROBADA, Hecho.RECHAZADA, Hecho.NO_ELEGIBLE)
)
"""The states of a request that are facts under the same name (capture/preregistro)."""
_SENT_AT = f"NEW.vence - {_TOKEN_MICROSECONDS}"

SOURCES = (
    Source(
        "opinion",
        "participaciones",
        "INSERT",
        "NEW.consulta",
        "u.demarcacion",
        "NEW.cuando",
        f"'{Hecho.OPINION.value}'",
        "FROM unidades u WHERE u.uuid = NEW.uuid",
    ),
    _of_person("clave", "claves", "INSERT", Hecho.CLAVE, "NEW.emitida"),
    _of_person("reposicion", "claves", "UPDATE OF repuesta", Hecho.REPOSICION, "NEW.repuesta", _REPLACED),
    _of_person(
        "deshabilitada",
        "claves",
        "UPDATE OF deshabilitada",
        Hecho.DESHABILITADA,
        "NEW.deshabilitada",
        _DISABLED,
    ),
    _of_person("token", "tokens", "UPDATE OF huella", Hecho.TOKEN, _SENT_AT, _SENT),
    Source(
        "registro",
        "preregistros",
        "UPDATE OF estado",
        "NEW.consulta",
        "COALESCE(NEW.demarcacion, '')",
        "COALESCE(NEW.recibido, NEW.creado)",
        f"'{Hecho.REGISTRO.value}'",
        "",
        "OLD.estado = 'por-cotejar-lista' AND NEW.estado <> 'por-cotejar-lista'",
    ),
    Source(
        "dictamen",
        "preregistro_pasos",
        "INSERT",
        "NEW.consulta",
        "COALESCE(r.demarcacion, '')",
        "NEW.cuando",
        "NEW.a",
        "FROM preregistros r WHERE r.folio = NEW.folio",
        f"NEW.a IN ({_OUTCOMES})",
    ),
)
"""A request counts once when its attempts are over and its demarcación is known, at the hour in which it
came; and by each outcome, at the hour of that."""


def install(connection: Connection) -> None:
    """Make the triggers of the tables that there are, or leave them as they are."""
    known = set(inspect(connection).get_table_names())
    if "monitor_movimientos" not in known:
        return
    make = _postgres if connection.dialect.name == "postgresql" else _sqlite
    for source in SOURCES:
        if source.table in known:
            for statement in make(source):
                connection.exec_driver_sql(statement)


def _sqlite(source: Source) -> tuple[str, ...]:
    when = f"WHEN {source.when} " if source.when else ""
    head = f"CREATE TRIGGER IF NOT EXISTS monitor_{source.name} AFTER {source.event} ON {source.table} "
    return (f"{head}{when}BEGIN {source.insert} END",)


def _postgres(source: Source) -> tuple[str, ...]:
    when = f"WHEN ({source.when}) " if source.when else ""
    name = f"monitor_{source.name}"
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{source.insert} RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER {name} AFTER {source.event} ON {source.table} "
        f"FOR EACH ROW {when}EXECUTE FUNCTION {name}()",
    )
