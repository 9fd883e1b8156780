"""The keys of who captures Mesas, fixed in `mesas/llaves.json` once there is one of each demarcación.

Fixed means that the act `mesas` waits for the log, which must have it before the opening (docs/adr/0022): at
the setup of the urns when they are all there, and otherwise with the last one.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from tally import journal
from tally.archive import sha256
from tally.consulta.cronograma import local
from tally.consulta.leaves_sql import entry_of, put_leaves
from tally.consulta.store_sql import Consultas
from tally.consulta.tables import consultas
from tally.mesa.store_sql import SqlMesas
from tally.small_urns_mesa import MesaKeys

_KEY = journal.act_key(journal.MESA_KEYS)


def needed(connection: Connection, consulta: str) -> list[str]:
    """The demarcaciones that have an urn, sorted."""
    found = Consultas(connection).unidades(consulta)
    return sorted({one.unidad.demarcacion for one in found if one.unidad.proyectos})


def missing(connection: Connection, consulta: str) -> list[str]:
    """The demarcaciones whose key is not registered yet."""
    known = dict(SqlMesas(connection, consulta).keys().keys)
    return [name for name in needed(connection, consulta) if name not in known]


def keys_of(connection: Connection, consulta: str) -> MesaKeys:
    """Those of the demarcaciones that have an urn, as `mesas/llaves.json` tells them."""
    found, wanted = SqlMesas(connection, consulta).keys(), set(needed(connection, consulta))
    return MesaKeys(consulta, tuple((name, key) for name, key in found.keys if name in wanted))


def is_fixed(connection: Connection, consulta: str) -> bool:
    """Whether they are what the log tells, for ever."""
    return entry_of(connection, consulta, _KEY) is not None


def fix(connection: Connection, consulta: str, now: datetime) -> bool:
    """Fix them when all are there and the urns are set up; whether they are fixed now."""
    if is_fixed(connection, consulta):
        return True
    published = select(consultas.c.publica).where(consultas.c.id == consulta)
    if connection.execute(published).scalar() is None or missing(connection, consulta):
        return False
    digest = sha256(keys_of(connection, consulta).data)
    put_leaves(connection, consulta, [journal.act_entry(journal.MESA_KEYS, local(now), digest)])
    return True
