"""Institutes, periods, processes and folios in both databases, also when two requests come together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from capture.processes.aviso import AvisoText
from capture.processes.emblem import read_emblem
from capture.processes.errors import NotRegistered, ProcessRefusal
from capture.processes.folio import next_auxiliar_ids, next_process_folio, read_process_folio
from capture.processes.process_form import ProcessData, read_process
from capture.processes.process_store_sql import ProcessStore
from capture.processes.store_sql import AvisoStore, InstituteStore, PeriodStore
from ledger.database import Database
from tests.capture import registration_samples as samples
from tests.capture.processes.test_emblem import png
from tests.capture.registration_samples import FOLIO, NOW, PERIOD, TODAY


def data(**changes: str) -> ProcessData:
    return read_process(replace(samples.process_form(), **changes), samples.period(), TODAY)


@pytest.mark.req("APO-03")
def test_what_is_registered_is_read_back_whole(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
    with database.reading() as db:
        stored = ProcessStore(db).get(FOLIO)
        assert PeriodStore(db).of_process(FOLIO).period == samples.period()
    assert stored.data == data()
    assert (stored.opl, stored.periodo, stored.activo, stored.confirmado) == ("ieez", PERIOD, True, None)


@pytest.mark.req("APO-03")
def test_one_email_belongs_to_one_promovente_of_a_period(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
    with pytest.raises(ProcessRefusal, match=r"proceso\.correo"), database.writing() as db:
        ProcessStore(db).add(
            "F261127320000002", PERIOD, data(correo="PROMOVENTE@ejemplo.mx"), "age1", "c", NOW
        )


@pytest.mark.req("APO-03")
def test_of_two_requests_with_one_email_at_the_same_time_one_is_refused(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)

    def register(number: int) -> bool:
        try:
            with database.writing() as db:
                folio = next_process_folio(db, "32", NOW)
                ProcessStore(db).add(folio, PERIOD, data(correo="otra@ejemplo.mx"), "age1", f"c{number}", NOW)
        except ProcessRefusal as refusal:
            assert refusal.rule == "proceso.correo"
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(register, range(8))) == [False] * 7 + [True]


def test_folios_are_unique_and_look_like_the_institutes(database: Database) -> None:
    def take(_: int) -> str:
        with database.writing() as db:
            return next_process_folio(db, "32", NOW)

    with ThreadPoolExecutor(8) as pool:
        folios = list(pool.map(take, range(40)))
    assert sorted(folios) == [f"F26112732{n:07d}" for n in range(1, 41)]
    with database.writing() as db:
        assert next_process_folio(db, "10", NOW) == "F261127100000001"
        assert next_process_folio(db, "32", NOW + timedelta(days=1)) == "F261128320000001"
        assert next_auxiliar_ids(db, 2) == ["A000000001", "A000000002"]
        assert next_auxiliar_ids(db, 1) == ["A000000003"]


def test_a_folio_is_read_however_it_is_typed() -> None:
    assert read_process_folio(" f2611 2732 0000001 ") == "F261127320000001"
    for typed in ("", "F123", "G261127320000001"):
        with pytest.raises(ProcessRefusal):
            read_process_folio(typed)


def test_a_signed_cedula_fixes_the_data(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
        store = ProcessStore(db)
        store.correct(FOLIO, data(nombre="Ana"))
        assert store.get(FOLIO).data.nombre == "Ana"
        store.confirm(FOLIO, "cuenta", NOW)
        for attempt in (lambda: store.correct(FOLIO, data()), lambda: store.confirm(FOLIO, "c", NOW)):
            with pytest.raises(ProcessRefusal, match=r"proceso\.confirmado"):
                attempt()
        assert store.get(FOLIO).data.nombre == "Ana"


def test_a_correction_cannot_take_the_email_of_another(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
        store = ProcessStore(db)
        store.add("F261127320000002", PERIOD, data(correo="otra@ejemplo.mx"), "age1", "c", NOW)
        with pytest.raises(ProcessRefusal, match=r"proceso\.correo"):
            store.correct("F261127320000002", data())


@pytest.mark.req("APO-02")
def test_a_process_has_an_emblem_and_is_active_or_not(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
        store = ProcessStore(db)
        with pytest.raises(NotRegistered, match=r"emblema\.existe"):
            store.emblem(FOLIO)
        for image in (png(5, 5), png(6, 6)):
            store.set_emblem(FOLIO, read_emblem(image))
            assert store.emblem(FOLIO).image == image
        store.set_active(FOLIO, False)
        assert [one.activo for one in store.of_period(PERIOD)] == [False]


@pytest.mark.req("APO-26")
def test_every_version_of_an_aviso_stays(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
        store = AvisoStore(db)
        with pytest.raises(NotRegistered):
            store.get(PERIOD)
        first = store.publish(PERIOD, AvisoText("uno", "https://a.mx"), NOW)
        second = store.publish(PERIOD, AvisoText("dos", "https://a.mx"), NOW)
        assert (store.get(PERIOD, 1), store.get(PERIOD)) == (first, second)
        assert first.content.sha256 != second.content.sha256


def test_a_used_period_keeps_its_kind_and_can_be_switched_off(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
        periods = PeriodStore(db)
        with pytest.raises(ProcessRefusal, match=r"periodo\.usado"):
            periods.change(PERIOD, samples.period("consulta-ciudadana"), NOW)
        periods.set_active(PERIOD, False)
        assert not periods.get(PERIOD).is_open(NOW)
        assert [stored.id for stored in periods.all("ieez")] == [PERIOD]
        assert periods.all("otro") == []


def test_what_is_not_registered_is_said(database: Database) -> None:
    with database.reading() as db:
        for look in (
            InstituteStore(db).get,
            PeriodStore(db).get,
            PeriodStore(db).of_process,
            ProcessStore(db).get,
        ):
            with pytest.raises(NotRegistered):
                look("nada")


def test_an_institute_is_registered_once(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
    with pytest.raises(ProcessRefusal, match=r"opl\.repetido"), database.writing() as db:
        InstituteStore(db).add(InstituteStore(db).get("ieez"), NOW)
