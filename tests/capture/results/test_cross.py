"""The crossing between aspirantes: who supported more than one, without saying who."""

from __future__ import annotations

from pathlib import Path

import pytest

from capture.records.states import Estado
from capture.results.cross import Totals, crossings, csv_lines
from ledger.database import Database
from tests.capture.results.making import OTHER, PERIODO, PROCESO, world

pytestmark = pytest.mark.req("APO-20")
ANA, LUZ = "AAAAAA00010109M100", "LLLLLL00010109M100"


def test_people_who_support_two_aspirantes_are_found_without_their_names(
    database: Database, tmp_path: Path
) -> None:
    made = world(database, tmp_path)
    first = made.add(1, Estado.COMPULSADO, clave=ANA)
    made.add(2, Estado.DUPLICADO, clave=ANA, duplicado_de=first)
    second = made.add(3, Estado.EN_MESA, OTHER, clave=ANA)
    made.add(4, Estado.COMPULSADO, clave=LUZ)
    made.add(5, Estado.FUERA_DE_PERIODO, OTHER, clave=LUZ)
    made.add(6, Estado.COMPULSADO, OTHER)
    with database.reading() as connection:
        found = list(crossings(connection, PERIODO))
        assert [(one.persona, one.proceso, one.folio) for one in found] == [
            (1, PROCESO, first),
            (1, OTHER, second),
        ]
        assert list(crossings(connection, "otro")) == []
    totals = Totals()
    text = b"".join(csv_lines(iter(found), totals)).decode("utf-8-sig")
    assert totals.to_json() == {
        "personas": 1,
        "registros": 2,
        "pares": [{"procesos": [PROCESO, OTHER], "personas": 1}],
    }
    assert len(text.splitlines()) == 3
    assert ANA not in text and made.vault.hmac(PERIODO, ANA.encode()).hex() not in text
