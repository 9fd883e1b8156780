"""Records under any sequence of changes: figures always add up to what was received."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from capture.records.errors import RecordRefusal
from capture.records.moves import Actor, Changes, Move
from capture.records.record import Filter
from capture.records.states import TABLE, Causa, Estado, Quien
from capture.records.store_sql import SqlRecords
from tests.capture.records.making import START, ListedActs, folio, fresh, new_record

FULL = Changes(
    inciso="a",
    tipo_inconsistencia="Credencial no válida",
    detalle_inconsistencia="Pantalla",
    catalogo=0,
    situacion="lista-nominal",
    acreditado="audiencia",
)
BEGINNINGS = [(a, q, c) for (de, a), by in TABLE.items() if de is None for q, cs in by.items() for c in cs]


class Records(RuleBasedStateMachine):
    """A model: the state of each record, and how many changes each had."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.database = fresh(Path(self._folder.name))
        self.model: dict[int, Estado] = {}
        self.steps: dict[int, int] = {}

    def teardown(self) -> None:
        """Close the database."""
        self.database.engine.dispose()
        self._folder.cleanup()

    @rule(start=st.sampled_from(BEGINNINGS))
    def receive(self, start: tuple[Estado, Quien, Causa]) -> None:
        number = len(self.model)
        state, quien, causa = start
        with self.database.writing() as connection:
            records = SqlRecords(connection, ListedActs())
            assert records.create(new_record(number), state, causa, Actor("x", quien, "x"))
        self.model[number], self.steps[number] = state, 1

    @precondition(lambda self: self.model)
    @rule(
        data=st.data(),
        a=st.sampled_from(Estado),
        quien=st.sampled_from(Quien),
        causa=st.sampled_from(Causa),
    )
    def try_any_change(self, data: st.DataObject, a: Estado, quien: Quien, causa: Causa) -> None:
        number = data.draw(st.sampled_from(sorted(self.model)))
        self._change(number, a, quien, causa)

    @precondition(lambda self: any(self._open()))
    @rule(data=st.data())
    def change_as_allowed(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self._open()))
        after = [key[1] for key in TABLE if key[0] is self.model[number]]
        a = data.draw(st.sampled_from(after))
        reasons = TABLE[self.model[number], a]
        quien = data.draw(st.sampled_from(sorted(reasons)))
        self._change(number, a, quien, data.draw(st.sampled_from(sorted(reasons[quien]))))

    def _open(self) -> list[int]:
        return [n for n, state in self.model.items() if any(key[0] is state for key in TABLE)]

    def _change(self, number: int, a: Estado, quien: Quien, causa: Causa) -> None:
        changes = Changes(**FULL) if a is not Estado.PARA_COMPULSA else Changes()
        if a is Estado.DUPLICADO:
            changes = Changes(duplicado_de=folio(0))
        allowed = causa in TABLE.get((self.model[number], a), {}).get(quien, frozenset())
        try:
            move = Move(
                folio(number), self.model[number], a, Actor("x", quien, "x"), START, causa, changes=changes
            )
            with self.database.writing() as connection:
                SqlRecords(connection, ListedActs()).transition(move)
        except RecordRefusal:
            assert not allowed
            return
        assert allowed
        self.model[number] = a
        self.steps[number] += 1

    @invariant()
    def figures_add_up(self) -> None:
        with self.database.reading() as connection:
            records = SqlRecords(connection, ListedActs())
            assert sum(records.figures(Filter()).values()) == len(self.model)
            counts = records.counts(Filter())
            assert counts == {s: list(self.model.values()).count(s) for s in Estado}

    @invariant()
    def every_change_is_in_the_history(self) -> None:
        with self.database.reading() as connection:
            records = SqlRecords(connection, ListedActs())
            for number, state in self.model.items():
                history = records.history(folio(number))
                assert len(history) == self.steps[number]
                assert history[-1].a == state.value
                assert [step.de for step in history] == [None, *(step.a for step in history[:-1])]


Records.TestCase.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
TestRecords = pytest.mark.req("APO-21")(Records.TestCase)
