"""What every route of a consultation does: find it, tell its act, see to whom it belongs."""

from __future__ import annotations

from sqlalchemy import Connection

from api.consultas.places import Places, places_of
from api.http.here import Here
from api.http.refusals import declare
from tally.consulta.errors import NoConsulta
from tally.consulta.store_sql import Consulta, Consultas, Custodio

declare(NoConsulta, "no-encontrado")


def found(here: Here, consulta: str) -> Consulta:
    """The consultation. Raises NoConsulta."""
    with here.database.reading() as db:
        return Consultas(db).get(consulta)


def own_seat(db: Connection, here: Here, consulta: str) -> Custodio:
    """The seat of the custodio who asks. Raises NoConsulta for who has none in this consultation."""
    return Consultas(db).custodio_of(consulta, here.who.account)


def places(here: Here, consulta: str) -> Places:
    """Where its files lie."""
    return places_of(here.services.settings, consulta)
