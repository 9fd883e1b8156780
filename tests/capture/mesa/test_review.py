"""The mesa on both databases: assigned once, reviewed by whom it was given to, seen again by another."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection

from capture.calendar import WorkingDays
from capture.mesa.assignment import Workday
from capture.mesa.assignments_sql import SqlAssignments
from capture.mesa.catalogue import Outcome
from capture.mesa.catalogues_sql import SqlCatalogues
from capture.mesa.errors import MesaRefusal
from capture.mesa.review import Reviewing
from capture.mesa.samples_sql import Sample, SqlSamples
from capture.mesa.second_look import draw
from capture.records.errors import StateChanged
from capture.records.moves import Actor
from capture.records.record import Filter
from capture.records.states import Estado, Quien
from capture.records.store_sql import SqlRecords
from ledger.database import Database
from tests.capture.processing.vault import PERIODO, Bodies, process, receive
from tests.capture.records.making import PROCESO, START, ListedActs, folio

NOW = datetime(2022, 12, 15, 16, 0, tzinfo=UTC)
ENLACE = Actor("enlace", Quien.OPERADOR, "opl_enlace")


def person(name: str) -> Actor:
    """An operator."""
    return Actor(name, Quien.OPERADOR, "opl_operador")


class Mesa:
    """What one transaction needs."""

    def __init__(self, connection: Connection) -> None:
        self.acts = ListedActs()
        self.records = SqlRecords(connection, self.acts)
        self.assignments = SqlAssignments(connection, self.acts)
        self.reviewing = Reviewing(connection, self.records, self.assignments, lambda _c, _p: PERIODO)
        self.samples = SqlSamples(connection)

    def assign(self, *names: str, daily: int = 400) -> dict[str, int]:
        """Give out to those present."""
        return self.assignments.assign([PROCESO], names, ENLACE, NOW, Workday(daily=daily))


@contextmanager
def mesa(database: Database) -> Iterator[Mesa]:
    """A transaction with the mesa's stores."""
    with database.writing() as connection:
        yield Mesa(connection)


@pytest.fixture
def waiting(database: Database) -> Database:
    """Ten records in the mesa."""
    bodies = Bodies()
    for number in range(10):
        receive(database, bodies, number)
    process(database, bodies).process_all()
    return database


@pytest.mark.req("APO-18")
def test_all_are_assigned_once_and_evenly_and_again_only_what_is_new(waiting: Database) -> None:
    with mesa(waiting) as m:
        assert m.assign("ana", "beto", "carla") == {"ana": 4, "beto": 3, "carla": 3}
        assert m.assign("ana", "beto", "carla", "dani") == {}
        held = [one.folio for name in ("ana", "beto", "carla") for one in m.assignments.held(name)]
        assert sorted(held) == [folio(number) for number in range(10)]
        assert [act.kind for act in m.acts.done] == ["mesa.asignacion"] * 3


def test_the_daily_number_holds_and_counts_what_was_done_today(waiting: Database) -> None:
    with mesa(waiting) as m:
        assert m.assign("ana", daily=4) == {"ana": 4}
        m.reviewing.review(folio(0), Outcome(), person("ana"), NOW)
        assert m.assign("ana", daily=4) == {}
        assert m.assign("ana", daily=5) == {"ana": 1}


@pytest.mark.req("APO-18")
def test_two_who_assign_at_once_give_no_record_twice(waiting: Database) -> None:
    together = Barrier(3)

    def attempt(name: str) -> int:
        together.wait()
        with mesa(waiting) as m:
            return m.assign(name).get(name, 0)

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(attempt, ["ana", "beto", "carla"])) == 10


def test_what_an_absent_operator_had_goes_to_the_others(waiting: Database) -> None:
    with mesa(waiting) as m:
        m.assign("ana", "beto")
        assert m.assignments.give_back("ana", ENLACE, NOW) == 5
        assert m.assign("beto") == {"beto": 5}
        with pytest.raises(MesaRefusal, match=r"mesa\.asignacion"):
            m.reviewing.review(folio(0), Outcome(), person("ana"), NOW)


