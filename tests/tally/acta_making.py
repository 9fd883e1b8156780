"""Actas of a small consultation, for the tests of actas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tally.acta import Acta, Opening, UrnEvidence, acta_of, reserve_of
from tally.acta_pdf import Imprint
from tally.archive import sha256
from tally.calendar import Calendar
from tally.setup import Unidad

CALENDAR = Calendar(
    datetime.fromisoformat("2022-04-21T20:00:00-05:00"),
    datetime.fromisoformat("2022-04-28T20:00:00-05:00"),
    datetime.fromisoformat("2022-04-29T08:00:00-05:00"),
)
INSTANT = datetime.fromisoformat("2022-04-29T10:04:31-05:00")
OPENING = Opening("pp-2022", CALENDAR, INSTANT, threshold=3, trustees=5, k=1)
"""Where no urn is small, so that few votes make an acta."""
WITH_SMALL = replace(OPENING, k=5)
PROJECTS = ("Luminarias en la calle Aldama", "Rehabilitación del parque «Mártires»", "Cruces seguros")
UNIDAD = Unidad("02-001", "Aguilera", "Azcapotzalco", PROJECTS)
TRUSTEES = ("Presidencia", "Consejería uno", "Consejería dos", "Consejería tres", "Consejería cuatro")
IMPRINT = Imprint("Consulta de Presupuesto Participativo 2022", TRUSTEES)


def evidence(ballots: int) -> UrnEvidence:
    """An urn of so many ballots."""
    return UrnEvidence(ballots, sha256(b"cierre"), sha256(b"resultado"))


def make_acta(
    votes: Sequence[int], unidad: Unidad = UNIDAD, opening: Opening = OPENING, listado: str | None = None
) -> Acta:
    """An acta that adds up. `votes`: votos nulos first."""
    total = sum(votes)
    return acta_of(opening, unidad, evidence(total), votes, total, [4, 1, 2], listado)


def make_reserve(ballots: int, unidad: Unidad = UNIDAD) -> Acta:
    """The acta of a small urn, which stays closed."""
    return reserve_of(WITH_SMALL, unidad, evidence(ballots), ballots, sha256(b"listado"))
