"""What the monitor tells of tokens and opinions: never fewer than k, and no subtraction gives less."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.monitor.facts import Span, exact, guarded

pytestmark = pytest.mark.req("SEI-08")
HOURS = st.dictionaries(st.integers(0, 200), st.integers(0, 9))


def test_hours_with_few_acts_are_joined_until_there_are_enough() -> None:
    hours = {1: 2, 2: 0, 3: 1, 4: 2, 5: 9, 6: 1}
    assert guarded(hours, 5, 100, over=False) == [Span(1, 5, 5), Span(5, 6, 9)]
    assert guarded(hours, 5, 100, over=True) == [Span(1, 5, 5), Span(5, 7, 10)]
    assert guarded(hours, 5, 5, over=False) == [Span(1, 5, 5)]
    assert exact(hours) == [Span(1, 2, 2), Span(3, 4, 1), Span(4, 5, 2), Span(5, 6, 9), Span(6, 7, 1)]


@given(HOURS, st.integers(1, 12), st.integers(0, 201))
def test_every_span_has_at_least_k(hours: dict[int, int], k: int, now: int) -> None:
    for span in guarded(hours, k, now, over=False):
        assert span.total >= k
        assert span.until <= now


@given(HOURS, st.integers(1, 12), st.integers(0, 201), st.integers(0, 201))
def test_looking_again_later_only_adds_spans(hours: dict[int, int], k: int, one: int, two: int) -> None:
    first, later = sorted((one, two))
    before, after = (guarded(hours, k, now, over=False) for now in (first, later))
    assert after[: len(before)] == before


@given(HOURS, st.integers(1, 12))
def test_once_it_is_over_all_of_it_is_told(hours: dict[int, int], k: int) -> None:
    spans = guarded(hours, k, 300, over=True)
    assert sum(span.total for span in spans) == sum(hours.values())
    assert all(span.total >= k for span in spans) or len(spans) == 1
