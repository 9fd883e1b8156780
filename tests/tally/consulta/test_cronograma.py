"""Phases open and close on the clock of Mexico City, to the second, and are never out of order (SEI-01)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.consulta.cronograma import CENTRO, Cronograma, Fase, cat_attends, clock_time
from tally.consulta.cronograma_2022 import ROWS, default_of, jornada_of
from tally.consulta.errors import ConsultaFormRefusal, PhaseRefusal

SECOND = timedelta(seconds=1)
SUMMER, WINTER = timezone(timedelta(hours=-5)), timezone(timedelta(hours=-6))


def central(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CENTRO)


@pytest.mark.req("SEI-01")
@pytest.mark.parametrize(
    ("fase", "inicio", "fin"),
    [
        (Fase.PREREGISTRO, "2022-04-08T09:00:00-05:00", "2022-04-19T17:00:00-05:00"),
        (Fase.INVITACION, "2022-04-08T00:00:00-05:00", "2022-04-12T00:00:00-05:00"),
        (Fase.VALIDACION, "2022-04-08T00:00:00-05:00", "2022-04-21T00:00:00-05:00"),
        (Fase.VERIFICACION, "2022-04-18T00:00:00-05:00", "2022-04-21T00:00:00-05:00"),
        (Fase.OPINION, "2022-04-21T20:00:00-05:00", "2022-04-28T20:00:00-05:00"),
        (Fase.APERTURA, "2022-04-29T00:00:00-05:00", "2022-04-30T00:00:00-05:00"),
        (Fase.ENTREGA, "2022-04-29T00:00:00-05:00", "2022-05-01T00:00:00-05:00"),
        (Fase.MESAS, "2022-05-01T09:00:00-05:00", "2022-05-01T17:00:00-05:00"),
    ],
)
def test_the_phases_of_2022_are_those_of_the_source(fase: Fase, inicio: str, fin: str) -> None:
    plazo = default_of(2022)[fase]
    assert (plazo.inicio.isoformat(), plazo.fin.isoformat()) == (inicio, fin)


@pytest.mark.req("SEI-01")
def test_the_cronograma_has_its_eighteen_rows() -> None:
    assert [row.numero for row in ROWS] == list(range(1, 19))
    assert {row.fase for row in ROWS} == set(Fase)


@pytest.mark.req("SEI-01")
def test_another_year_has_the_same_days_of_the_week_and_its_own_offset() -> None:
    then, now = default_of(2022), default_of(2027)
    for fase in Fase:
        for one, other in ((then[fase].inicio, now[fase].inicio), (then[fase].fin, now[fase].fin)):
            assert (one.weekday(), one.time()) == (other.weekday(), other.time())
            assert (one.utcoffset(), other.utcoffset()) == (SUMMER.utcoffset(None), WINTER.utcoffset(None))
    assert jornada_of(2027).isoformat() == "2027-05-02"


@given(st.integers(2020, 2100))
def test_the_cronograma_of_any_year_is_in_order_and_survives_json(year: int) -> None:
    made = default_of(year)
    assert Cronograma.from_json(made.to_json()) == made
    assert made[Fase.MESAS].inicio.weekday() == 6


@pytest.mark.req("SEI-01", "SEI-20")
@pytest.mark.parametrize("zone", [UTC, SUMMER, WINTER, timezone(timedelta(hours=9))])
def test_a_phase_begins_at_its_first_instant_and_is_over_at_its_last(zone: timezone) -> None:
    plan = default_of(2022)
    opinion = plan[Fase.OPINION]
    first, end = opinion.inicio.astimezone(zone), opinion.fin.astimezone(zone)
    assert [plan.open(Fase.OPINION, t) for t in (first - SECOND, first, end - SECOND, end)] == [
        False,
        True,
        True,
        False,
    ]
    plan.require(Fase.OPINION, end - timedelta(microseconds=1))
    with pytest.raises(PhaseRefusal):
        plan.require(Fase.OPINION, end)


@pytest.mark.req("SEI-01")
def test_a_refusal_tells_the_dates_of_the_phase_and_the_hour_it_is() -> None:
    with pytest.raises(PhaseRefusal) as found:
        default_of(2022).require(Fase.PREREGISTRO, datetime(2022, 4, 20, 3, 30, tzinfo=UTC))
    refusal = found.value
    assert refusal.rule == "cronograma.preregistro"
    assert refusal.expected == "del 08/04/2022 09:00 al 19/04/2022 17:00 (hora del centro)"
    assert refusal.got == "19/04/2022 22:30"


@pytest.mark.req("SEI-01")
def test_a_day_ends_at_midnight_of_the_city_whatever_day_it_is_in_greenwich() -> None:
    plan = default_of(2027)
    midnight = central("2027-04-22T00:00:00")
    assert midnight.astimezone(UTC).isoformat() == "2027-04-22T06:00:00+00:00"
    assert plan.open(Fase.VALIDACION, midnight - SECOND)
    assert not plan.open(Fase.VALIDACION, midnight)
    assert plan.open(Fase.REPOSICION, central("2027-04-22T09:00:00"))


@pytest.mark.req("SEI-01", "SEI-09")
@pytest.mark.parametrize(
    ("moment", "attends"),
    [
        ("2022-04-22T08:59:59", False),  # Friday
        ("2022-04-22T09:00:00", True),
        ("2022-04-22T16:59:59", True),
        ("2022-04-22T17:00:00", False),
        ("2022-04-23T09:00:00", True),  # Saturday
        ("2022-04-23T13:59:59", True),
        ("2022-04-23T14:00:00", False),
        ("2022-04-24T13:00:00", True),  # Sunday
        ("2022-04-25T14:00:00", True),  # Monday
    ],
)
def test_the_cat_replaces_claves_in_its_hours_of_that_day_of_the_week(moment: str, attends: bool) -> None:
    now = central(moment)
    assert cat_attends(now) is attends
    assert cat_attends(now.astimezone(UTC)) is attends
    assert default_of(2022).open(Fase.REPOSICION, now) is attends


@pytest.mark.req("SEI-01")
def test_outside_of_the_hours_the_refusal_tells_them() -> None:
    with pytest.raises(PhaseRefusal, match="sábados y domingos de 9:00 a 14:00"):
        default_of(2022).require(Fase.REPOSICION, central("2022-04-23T20:00:00"))


@pytest.mark.req("SEI-01")
def test_a_clock_that_jumps_changes_only_what_it_is_asked_at() -> None:
    plan = default_of(2022)
    opinion = plan[Fase.OPINION]
    there = opinion.inicio + timedelta(hours=1)
    jumps = [there, there - timedelta(days=30), there, opinion.fin + timedelta(days=400), there]
    assert [plan.open(Fase.OPINION, t) for t in jumps] == [True, False, True, False, True]


@pytest.mark.req("SEI-01")
@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"opinion": {"inicio": "2027-04-29T20:00:00", "fin": "2027-04-22T20:00:00"}}, "cronograma.opinion"),
        ({"opinion": {"inicio": "2027-04-21T20:00:00", "fin": "2027-04-28T20:00:00"}}, "cronograma.opinion"),
        (
            {"apertura": {"inicio": "2027-04-29T19:59:59", "fin": "2027-05-01T00:00:00"}},
            "cronograma.apertura",
        ),
        (
            {"preregistro": {"inicio": "2027-04-09T09:00:00", "fin": "2027-04-23T00:00:00"}},
            "cronograma.validacion",
        ),
        ({"mesas": {"inicio": "2027-04-30T09:00:00", "fin": "2027-04-30T17:00:00"}}, "cronograma.mesas"),
    ],
)
def test_dates_out_of_order_are_refused(change: dict[str, Any], place: str) -> None:
    with pytest.raises(ConsultaFormRefusal) as found:
        default_of(2027).with_changes(change)
    assert (found.value.rule, found.value.place) == ("cronograma.orden", place)


@pytest.mark.parametrize(
    "value",
    ["ayer", "2027-04-22", "2027-04-22T20:00:00.5", 20, "2022-10-30T01:30:00", "2022-04-03T02:30:00"],
)
def test_what_is_no_instant_or_two_of_them_is_refused(value: object) -> None:
    """A bare day is midnight; an hour that the city had twice, or never, is not accepted."""
    if value == "2027-04-22":
        assert clock_time(value, "aquí") == central("2027-04-22T00:00:00")
        return
    with pytest.raises(Exception, match="aquí"):
        clock_time(value, "aquí")


@pytest.mark.req("SEI-20", "SEI-22")
def test_the_urns_obey_the_same_instants() -> None:
    assert default_of(2022).calendar.to_json() == {
        "opinion_inicio": "2022-04-21T20:00:00-05:00",
        "opinion_fin": "2022-04-28T20:00:00-05:00",
        "apertura_urna": "2022-04-29T00:00:00-05:00",
    }
