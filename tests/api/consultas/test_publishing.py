"""The folder and the log follow the rows, whatever was interrupted (SEI-22, SEI-28)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from api.accounts.permissions import Role
from api.consultas.keeper import Keeper
from api.demo.verdicts import reasons, verify
from api.tables import ALL_METADATA
from api.urna.openings import Openings
from ledger.database import Database, open_engine
from tally.consulta.tables import llaves_distrito
from tests.api.consultas.town import CLOSED, DURING, OPENING, READY, URL, Town, opened_town

PEOPLE = ("ana", "eva")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    engine = open_engine(f"sqlite:///{tmp_path / 'certeza.db'}")
    for metadata in ALL_METADATA:
        metadata.create_all(engine)
    with opened_town(Database(engine), tmp_path) as made:
        made.create(k=0)
        made.hold_ceremony()
        made.rehearse()
        for person in PEOPLE:
            made.register(person, "09-001")
        made.now = READY
        made.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/apertura")
        made.now = DURING
        yield made
    engine.dispose()


def keeper_after_a_crash(town: Town) -> Keeper:
    """One that remembers nothing."""
    services = town.services
    return Keeper(services.database, services.settings, services.logs, services.acts, services.clock)


def sound(town: Town) -> None:
    document, code = verify("consulta", str(town.public))
    assert (code, reasons(document)) == (0, [])


def test_what_a_crash_left_out_or_cut_is_written_again(town: Town) -> None:
    for person in PEOPLE:
        town.opine(person, "09-001", 1)
    town.look()
    whole = {path: path.read_bytes() for path in (town.public / "urna").iterdir()}
    first, second = sorted(whole)
    first.write_bytes(whole[first][: len(whole[first]) - 700])
    second.unlink()
    (town.public / "consulta.json").unlink()
    keeper_after_a_crash(town).look()
    assert {path: path.read_bytes() for path in (town.public / "urna").iterdir()} == whole
    sound(town)


@pytest.mark.req("SEI-01", "SEI-20")
def test_a_clock_that_jumps_closes_once_and_opens_nothing_again(town: Town) -> None:
    town.now = CLOSED - timedelta(seconds=1)
    town.look()
    assert town.done(None, "GET", URL)["estado"] == "abierta"
    town.opine("ana", "09-001", 1)
    town.now = CLOSED
    town.look()
    town.now = DURING
    town.look()
    keeper_after_a_crash(town).look()
    assert town.done(None, "GET", URL)["estado"] == "cerrada"
    with pytest.raises(Exception, match=r"urna\.cerrada"):
        town.opine("eva", "09-001", 1)
    sound(town)


@pytest.mark.req("SEI-22")
def test_shares_are_not_lost_with_the_process_that_judged_them(town: Town) -> None:
    town.opine("ana", "09-001", 2)
    town.now = CLOSED
    town.look()
    town.now = OPENING
    town.done(town.custodio(1), "POST", f"{URL}/aportaciones", content=town.share(1))
    services = town.services
    object.__setattr__(services, "openings", Openings(services.database, services.settings))
    town.done(town.custodio(2), "POST", f"{URL}/aportaciones", content=town.share(2))
    assert town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/computo") == {"estado": "publicada"}
    sound(town)


@pytest.mark.req("SEI-23")
def test_without_the_key_of_a_district_no_urn_is_opened(town: Town) -> None:
    town.now = CLOSED
    town.look()
    town.now = OPENING
    with town.services.database.writing() as db:
        db.execute(delete(llaves_distrito))
    for index in (1, 2):
        town.done(town.custodio(index), "POST", f"{URL}/aportaciones", content=town.share(index))
    assert town.refused(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/computo") == (409, "computo.llaves")
    assert town.done(None, "GET", URL)["estado"] == "cerrada"
