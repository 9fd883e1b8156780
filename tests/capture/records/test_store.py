"""Records in SQL: created once, changed by one, listed by pages, each change with its leaf."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from capture.records.errors import RecordRefusal, StateChanged, UnknownRecord
from capture.records.leaves import Leaves
from capture.records.moves import SISTEMA, Changes, Move
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Cursor, Filter, Record, parse_cursor
from capture.records.states import Causa, Columna, Estado
from capture.records.store_sql import SqlRecords
from ledger.database import Database
from tests.capture.records.making import OPERADOR, PROCESO, START, ListedActs, folio, new_record

FOUND = Changes(
    inciso="j", tipo_inconsistencia="Firma no válida", detalle_inconsistencia="Símbolo distinto", catalogo=1
)


def to_mesa(records: SqlRecords, number: int) -> None:
    """Bring record `number` to mesa de control."""
    steps = (
        (Estado.RECIBIDO, Estado.EN_PROCESAMIENTO, Causa.PROCESAMIENTO),
        (Estado.EN_PROCESAMIENTO, Estado.EN_MESA, Causa.PROCESADO),
    )
    for de, a, causa in steps:
        records.transition(Move(folio(number), de, a, SISTEMA, START, causa))


def review(number: int, changes: Changes | None = None) -> Move:
    """An operator's outcome."""
    a = Estado.CON_INCONSISTENCIA if changes else Estado.PARA_COMPULSA
    return Move(
        folio(number), Estado.EN_MESA, a, OPERADOR, START, Causa.REVISION, changes=changes or Changes()
    )


@pytest.mark.req("APO-16")
def test_a_record_that_comes_twice_is_kept_once(database: Database) -> None:
    with database.writing() as connection:
        records = SqlRecords(connection, ListedActs())
        assert records.create(new_record(1))
        assert not records.create(new_record(1, minutes=50))
        assert records.get(folio(1)).recibido == START + timedelta(minutes=1)
        assert [step.a for step in records.history(folio(1))] == ["recibido"]


def test_a_change_keeps_who_when_and_why_and_is_an_act(database: Database) -> None:
    acts = ListedActs()
    with database.writing() as connection:
        records = SqlRecords(connection, acts)
        records.create(new_record(1))
        to_mesa(records, 1)
        records.transition(review(1, FOUND))
        last = records.history(folio(1))[-1]
        found = records.get(folio(1))
    assert (last.de, last.a) == ("en-mesa-de-control", "con-inconsistencia")
    assert (last.quien, last.como, last.causa, last.acto) == ("op-1", "operador", "revision", "acto-1")
    assert (found.inciso, found.tipo_inconsistencia, found.catalogo) == ("j", "Firma no válida", 1)
    assert [(act.who, act.target) for act in acts.done] == [("op-1", folio(1))]


def test_a_change_from_another_state_is_refused_and_leaves_no_trace(database: Database) -> None:
    with database.writing() as connection:
        records = SqlRecords(connection, ListedActs())
        records.create(new_record(1))
        with pytest.raises(StateChanged) as refused:
            records.transition(review(1))
        assert refused.value.got == "recibido"
        assert len(records.history(folio(1))) == 1
        with pytest.raises(UnknownRecord):
            records.transition(review(2))


def test_an_inconsistency_without_its_inciso_is_refused() -> None:
    with pytest.raises(RecordRefusal, match=r"registro\.falta"):
        Move(folio(1), Estado.EN_MESA, Estado.CON_INCONSISTENCIA, OPERADOR, START, Causa.REVISION)


def test_of_two_operators_at_once_one_changes_the_state(database: Database) -> None:
    with database.writing() as connection:
        records = SqlRecords(connection, ListedActs())
        records.create(new_record(1))
        to_mesa(records, 1)
    together = Barrier(4)

    def attempt(changes: Changes | None) -> bool:
        together.wait()
        try:
            with database.writing() as connection:
                SqlRecords(connection, ListedActs()).transition(review(1, changes))
        except StateChanged:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(attempt, [None, FOUND, None, FOUND]))
    assert sum(won) == 1
    with database.reading() as connection:
        assert len(SqlRecordReading(connection).history(folio(1))) == 4


@pytest.mark.req("APO-21")
def test_pages_follow_each_other_without_gaps_also_for_the_same_instant(database: Database) -> None:
    with database.writing() as connection:
        records = SqlRecords(connection, ListedActs())
        for number in range(25):
            records.create(new_record(number, minutes=number // 10))
    seen: list[Record] = []
    with database.reading() as connection:
        reading = SqlRecordReading(connection)
        while page := reading.page(Filter((PROCESO,)), after_last(seen), 4):
            seen += page
    assert [record.folio for record in seen] == [folio(number) for number in range(25)]


def after_last(seen: list[Record]) -> Cursor | None:
    """The cursor after the last record, through its text."""
    return parse_cursor(Cursor(seen[-1].recibido, seen[-1].folio).encode()) if seen else None


def test_filters_narrow_and_no_process_means_none(database: Database) -> None:
    with database.writing() as connection:
        records = SqlRecords(connection, ListedActs())
        for number in range(6):
            records.create(new_record(number))
        to_mesa(records, 3)
        records.create(new_record(7, proceso="F220617000000022"))
        assert len(records.page(Filter())) == 7
        assert [r.folio for r in records.page(Filter(estados=(Estado.EN_MESA,)))] == [folio(3)]
        assert records.page(Filter(procesos=())) == []
        between = Filter(desde=START + timedelta(minutes=1), hasta=START + timedelta(minutes=4))
        assert len(records.page(between)) == 3
        assert records.counts(Filter((PROCESO,)))[Estado.RECIBIDO] == 5
        assert records.figures(Filter((PROCESO,)))[Columna.EN_MESA] == 1


@pytest.mark.parametrize("text", ["", "1", "x.y", "-5.a", "1.", f"{'9' * 17}.a"])
def test_a_cursor_that_no_page_gave_is_refused(text: str) -> None:
    with pytest.raises(RecordRefusal, match=r"registro\.cursor"):
        parse_cursor(text)


class MemoryLog:
    """A log that remembers keys, and may die before it answers."""

    def __init__(self) -> None:
        self.entries: dict[bytes, bytes] = {}
        self.dies_after = 1_000

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> list[int]:
        """Append those that are new."""
        for key, entry in entries:
            assert self.entries.setdefault(key, entry) == entry
        self.dies_after -= 1
        if self.dies_after == 0:
            raise KeyboardInterrupt
        return [list(self.entries).index(key) for key, _ in entries]


@pytest.mark.req("APO-18")
def test_every_change_gets_one_leaf_also_when_the_run_is_stopped(database: Database) -> None:
    with database.writing() as connection:
        records = SqlRecords(connection, ListedActs())
        for number in range(3):
            records.create(new_record(number))
            to_mesa(records, number)
    log = MemoryLog()
    log.dies_after = 1
    with pytest.raises(KeyboardInterrupt):
        Leaves(database, log).append_all()
    assert Leaves(database, log).append_all() == 9
    assert Leaves(database, log).append_all() == 0
    assert len(log.entries) == len(set(log.entries.values())) == 9
    assert all(entry.startswith(b"certeza/transicion/v1\n") for entry in log.entries.values())
    with database.reading() as connection:
        steps = SqlRecordReading(connection).history(folio(2))
    assert [step.hoja for step in steps] == [6, 7, 8]
