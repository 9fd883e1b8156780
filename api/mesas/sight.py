"""Whose Mesa it is, and how it is captured: the own UT's, those of the district, all for who follows."""

from __future__ import annotations

from sqlalchemy import Connection

from api.accounts.permissions import Role
from api.consultas.places import Places
from api.http.here import Here
from api.http.refusals import declare
from api.processes.sight import hidden
from keys.group import group_named
from tally.acta import Acta
from tally.consulta import states
from tally.consulta.errors import ConsultaRefusal, NoConsulta
from tally.consulta.people_sql import Adscripciones
from tally.consulta.states import Estado
from tally.consulta.store_sql import Consulta, Consultas, StoredUnidad
from tally.consultation import Consultation, Urn
from tally.mesa.errors import MesaRefusal, MesaSettled
from tally.mesa.store_sql import CLEAR, SEALED

declare(MesaRefusal, "datos-no-validos")
declare(MesaSettled, "conflicto")
LIMITED = frozenset({Role.RESPONSABLE_MESA, Role.DIRECCION_DISTRITAL})
"""Roles that are about a place: others that may look see all Mesas."""


def in_sight(db: Connection, here: Here, consulta: str) -> list[StoredUnidad]:
    """The UTs with an urn that are of who asks, by clave. Raises NoConsulta."""
    Consultas(db).get(consulta)
    every = [one for one in Consultas(db).unidades(consulta) if one.unidad.proyectos]
    if here.who.role not in LIMITED:
        return every
    own = Adscripciones(db, consulta).of(here.who.account)
    return [one for one in every if one.distrito == own.distrito and own.unidad in (None, one.unidad.clave)]


def own_unidad(db: Connection, here: Here, consulta: str, clave: str) -> StoredUnidad:
    """A UT with an urn, when it is of who asks. Raises Problem, the same for others' and for no UT."""
    try:
        found = in_sight(db, here, consulta)
    except NoConsulta:
        raise hidden() from None
    for one in found:
        if one.unidad.clave == clave:
            return one
    raise hidden()


def require_published(consulta: Consulta) -> None:
    """The urns that are opened alone are open, and their actas issued. Raises ConsultaRefusal."""
    if not states.reached(consulta.estado, Estado.PUBLICADA):
        expected = "una consulta publicada"
        raise ConsultaRefusal("mesa.publicada", consulta.id, expected, consulta.estado.value)


def acta_of(places: Places, stored: StoredUnidad) -> Acta:
    """The acta de cómputo, or the reserva, of a UT. Raises Refusal, StoreError."""
    public = places.public
    return Acta.from_bytes(public.read(public.acta_file(stored.unidad)), f"actas/{stored.unidad.clave}.json")


def mode_of(acta: Acta) -> str:
    """How the Mesa of a UT is captured: in clear, or encrypted where its urn is not opened alone."""
    return SEALED if acta.reserved else CLEAR


def urn_of(consultation: Consultation, clave: str) -> Urn:
    """The urn of a UT."""
    return next(urn for urn in consultation.urns if urn.unidad.clave == clave)


def order_of(consultation: Consultation) -> int:
    """Of the group of its keys."""
    return group_named(consultation.grupo).order
