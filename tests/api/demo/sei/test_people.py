"""Who comes to a consultation through the service: as many as asked for, and one of each conduct."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from api.demo.catalogue import read_catalogue
from api.demo.plan import Plan
from api.demo.sei.form import consultation_toml
from api.demo.sei.people import Conduct, voters_of
from api.demo.sei.plan import SEI_PEOPLE, SEI_UNITS, SeiPlan, chosen_for_service, territory_of
from tally.consulta.cronograma import Fase, cat_attends
from tally.consulta.form import read_toml
from tally.consultation import SMALL_URN


def plan_of(people: int) -> Plan:
    return Plan(Path("nada"), tuple(chosen_for_service(read_catalogue(None))), people, "personas")


@pytest.mark.parametrize("people", [0, 1, 12, SEI_PEOPLE])
def test_exactly_those_opine_and_nobody_shares_a_number(people: int) -> None:
    plan = plan_of(people)
    voters = voters_of(plan, territory_of(plan))
    assert sum(voter.opines for voter in voters) == people
    for name in ("clave_elector", "telefono", "correo"):
        assert len({getattr(voter, name) for voter in voters}) == len(voters)
    assert all(voter.ocr.startswith(voter.seccion) for voter in voters)


def test_with_the_usual_number_every_conduct_is_seen_and_some_urns_are_small() -> None:
    plan = plan_of(SEI_PEOPLE)
    voters = voters_of(plan, territory_of(plan))
    assert {voter.conduct for voter in voters} == set(Conduct)
    ballots = Counter(voter.unidad for voter in voters if voter.opines)
    assert len(ballots) == SEI_UNITS
    assert {v.unidad for v in voters if v.conduct is Conduct.COPIES} == {ballots.most_common(1)[0][0]}
    assert 0 < sum(many < SMALL_URN for many in ballots.values()) < SEI_UNITS


@pytest.mark.req("SEI-16")
def test_who_lives_at_a_border_has_two_ballots_to_choose_from() -> None:
    plan = plan_of(SEI_PEOPLE)
    territory = territory_of(plan)
    for voter in voters_of(plan, territory):
        touching = [clave for clave, found in territory.sections.items() if voter.seccion in found]
        assert voter.unidad in touching
        assert len(touching) == (2 if voter.conduct is Conduct.TWO_UTS else 1)


@pytest.mark.req("SEI-01")
def test_the_form_is_taken_and_its_calendar_is_that_of_2022() -> None:
    plan = plan_of(SEI_PEOPLE)
    sei = SeiPlan(plan)
    form = read_toml(consultation_toml(sei, territory_of(plan)).encode())
    assert form.cronograma == sei.cronograma
    assert [bool(one.unidad.proyectos) for one in form.unidades].count(False) == 1
    assert len(form.custodios) == 7


def test_each_instant_of_the_plan_lies_in_its_phase_and_they_follow_each_other() -> None:
    sei = SeiPlan(plan_of(1))
    moments = [
        sei.start,
        sei.ceremony,
        sei.validation,
        sei.checking,
        sei.setting_up,
        sei.first_evening,
        sei.attended,
    ]
    moments += [sei.last_hour, sei.opening, sei.jornada, sei.counting]
    assert moments == sorted(moments)
    assert all(sei.cronograma.open(Fase.OPINION, m) for m in (sei.first_evening, sei.attended, sei.last_hour))
    assert sei.cronograma.open(Fase.VALIDACION, sei.validation) and cat_attends(sei.attended)
    assert sei.cronograma.open(Fase.MESAS, sei.jornada)
    assert sei.cronograma.open(Fase.APERTURA, sei.opening) and sei.cronograma.open(Fase.COMPUTO, sei.counting)
