"""The acta of an urn as its archive stands: de cómputo once opened, a reserva of a small one (SEI-23)."""

from __future__ import annotations

from tally.acta import Acta, Opening, UrnEvidence, acta_of, reserve_of
from tally.errors import OpeningRefusal
from tally.opening import ClosedUrn
from tally.setup import Unidad
from tally.small_urns import is_small


def acta_of_urn(opening: Opening, unidad: Unidad, urn: ClosedUrn, persons: int, listado: str | None) -> Acta:
    """The acta of an urn that was opened, or that stays closed because it is small.

    `persons`: names on the listado de claves de elector; `listado`: its hash. Raises Refusal when anything
    does not add up, when a small urn was opened alone, and while another one is not open.
    """
    evidence = UrnEvidence(urn.ballots, urn.closing.hash, urn.last.hash)
    if is_small(urn.ballots, opening.k) and urn.votes is None:
        return reserve_of(opening, unidad, evidence, persons, listado)
    if urn.votes is None:
        place = f"actas/{unidad.clave}.json"
        raise OpeningRefusal("urna.por_abrir", place, "una urna con resultado", "una urna sin abrir")
    return acta_of(opening, unidad, evidence, urn.votes[0], persons, urn.owners, listado)
