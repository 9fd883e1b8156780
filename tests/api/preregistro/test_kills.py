"""A worker that is killed again and again while it issues Claves: none is lost, and none is made twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from capture.preregistro.tables import preregistro_pasos, preregistros
from tally.claves.tables import claves, credenciales, personas
from tests.api.preregistro.house import House
from tests.api.preregistro.killed import front_of
from tests.capture.preregistro.asking import IMAGES, fields_of

pytestmark = pytest.mark.slow
PEOPLE = range(1, 6)
KILLS = 6


def run(house: House, folder: Path, kill_after: float | None) -> None:
    url = house.services.settings.database_url
    command = [sys.executable, "-m", "tests.api.preregistro.killed", str(folder), url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "empieza\n"
        if kill_after is None:
            assert process.wait(600) == 0
            return
        time.sleep(kill_after)
        process.send_signal(signal.SIGKILL)


def counted(house: House) -> set[int]:
    """How many Claves there are, by whoever says it: all the same at any instant."""
    with house.database.reading() as db:
        approved = select(func.count()).select_from(preregistros).where(preregistros.c.estado == "aprobada")
        told = select(func.count()).select_from(preregistro_pasos)
        told = told.where(preregistro_pasos.c.paso == "preregistro.aprobacion")
        found = {db.execute(approved).scalar_one(), db.execute(told).scalar_one()}
        for table in (personas, claves):
            found.add(db.execute(select(func.count()).select_from(table)).scalar_one())
        listed = db.execute(select(func.count()).select_from(credenciales)).scalar_one()
    mails, notices = house.messages("secreto.clave"), house.messages("sei.clave-aviso")
    assert listed % 2 == 0
    return {*found, len(mails), len(notices), listed // 2}


@pytest.mark.req("SEI-06")
def test_killed_anywhere_each_person_gets_exactly_one_clave(house: House, tmp_path: Path) -> None:
    for number in PEOPLE:
        house.list_person(number)
        given = fields_of(number)
        front = front_of(given["clave_elector"], given["ocr"])
        assert house.send(house.begin(number), files={**IMAGES, "anverso.jpg": front}).status_code == 202
    chance = random.Random(7)
    for _ in range(KILLS):
        run(house, tmp_path, chance.uniform(0, 1.2))
        assert len(counted(house)) == 1
    run(house, tmp_path, None)
    assert counted(house) == {len(PEOPLE)}
    assert sorted(to for to, _ in house.claves()) == [f"persona{n}@ejemplo.mx" for n in PEOPLE]


def test_two_workers_at_once_do_each_thing_once(house: House, tmp_path: Path) -> None:
    for number in PEOPLE:
        house.list_person(number)
        given = fields_of(number)
        front = front_of(given["clave_elector"], given["ocr"])
        house.send(house.begin(number), files={**IMAGES, "anverso.jpg": front})
    url = house.services.settings.database_url
    command = [sys.executable, "-m", "tests.api.preregistro.killed", str(tmp_path), url]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait(600) for one in both] == [0, 0]
    assert counted(house) == {len(PEOPLE)}
