"""At the Mesa, by the service: whether a person may still opine (SEI-24).

The same as the listado tells offline (tally/mesa/looking.py), and of all UTs of the consultation: who belongs
to several may have opined in another one. Who never registered and who did not opine are alike.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, exists, select

from tally.claves.person import elector_name
from tally.claves.ports import Keeper
from tally.claves.tables import personas
from tally.mesa.looking import normal_clave
from tally.tables import participaciones


def may_opine(connection: Connection, keeper: Keeper, consulta: str, typed: str) -> bool:
    """Whether the person of a clave de elector has not opined by internet. One question, whatever the answer.

    Raises MesaRefusal, without quoting it, for what is no clave de elector.
    """
    p, mark = personas.c, participaciones.c
    named = p.clave_elector_hmac == elector_name(keeper, consulta, normal_clave(typed))
    marked = select(mark.persona).join(personas, and_(p.id == mark.persona, p.consulta == mark.consulta))
    found = connection.execute(select(exists(marked.where(p.consulta == consulta, named)))).scalar_one()
    return not found