@pytest.mark.req("APO-18")
def test_a_review_moves_the_record_with_type_detail_and_version(waiting: Database) -> None:
    with mesa(waiting) as m:
        m.assign("ana")
        assert m.reviewing.review(folio(0), Outcome(), person("ana"), NOW) is Estado.PARA_COMPULSA
        assert m.reviewing.review(folio(1), Outcome("e"), person("ana"), NOW) is Estado.CON_INCONSISTENCIA
        record = m.records.get(folio(1))
        assert (record.inciso, record.tipo_inconsistencia) == ("e", "Fotocopia de la credencial")
        assert (record.detalle_inconsistencia, record.catalogo) == ("Blanco y negro/a color", 0)
        with pytest.raises(MesaRefusal, match=r"mesa\.asignacion"):
            m.reviewing.review(folio(0), Outcome(), person("ana"), NOW)


@pytest.mark.req("APO-18")
def test_the_criteria_of_the_opl_are_applied_and_their_version_kept(waiting: Database) -> None:
    text = '[{"inciso": "a", "tipo": "Otra", "detalle": "Criterio local", "especificar": false}]'
    with waiting.writing() as connection:
        catalogues, before = SqlCatalogues(connection), NOW - timedelta(days=2)
        made = catalogues.publish(PERIODO, START, text, ENLACE, before, ListedActs())
        assert made.version == 1
        assert [one.version for one in catalogues.versions(PERIODO)] == [0, 1]
        with pytest.raises(MesaRefusal, match=r"mesa\.catalogo\.plazo"):
            catalogues.publish(PERIODO, START, text, ENLACE, START, ListedActs())
    with mesa(waiting) as m:
        m.assign("ana")
        m.reviewing.review(folio(0), Outcome("a"), person("ana"), NOW)
        assert m.records.get(folio(0)).catalogo == 1
        with pytest.raises(MesaRefusal, match=r"mesa\.inciso"):
            m.reviewing.review(folio(1), Outcome("e"), person("ana"), NOW)


def test_a_record_that_turned_out_a_duplicate_leaves_the_workload(database: Database) -> None:
    bodies = Bodies()
    receive(database, bodies, 5, "AAAAAA80010132M100")
    process(database, bodies).process_all()
    with mesa(database) as m:
        m.assign("ana")
    receive(database, bodies, 1, "AAAAAA80010132M100")
    process(database, bodies).process_all()
    with mesa(database) as m:
        assert m.records.get(folio(5)).duplicado_de == folio(1)
        m.assign("ana")
        assert [one.folio for one in m.assignments.held("ana")] == [folio(1)]


def sampled(database: Database) -> Sample:
    """All ten reviewed by ana, the even ones valid; then half of them drawn."""
    with mesa(database) as m:
        m.assign("ana")
        for number in range(10):
            m.reviewing.review(folio(number), Outcome("m" if number % 2 else None), person("ana"), NOW)
        sample = Sample("muestra-1", PROCESO, "semilla", 500, NOW, NOW + timedelta(minutes=1))
        drawn = m.samples.draw(sample, ENLACE, NOW + timedelta(minutes=1), m.acts)
        assert drawn == draw("semilla", [folio(number) for number in range(10)], 500)
        assert drawn
    return sample


@pytest.mark.req("APO-18")
def test_the_second_look_is_of_another_person_and_its_agreement_is_told(waiting: Database) -> None:
    sample = sampled(waiting)
    with mesa(waiting) as m:
        given = m.assignments.assign_second(sample.id, ["ana", "beto"], ENLACE, NOW, Workday())
        assert list(given) == ["beto"]
        for one in m.assignments.held("beto"):
            before = m.records.get(one.folio)
            assert m.reviewing.review(one.folio, Outcome(), person("beto"), NOW) is before.estado
        found = m.samples.agreement(sample.id)
        differ = m.samples.disagreements(sample.id)
        assert found.pairs == given["beto"]
        assert found.agreed == found.pairs - len(differ)
        assert m.assignments.assign_second(sample.id, ["beto"], ENLACE, NOW, Workday()) == {}


