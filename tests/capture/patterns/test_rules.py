"""The rules of how captures come, over instants and places alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.patterns.rules import HOUR, Regla, Stamp, distance_km, is_night, journey, pace, speed_kmh, worse
from capture.patterns.seen import Place
from capture.patterns.settings import PatternLimits

START = datetime(2022, 12, 14, 18, tzinfo=UTC)
ZACATECAS, GUADALAJARA = Place(22.7709, -102.5832), Place(20.6597, -103.3496)
LIMITS = PatternLimits()
places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


def stamp(number: int, minutes: float, place: Place | None = None) -> Stamp:
    return Stamp(f"{number:04d}", START + timedelta(minutes=minutes), place)


@given(st.lists(st.integers(0, 110), min_size=1, max_size=40), st.integers(1, 10), st.data())
def test_the_fullest_hour_with_the_record_in_it_is_found(
    minutes: list[int], most: int, data: st.DataObject
) -> None:
    stamps = [stamp(number, at) for number, at in enumerate(minutes)]
    mine = data.draw(st.sampled_from(stamps))
    windows = [
        [s for s in stamps if first.capturado <= s.capturado < first.capturado + HOUR] for first in stamps
    ]
    fullest = max(len(window) for window in windows if mine in window)
    found = pace("dispositivo", "d", stamps, mine.folio, most)
    if fullest <= most:
        assert found is None
    else:
        assert found is not None
        assert (found.rule, found.measure, len(found.folios)) == (Regla.RITMO, fullest, fullest)
        assert mine.folio in found.folios


@given(places, places)
def test_distance_is_symmetrical_and_at_most_half_the_earth(one: Place, other: Place) -> None:
    assert distance_km(one, other) == pytest.approx(distance_km(other, one))
    assert distance_km(one, one) == 0
    assert distance_km(one, other) <= 20_016


def test_known_distances() -> None:
    # One degree of a meridian of the mean sphere, and the published distance by air between the two cities.
    assert distance_km(Place(0, 0), Place(1, 0)) == pytest.approx(111.195, abs=0.001)
    assert distance_km(ZACATECAS, GUADALAJARA) == pytest.approx(248, abs=2)


@pytest.mark.req("APO-25")
@pytest.mark.parametrize(
    ("minutes", "impossible"), [(0, True), (30, True), (70, True), (80, False), (600, False)]
)
def test_nobody_travels_that_fast(minutes: int, impossible: bool) -> None:
    found = journey("d", stamp(1, 0, ZACATECAS), stamp(2, minutes, GUADALAJARA), LIMITS)
    assert (found is not None) == impossible
    if found is not None:
        assert (found.rule, found.sujeto, found.folios) == (Regla.DISTANCIA, "d", ("0001", "0002"))
        assert found.measure > LIMITS.speed_kmh


def test_places_are_as_close_as_their_radius_allows_and_short_ways_have_no_speed() -> None:
    rough = Place(20.6597, -103.3496, 250_000)
    assert speed_kmh(stamp(1, 0, ZACATECAS), stamp(2, 1, rough), 5) is None
    near = Place(22.7709, -102.5700)
    assert speed_kmh(stamp(1, 0, ZACATECAS), stamp(2, 0, near), 5) is None
    assert speed_kmh(stamp(1, 0, ZACATECAS), stamp(2, 1), 5) is None


@pytest.mark.parametrize(("hour_utc", "night"), [(4, False), (5, True), (11, True), (12, False), (18, False)])
def test_night_is_of_central_mexico(hour_utc: int, night: bool) -> None:
    assert is_night(datetime(2022, 12, 14, hour_utc, 30, tzinfo=UTC), LIMITS) is night


def test_a_pattern_keeps_its_worst_measure() -> None:
    assert worse(Regla.IMAGEN_PARECIDA, 3, 9) == 3
    assert worse(Regla.ROSTRO, 0.8, 0.9) == 0.9
    assert worse(Regla.DISTANCIA, 300, 250) == 300
