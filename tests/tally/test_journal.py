"""What goes into the public log: entries as docs/formats.md writes them, keys that make repeats harmless."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone

import pytest

from keys.errors import FormatRefusal
from keys.group import Group
from tally.journal import ESCRUTINIO, MESA, OPENED_SUM, SUM, act_entry, events_of, unit_kind, urn_entry
from tests.tally.making import four_voters

pytestmark = pytest.mark.req("VER-02")
INSTANT = datetime(2023, 5, 5, 11, tzinfo=timezone(timedelta(hours=-6)))


def test_every_event_of_an_urn_is_followed_in_order_from_any_height(fast: Group) -> None:
    archive = four_voters(fast).archive
    events = list(events_of(io.BytesIO(archive), "urna"))
    assert [e.height for e in events] == list(range(len(events)))
    for known in range(len(events) + 2):
        assert list(events_of(io.BytesIO(archive), "urna", known)) == events[known:]


def test_entries_are_as_the_format_says(fast: Group) -> None:
    event = next(events_of(io.BytesIO(four_voters(fast).archive), "urna"))
    key, entry = urn_entry("uuid", event)
    assert entry.decode() == f"certeza/urna/v1\nuuid\n0\n{event.hash}"
    assert key == b"urna/uuid/0"
    _, act = act_entry("apertura", INSTANT, "0" * 64)
    assert act.decode() == "certeza/acto/v1\napertura\n2023-05-05T11:00:00-06:00\n" + "0" * 64


@pytest.mark.req("SEI-25")
def test_acts_of_one_unit_name_it() -> None:
    kinds = [unit_kind(k, "01-001") for k in (MESA, SUM, OPENED_SUM, ESCRUTINIO)]
    assert kinds == ["mesa/01-001", "suma/01-001", "suma-abierta/01-001", "escrutinio/01-001"]


def test_act_without_a_hash_is_refused() -> None:
    with pytest.raises(FormatRefusal):
        act_entry("apertura", INSTANT, "nada")