@pytest.mark.req("APO-18")
def test_the_enlace_settles_where_two_differ_and_the_record_follows(waiting: Database) -> None:
    sample = sampled(waiting)
    with mesa(waiting) as m:
        m.assignments.assign_second(sample.id, ["beto"], ENLACE, NOW, Workday())
        for one in m.assignments.held("beto"):
            m.reviewing.review(one.folio, Outcome("k"), person("beto"), NOW)
        differ = m.samples.disagreements(sample.id)
        valid = next(f for f in differ if m.records.get(f).estado is Estado.PARA_COMPULSA)
        with pytest.raises(MesaRefusal, match=r"mesa\.independencia"):
            m.reviewing.settle(valid, Outcome("k"), person("beto"), NOW)
        assert m.reviewing.settle(valid, Outcome("k"), ENLACE, NOW) is Estado.CON_INCONSISTENCIA
        assert m.records.get(valid).inciso == "k"
        with pytest.raises(MesaRefusal, match=r"mesa\.discrepancia"):
            m.reviewing.settle(valid, Outcome(), ENLACE, NOW)
        other = next((f for f in differ if f != valid and m.records.get(f).inciso == "m"), None)
        if other is not None:
            assert m.reviewing.settle(other, Outcome("m"), ENLACE, NOW) is Estado.CON_INCONSISTENCIA
        assert sum(m.records.figures(Filter()).values()) == 10
        assert valid not in m.samples.disagreements(sample.id)


def test_a_sample_of_reviews_that_are_still_to_come_is_refused(waiting: Database) -> None:
    with mesa(waiting) as m:
        sample = Sample("muestra-1", PROCESO, "semilla", 500, NOW, NOW + timedelta(hours=1))
        with pytest.raises(MesaRefusal, match=r"mesa\.muestra\.futuro"):
            m.samples.draw(sample, ENLACE, NOW, m.acts)


def test_productivity_by_day_and_the_term_of_ten_working_days(waiting: Database) -> None:
    with mesa(waiting) as m:
        m.assign("ana", "beto")
        for one in m.assignments.held("ana")[:3]:
            m.reviewing.review(one.folio, Outcome(), person("ana"), NOW)
        assert m.samples.productivity(date(2022, 12, 15), [PROCESO]) == {"ana": 3}
        assert m.samples.productivity(date(2022, 12, 14), [PROCESO]) == {}
        assert m.samples.productivity(date(2022, 12, 15), ["otro"]) == {}
        waiting_now = m.samples.waiting([PROCESO], WorkingDays())
        assert len(waiting_now) == 7
        # In the mesa on Thursday 15 December 2022: the tenth working day is Thursday the 29th.
        assert {one.vence.date() for one in waiting_now} == {date(2022, 12, 30)}


@pytest.mark.req("APO-20")
def test_reviews_while_earlier_records_are_processed_end_as_duplicates(database: Database) -> None:
    bodies, count = Bodies(), 8
    for number in range(count, 2 * count):
        receive(database, bodies, number, f"AAAAAA800101{number % count:02d}M100")
    process(database, bodies).process_all()
    with mesa(database) as m:
        m.assign("ana")
    for number in range(count):
        receive(database, bodies, number, f"AAAAAA800101{number:02d}M100")
    job, together = process(database, bodies), Barrier(2)

    def processing() -> None:
        together.wait()
        for number in range(count):
            job.process(folio(number))

    def reviewing() -> None:
        together.wait()
        for number in range(count, 2 * count):
            with suppress(StateChanged), mesa(database) as m:
                m.reviewing.review(folio(number), Outcome("m"), person("ana"), NOW)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(processing), pool.submit(reviewing)]:
            done.result()
    with mesa(database) as m:
        figures = m.records.counts(Filter())
        assert (figures[Estado.DUPLICADO], figures[Estado.EN_MESA]) == (count, count)
        pairs = [
            (m.records.get(folio(number)).duplicado_de, folio(number - count)) for number in range(8, 16)
        ]
        assert all(found == first for found, first in pairs)
