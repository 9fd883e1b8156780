"""The monitor follows the rows of a consultation, whoever writes them, and tells what it may."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from api.accounts.permissions import Role
from api.monitor import counters
from api.monitor.tables import monitor_movimientos
from ledger.database import Database
from tally.claves.tables import claves
from tally.consulta.cronograma import Fase
from tally.entrada.tokens_sql import Tokens
from tally.setup import uuid_of
from tally.tables import participaciones, urnas
from tests.api.consultas.town import ID, PLAN, URL, Town, opened_town
from tests.tally.consulta.making import asked

pytestmark = pytest.mark.req("SEI-08")
START = PLAN[Fase.OPINION].inicio
PEOPLE = ("ana", "eva", "luz", "leo", "paz", "ida")


def _figures(town: Town, who: Role = Role.COEG) -> dict[str, dict[str, Any]]:
    return {one["hecho"]: one for one in town.done(who, "GET", f"{URL}/monitor")["hechos"]}


def _opine(town: Town, person: str, minutes: int) -> None:
    """The mark that a ballot leaves with it."""
    with town.services.database.writing() as db:
        values = {"consulta": ID, "persona": person, "uuid": uuid_of(ID, "09-001")}
        db.execute(insert(participaciones).values(**values, cuando=START + timedelta(minutes=minutes)))


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Any:
    with opened_town(database, tmp_path) as made:
        made.done(Role.SECRETARIA_EJECUTIVA, "POST", "/v1/consultas", json=asked(k=3))
        for person in PEOPLE:
            made.register(person, "09-001")
        with made.services.database.writing() as db:
            db.execute(insert(urnas).values(uuid=uuid_of(ID, "09-001"), consulta=ID, unidad="09-001"))
        yield made


def test_claves_and_tokens_are_counted_where_they_are_written(town: Town) -> None:
    found = _figures(town)
    assert (found["clave"]["total"], found["clave"]["reservado"]) == (6, False)
    assert [zone["demarcacion"] for zone in found["clave"]["demarcaciones"]] == ["MILPA ALTA"]
    with town.services.database.writing() as db:
        db.execute(update(claves).where(claves.c.persona == "ana").values(repuesta=START))
        db.execute(update(claves).where(claves.c.persona == "eva").values(deshabilitada=START, motivo="x"))
        for person in ("ana", "luz", "leo"):
            Tokens(db).request(person, b"1" * 32, START)
        Tokens(db).request("ana", b"2" * 32, START + timedelta(minutes=9))
    town.now = START + timedelta(minutes=30)
    found = _figures(town)
    assert (found["reposicion"]["total"], found["deshabilitada"]["total"]) == (1, 1)
    assert found["token"]["total"] == 0  # the hour is not over
    town.now = START + timedelta(minutes=65)
    assert _figures(town)["token"]["total"] == 4


def test_opinions_are_told_by_whole_hours_and_never_fewer_than_k(town: Town) -> None:
    for person, minutes in (("ana", 5), ("eva", 70), ("luz", 80), ("leo", 200)):
        _opine(town, person, minutes)
    told = []
    for hours in (0.5, 1.1, 2.02, 2.1, 4.1):
        town.now = START + timedelta(hours=hours)
        told.append(_figures(town)["opinion"]["total"])
        counters.fold(town.services.database)
    assert told == [0, 0, 0, 3, 3]
    with town.services.database.reading() as db:
        assert db.execute(select(func.count()).select_from(monitor_movimientos)).scalar_one() == 0
    town.now = PLAN[Fase.OPINION].fin + timedelta(minutes=5)
    (zone,) = _figures(town)["opinion"]["demarcaciones"]
    assert (zone["demarcacion"], zone["total"], len(zone["tramos"])) == ("MILPA ALTA", 4, 1)
    text = town.done(Role.DEOEYG, "GET", f"{URL}/monitor/tabla.csv").decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["hecho"] == "opinion"]
    assert [row["total"] for row in rows] == ["4"]


def test_who_is_no_area_that_follows_sees_nothing(town: Town) -> None:
    for role in (Role.CAT, Role.DIRECCION_DISTRITAL, Role.RESPONSABLE_MESA, Role.CONSEJO_GENERAL):
        assert town.refused(role, "GET", f"{URL}/monitor")[0] == 403
