"""Altas and bajas of auxiliares in both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from capture.auxiliares.causes import CAUSES, By, read_baja
from capture.auxiliares.errors import AuxiliarRefusal, NotRegistered
from capture.auxiliares.form import read_auxiliar
from capture.auxiliares.store_sql import AuxiliarStore
from capture.processes.process_store_sql import ProcessStore
from ledger.database import Database
from tests.capture import registration_samples as samples
from tests.capture.registration_samples import FOLIO, NOW, TODAY, auxiliar_form

BAJA = read_baja("cambio-de-correo", "", By.PROMOVENTE)


@pytest.mark.req("APO-04")
def test_who_comes_back_after_a_baja_gets_a_new_id(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
        first = samples.register_auxiliar(db)
        store = AuxiliarStore(db)
        store.remove(first, BAJA, "cuenta", NOW + timedelta(hours=1))
        second = samples.register_auxiliar(db)
        assert first != second
        removed = store.get(first)
        assert (removed.active, removed.motivo, removed.baja_rol) == (False, "Cambio de correo", "promovente")
        assert removed.baja == NOW + timedelta(hours=1)
        assert [one.active for one in store.of_process(FOLIO)] == [False, True]
        with pytest.raises(AuxiliarRefusal, match=r"auxiliar\.baja"):
            store.remove(first, BAJA, "cuenta", NOW)


@pytest.mark.req("APO-04")
@pytest.mark.parametrize(("number", "email", "rule"), [(0, "b", "clave_elector"), (1, "auxiliar0", "correo")])
def test_an_active_auxiliar_is_not_registered_twice(
    database: Database, number: int, email: str, rule: str
) -> None:
    form = samples.changed(auxiliar_form(number), correo=f"{email}@ejemplo.mx")
    with database.writing() as db:
        samples.register_process(db)
        samples.register_auxiliar(db)
        with pytest.raises(AuxiliarRefusal) as refused:
            AuxiliarStore(db).add(FOLIO, read_auxiliar(form, TODAY), "cuenta", NOW)
    assert refused.value.rule == f"auxiliar.{rule}"


def test_of_two_altas_of_one_person_at_the_same_time_one_is_refused(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)

    def add(_: int) -> bool:
        try:
            with database.writing() as db:
                samples.register_auxiliar(db)
        except AuxiliarRefusal:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(add, range(6))) == [False] * 5 + [True]


@pytest.mark.req("APO-04")
def test_a_roster_is_registered_whole_or_not_at_all(database: Database) -> None:
    people = [read_auxiliar(auxiliar_form(n), TODAY) for n in range(900)]
    with database.writing() as db:
        samples.register_process(db)
        assert len(set(AuxiliarStore(db).add_all(FOLIO, people, "cuenta", NOW))) == 900
    more = [
        read_auxiliar(samples.changed(auxiliar_form(n + 950), correo=f"x{n}@ejemplo.mx"), TODAY)
        for n in range(9)
    ]
    with pytest.raises(AuxiliarRefusal), database.writing() as db:
        AuxiliarStore(db).add_all(FOLIO, [*more, people[0]], "cuenta", NOW)
    with database.reading() as db:
        store = AuxiliarStore(db)
        assert len(store.all_taken(FOLIO).emails) == 900
        assert store.taken(FOLIO, [*people, *more]).claves == {person.clave_elector for person in people}
        pages = store.of_process(FOLIO), store.of_process(FOLIO, after="A000000500")
        assert [len(page) for page in pages] == [500, 400]


def test_an_inactive_process_takes_no_auxiliares(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
        ProcessStore(db).set_active(FOLIO, False)
        with pytest.raises(AuxiliarRefusal, match=r"proceso\.activo"):
            samples.register_auxiliar(db)
        with pytest.raises(NotRegistered):
            samples.register_auxiliar(db, folio="F261127320000009")


@pytest.mark.req("APO-05")
def test_the_authority_removes_with_a_cause_that_the_promovente_sees(database: Database) -> None:
    baja = read_baja("fuera-de-lista-nominal", "", By.DERFE)
    with database.writing() as db:
        samples.register_process(db)
        identifier = samples.register_auxiliar(db)
        store = AuxiliarStore(db)
        store.remove(identifier, baja, "derfe", NOW)
        stored = store.get(identifier)
    assert (
        stored.motivo == "Los datos registrados del auxiliar no se encuentran en lista nominal (revisión INE)"
    )
    assert stored.baja_rol == "derfe"


@pytest.mark.parametrize("by", list(By))
def test_each_gives_only_the_causes_that_are_theirs(by: By) -> None:
    for cause in CAUSES.values():
        if by in cause.by:
            words = read_baja(cause.code, "porque sí", by).words
            assert words == f"{cause.words}: porque sí"
        else:
            with pytest.raises(AuxiliarRefusal, match=r"baja\.causa"):
                read_baja(cause.code, "", by)


def test_another_cause_needs_an_explanation() -> None:
    with pytest.raises(AuxiliarRefusal, match=r"baja\.detalle"):
        read_baja("otra", "  ", By.OPL)
    with pytest.raises(AuxiliarRefusal, match=r"baja\.causa"):
        read_baja("inventada", "x", By.OPL)
