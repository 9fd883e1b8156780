"""Requests for a Clave are counted when they are over, where they are from, and by what became of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from api.accounts.permissions import Role
from capture.preregistro.tables import preregistro_pasos, preregistros
from ledger.database import Database
from tally.consulta.cronograma import Fase
from tests.api.consultas.town import ID, PLAN, URL, opened_town
from tests.tally.consulta.making import asked

START = PLAN[Fase.PREREGISTRO].inicio
FOLIOS = {"uno": ("en-validacion", "rechazada"), "dos": ("aprobada",), "tres": ("no-elegible",)}


@pytest.mark.req("SEI-08")
def test_requests_and_their_outcomes_by_hour_and_demarcacion(database: Database, tmp_path: Path) -> None:
    with opened_town(database, tmp_path) as town:
        town.done(Role.SECRETARIA_EJECUTIVA, "POST", "/v1/consultas", json=asked())
        for number, (folio, states) in enumerate(FOLIOS.items()):
            _ask(database, folio, number, states)
        found = {one["hecho"]: one for one in town.done(Role.DEOEYG, "GET", f"{URL}/monitor")["hechos"]}
    totals = {name: found[name]["total"] for name in ("registro", "en-validacion", "aprobada", "rechazada")}
    assert totals == {"registro": 3, "en-validacion": 1, "aprobada": 1, "rechazada": 1}
    assert found["no-elegible"]["demarcaciones"][0]["demarcacion"] == "Por determinar"
    (zone, _) = sorted(found["registro"]["demarcaciones"], key=lambda one: str(one["demarcacion"]))
    assert (zone["demarcacion"], [span["total"] for span in zone["tramos"]]) == ("MILPA ALTA", [1, 1])


def _ask(database: Database, folio: str, hours: int, states: tuple[str, ...]) -> None:
    """What the rows of a request go through, each step with the row that tells it."""
    came, place = START + timedelta(hours=hours), None if folio == "tres" else "MILPA ALTA"
    begun: dict[str, Any] = {"origen": "aplicacion", "secreto": bytes(32), "intento": 1, "giros": "i"}
    with database.writing() as db:
        db.execute(
            insert(preregistros).values(
                folio=folio, consulta=ID, estado="recibida", creado=came, recibido=came, **begun
            )
        )
        for state in ("por-cotejar-lista", *states):
            mine = update(preregistros).where(preregistros.c.folio == folio)
            told = {} if state == "por-cotejar-lista" else {"demarcacion": place}
            db.execute(mine.values(estado=state, **told))
            step = {"paso": "paso", "a": state, "quien": "alguien", "acto": "acto"}
            later = came + timedelta(days=1)
            db.execute(insert(preregistro_pasos).values(folio=folio, consulta=ID, cuando=later, **step))
