"""The clock of the voting hour over HTTP: midnight, the last second, and a clock that jumps.

The phase of these tests begins on 22 April 2027 at 20:00 and ends on the 29th at 20:00, of Mexico City.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ledger.database import Database
from tally.consulta.cronograma import CENTRO
from tests.api.entrada.voting import Device, Sei, sei_over
from tests.api.opinion.test_casting import counted
from tests.tally.opinion.polling import ONE

pytestmark = pytest.mark.anyio
INSTANT = timedelta(microseconds=1)
BEGINS = datetime(2027, 4, 22, 20, tzinfo=CENTRO)
ENDS = datetime(2027, 4, 29, 20, tzinfo=CENTRO)
DATES = ("22/04/2027 20:00:00", "29/04/2027 20:00:00")


@pytest.fixture
def sei(database: Database, tmp_path: Path) -> Iterator[Sei]:
    with sei_over(database, tmp_path, (ONE, ONE, ONE)) as made:
        yield made


async def codes(sei: Sei, device: Device) -> tuple[int, str]:
    answer = await sei.ask("POST", "/entradas", json=device.data)
    return answer.status_code, answer.json().get("codigo", "")


async def cast(sei: Sei, device: Device, ballot: bytes) -> tuple[int, str]:
    answer = await sei.cast(device, ballot)
    return answer.status_code, answer.json().get("codigo", "")


@pytest.mark.req("SEI-01")
@pytest.mark.req("SEI-20")
@pytest.mark.parametrize("midnight", ["of the city", "of UTC"])
async def test_entry_token_and_opinion_across_midnight(sei: Sei, midnight: str) -> None:
    """Ten to twelve, two to, three past: each is within its own time, whatever the date."""
    zone = CENTRO if midnight == "of the city" else sei.clock[0].tzinfo
    twelve = datetime(2027, 4, 25, tzinfo=zone)
    device = sei.devices[0]
    sei.clock[0] = twelve - timedelta(minutes=8)
    token = await sei.enter(device)
    sei.clock[0] = twelve - timedelta(minutes=1)
    form = {"entrada": device.secret, "token": token}
    answer = await sei.ask("POST", "/entradas/sesion", json=form)
    assert answer.status_code == 201
    device.session = answer.json()
    assert datetime.fromisoformat(device.session["vence"]) == twelve + timedelta(minutes=14)
    ballot = device.ballot(sei.group)
    sei.clock[0] = twelve + timedelta(minutes=3)
    assert await cast(sei, device, ballot) == (200, "")
    other = sei.devices[1]
    sei.clock[0] = twelve - timedelta(minutes=5)
    token = await sei.enter(other)
    sei.clock[0] = twelve + timedelta(minutes=5)
    late = await sei.ask("POST", "/entradas/sesion", json={"entrada": other.secret, "token": token})
    assert late.json()["codigo"] == "token.vigencia", "ten minutes are ten minutes also at midnight"


@pytest.mark.req("SEI-20")
async def test_the_first_instant_of_the_phase_and_the_one_before(sei: Sei) -> None:
    sei.clock[0] = BEGINS - INSTANT
    early = await sei.ask("POST", "/entradas", json=sei.devices[0].data)
    assert (early.status_code, early.json()["codigo"]) == (409, "calendario.opinion")
    assert all(date in early.json()["detail"] for date in DATES)
    sei.clock[0] = BEGINS
    device = await sei.begin(sei.devices[0])
    assert await cast(sei, device, device.ballot(sei.group)) == (200, "")


@pytest.mark.req("SEI-20")
async def test_the_last_instant_counts_and_the_end_does_not_also_in_an_open_session(sei: Sei) -> None:
    sei.clock[0] = ENDS - timedelta(minutes=5)
    first, second = await sei.begin(sei.devices[0]), await sei.begin(sei.devices[1])
    mine, theirs = first.ballot(sei.group), second.ballot(sei.group)
    sei.clock[0] = ENDS - INSTANT
    told = (await sei.cast(first, mine)).json()
    assert told["altura"] == 1
    sei.clock[0] = ENDS
    late = await sei.cast(second, theirs)
    assert (late.status_code, late.json()["codigo"]) == (409, "calendario.opinion")
    assert all(date in late.json()["detail"] for date in DATES)
    assert (await sei.cast(first, mine)).json() == told, "the lost answer is given also after the end"
    assert counted(sei) == (1, 1, 1)


@pytest.mark.req("SEI-20")
async def test_whoever_entered_in_the_last_second_is_told_the_dates(sei: Sei) -> None:
    device = sei.devices[0]
    sei.clock[0] = ENDS - timedelta(seconds=1)
    token = await sei.enter(device)
    sei.clock[0] = ENDS
    for path, form in (
        ("/entradas/sesion", {"entrada": device.secret, "token": token}),
        ("/entradas/token", {"entrada": device.secret}),
        ("/entradas", device.data),
    ):
        answer = await sei.ask("POST", path, json=form)
        assert (answer.status_code, answer.json()["codigo"]) == (409, "calendario.opinion")


@pytest.mark.req("SEI-20")
async def test_a_challenge_is_not_taken_at_the_end_either(sei: Sei) -> None:
    sei.clock[0] = ENDS - timedelta(minutes=1)
    device = await sei.begin(sei.devices[0])
    ballot = device.ballot(sei.group)
    sei.clock[0] = ENDS
    answer = await sei.ask("POST", "/retos", content=ballot, headers=device.headers)
    assert (answer.status_code, answer.json()["codigo"]) == (409, "calendario.opinion")


@pytest.mark.req("SEI-01")
@pytest.mark.req("SEI-20")
async def test_a_clock_that_jumps_back_and_forth_opens_nothing_twice_and_loses_nothing(sei: Sei) -> None:
    during = BEGINS + timedelta(days=2)
    sei.clock[0] = during
    first, second = await sei.begin(sei.devices[0]), await sei.begin(sei.devices[1])
    mine, theirs = first.ballot(sei.group), second.ballot(sei.group)
    told = (await sei.cast(first, mine)).json()
    for jump in (timedelta(days=20), -timedelta(days=20), timedelta(minutes=20)):
        sei.clock[0] = during + jump
        assert (await cast(sei, second, theirs))[0] in (401, 409)
        assert (await sei.cast(first, mine)).json() == told
        rival = await cast(sei, first, first.ballot(sei.group, mark=2))
        assert rival in ((409, "urna.credencial_usada"), (401, "sesion.opinion"))
    sei.clock[0] = during + timedelta(minutes=1)
    assert await cast(sei, second, theirs) == (200, "")
    assert (await codes(sei, first)) == (409, "urna.persona")
    assert counted(sei) == (2, 2, 2)


@pytest.mark.req("SEI-14")
async def test_a_clock_that_jumps_back_gives_no_token_more_tries(sei: Sei) -> None:
    device = sei.devices[0]
    now = sei.clock[0] = BEGINS + timedelta(days=1)
    token = await sei.enter(device)
    for number in range(1, 6):
        sei.clock[0] = now - timedelta(hours=number)
        form = {"entrada": device.secret, "token": f"{(int(token) + number) % 10**6:06}"}
        assert (await sei.ask("POST", "/entradas/sesion", json=form)).json()["codigo"] == "token.valor"
    form = {"entrada": device.secret, "token": token}
    assert (await sei.ask("POST", "/entradas/sesion", json=form)).json()["codigo"] == "token.vigencia"
