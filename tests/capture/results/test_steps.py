"""Steps A to E: in order, with whole evidence, and only when the figures add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from capture.results.deadlines import (
    TERMS,
    deadlines,
    is_access_open,
    key_due,
    require_key_in_time,
    require_key_lasts,
)
from capture.results.errors import ResultsRefusal
from capture.results.steps import TABLE, Evidence, Step, pending, require_step
from keys.recipients.errors import RecipientRefusal
from keys.recipients.recipient import parse_recipient
from tests.capture.results.making import END, START
from tests.keys.recipients.making import KEYS, UNTIL, certificate

pytestmark = pytest.mark.req("APO-23")
RIGHT = {
    Step.A: Evidence(END, "c1", {"recibidos": 9}, {"corte": "2026-04-01"}),
    Step.B: Evidence(END, "c1", {"en_mesa": 0}, {"oficio": "OPL/7/2026"}),
    Step.C: Evidence(END, "c1", {"en_procesamiento": 0, "sin_compulsa": 0}, {"corte_padron": "2026-03-31"}),
    Step.D: Evidence(END, "c1", {"por_estado": 9, "acuses_en_bitacora": 9, "acuses_integros": 9}),
    Step.E: Evidence(
        END, "c1", {"renglones": 9, "bytes": 1000}, {"manifiesto": "a", "cifrado": "b", "llave": "c"}
    ),
}


def do(*order: Step) -> dict[Step, Evidence]:
    done: dict[Step, Evidence] = {}
    for step in order:
        require_step(step, RIGHT[step], done)
        done[step] = RIGHT[step]
    return done


def test_the_five_steps_in_order_are_accepted() -> None:
    assert pending(do(*Step)) is None
    assert pending(do(Step.A, Step.B)) is Step.C


def test_every_other_order_is_refused() -> None:
    for order in permutations(Step):
        if order != tuple(Step):
            with pytest.raises(ResultsRefusal, match=r"resultados\.paso_orden"):
                do(*order)


@pytest.mark.parametrize("step", Step)
def test_a_step_is_done_once(step: Step) -> None:
    with pytest.raises(ResultsRefusal, match=r"resultados\.paso_hecho"):
        require_step(step, RIGHT[step], do(*Step))


@pytest.mark.parametrize("step", Step)
def test_evidence_must_be_whole(step: Step) -> None:
    done = do(*(s for s in Step if s < step))
    right = RIGHT[step]
    wrong = [replace(right, counts={**right.counts, "de_mas": 1})]
    wrong += [
        replace(right, counts={n: v for n, v in right.counts.items() if n != name}) for name in right.counts
    ]
    wrong += [replace(right, facts={**right.facts, name: ""}) for name in right.facts]
    wrong += [replace(right, counts={**right.counts, name: -1}) for name in right.counts]
    for evidence in wrong:
        with pytest.raises(ResultsRefusal, match=r"resultados\.evidencia"):
            require_step(step, evidence, done)


@pytest.mark.parametrize(
    ("step", "name"),
    [(Step.B, "en_mesa"), (Step.C, "en_procesamiento"), (Step.C, "sin_compulsa")]
    + [(Step.D, name) for name in TABLE[Step.D].counts]
    + [(Step.E, "renglones")],
)
def test_figures_that_do_not_add_up_are_refused(step: Step, name: str) -> None:
    done = do(*(s for s in Step if s < step))
    for change in (1, -1):
        changed = RIGHT[step].counts[name] + change
        if changed >= 0:
            evidence = replace(RIGHT[step], counts={**RIGHT[step].counts, name: changed})
            with pytest.raises(ResultsRefusal):
                require_step(step, evidence, done)


def test_a_step_is_not_earlier_than_the_one_before() -> None:
    done = do(Step.A)
    with pytest.raises(ResultsRefusal, match=r"resultados\.paso_instante"):
        require_step(Step.B, replace(RIGHT[Step.B], instant=END - timedelta(seconds=1)), done)


def test_deadlines_start_with_what_starts_them() -> None:
    before = deadlines(END, None, None)
    assert (before.definitive, before.access_closes, before.consult_until, before.purge_by) == (None,) * 4
    after = deadlines(END, END, END)
    assert after.consult_until and after.purge_by and after.access_closes and after.definitive
    assert (
        END
        < after.definitive
        < before.preliminary
        < after.access_closes
        < after.consult_until
        < after.purge_by
    )


def test_the_portal_closes_to_promoventes_thirty_days_after_the_results() -> None:
    closes = deadlines(END, END, END).access_closes
    assert closes is not None
    assert is_access_open(None, UNTIL)
    assert is_access_open(END, closes - timedelta(seconds=1))
    assert not is_access_open(END, closes)


def test_a_key_is_registered_ten_days_before_the_start() -> None:
    due = key_due(START)
    assert START - due == timedelta(days=TERMS.key_days_before) == timedelta(days=10)
    require_key_in_time(START, due)
    with pytest.raises(ResultsRefusal, match=r"resultados\.llave_tarde"):
        require_key_in_time(START, due + timedelta(seconds=1))


def test_a_certificate_must_last_until_the_results() -> None:
    recipient = parse_recipient(certificate(KEYS["p-256"]()))
    require_key_lasts(recipient, START, END)
    with pytest.raises(RecipientRefusal, match=r"destinatario\.vigencia"):
        require_key_lasts(recipient, START, UNTIL - timedelta(days=60))
