"""Many letters on their way at once: none holds another up, none is lost, none leaves twice by design."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from os import urandom
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from api.outbox.delivery import Delivery
from api.outbox.desk_sql import count_by_state
from api.outbox.fate import Fate
from api.outbox.message import Channel, Message
from api.outbox.outbox import Outbox
from api.outbox.settings import OutboxSettings, SmsSettings, SmtpSettings
from api.outbox.sms import HttpGateway
from api.outbox.smtp import SmtpCarrier
from api.outbox.store_sql import SqlMessages
from api.outbox.tables import mensajes
from api.outbox.waiting import Joint
from api.trial.mailbox import trial_mailbox
from ledger.database import Database
from tests.api.outbox.gateway import TAKEN, Gateway, gateway

AT_ONCE = 8
PATIENCE = 60.0
"""Seconds for what must happen at last."""


@pytest.fixture
def sms() -> Iterator[Gateway]:
    with gateway() as made:
        yield made


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def put(database: Database, *messages: Message) -> list[str]:
    with database.writing() as db:
        return Outbox(lambda: datetime.now(UTC) - timedelta(seconds=1), urandom).put_all(db, messages)


def text(number: int, body: str = "Código 1") -> Message:
    return Message("secreto.token", Channel.SMS, f"55{number:08}", "", body)


def delivery(database: Database, sms: Gateway, name: str = "uno", clock: Clock | None = None) -> Delivery:
    given = SmsSettings(url=sms.url, at_once=AT_ONCE)
    carriers = {Channel.SMS: HttpGateway(given)}
    settings = OutboxSettings(sms=given, seconds=0.1)
    return Delivery(SqlMessages(database, name), carriers, settings, clock or Clock(), urandom)


def states(database: Database) -> dict[str, int]:
    with database.reading() as db:
        return count_by_state(db)


def test_many_leave_at_once_and_never_more_than_may(database: Database, sms: Gateway) -> None:
    put(database, *(text(n) for n in range(40)))

    def answer(_number: str, _text: str) -> int:
        time.sleep(0.05)
        return TAKEN

    sms.answer = answer
    assert delivery(database, sms).deliver_channel(Channel.SMS) == 40
    assert 1 < sms.most <= AT_ONCE
    assert len(sms.taken) == len({number for number, _, _ in sms.taken}) == 40
    assert states(database) == {"entregado": 40}


@pytest.mark.parametrize("slow", [0, 3, 39], ids=["the first", "one between", "the last"])
def test_one_that_hangs_holds_no_other_up(database: Database, sms: Gateway, slow: int) -> None:
    put(database, *(text(n) for n in range(40)))
    others = threading.Event()

    def answer(number: str, _text: str) -> int:
        if int(number[2:]) == slow:
            assert others.wait(PATIENCE)
        elif len(sms.taken) == 38:
            others.set()
        return TAKEN

    sms.answer = answer
    assert delivery(database, sms).deliver_channel(Channel.SMS) == 40
    assert int(sms.taken[-1][0][2:]) == slow, "it was answered when all others had been"


def test_what_comes_while_one_hangs_does_not_wait_for_it(database: Database, sms: Gateway) -> None:
    put(database, text(0))
    late = threading.Event()

    def answer(number: str, _text: str) -> int:
        if number == "5500000000":
            put(database, text(1))
            assert late.wait(PATIENCE)
        else:
            late.set()
        return TAKEN

    sms.answer = answer
    assert delivery(database, sms).deliver_channel(Channel.SMS) == 2


def test_letters_that_go_wrong_stop_no_other_of_their_lot(database: Database, sms: Gateway) -> None:
    put(database, *(text(n, "m" * (n + 1)) for n in range(20)))
    wrong = {"5500000002": 422, "5500000004": 500, "5500000006": 0}
    sms.answer = lambda number, _text: wrong.get(number, TAKEN)
    assert delivery(database, sms).deliver_channel(Channel.SMS) == 17
    with database.reading() as db:
        rows = db.execute(select(mensajes.c.destino, mensajes.c.estado, mensajes.c.falla)).all()
    failed = {row.destino: (row.estado, row.falla) for row in rows if row.falla}
    assert failed == {
        "5500000002": ("detenido", "sms-422"),
        "5500000004": ("pendiente", "sms-500"),
        "5500000006": ("pendiente", "RemoteProtocolError"),
    }


@pytest.mark.req("SEI-14")
def test_a_newer_token_leaves_after_the_answer_to_the_older_one(database: Database, sms: Gateway) -> None:
    put(database, text(0, "viejo"), *(text(n) for n in range(1, 20)))
    seen: list[str] = []

    def answer(number: str, body: str) -> int:
        if number == "5500000000":
            seen.append(f"llega {body}")
            if body == "viejo":
                put(database, text(0, "nuevo"))
                time.sleep(1.0)
            seen.append(f"toma {body}")
        return TAKEN

    sms.answer = answer
    assert delivery(database, sms).deliver_channel(Channel.SMS) == 21
    assert seen == ["llega viejo", "toma viejo", "llega nuevo", "toma nuevo"]


def test_several_to_one_person_of_one_lot_leave_in_order(database: Database, sms: Gateway) -> None:
    put(database, *(text(n % 3, f"{n:03}") for n in range(24)))
    assert delivery(database, sms).deliver_channel(Channel.SMS) == 24
    for number in range(3):
        theirs = [body for to, body, _ in sms.taken if int(to[2:]) == number]
        assert theirs == sorted(theirs)


def test_deliverers_side_by_side_send_nothing_twice(database: Database, sms: Gateway) -> None:
    put(database, *(text(n) for n in range(90)))
    works = [delivery(database, sms, name) for name in ("uno", "dos", "tres")]
    with ThreadPoolExecutor(len(works)) as threads:
        totals = list(threads.map(lambda work: work.deliver_channel(Channel.SMS), works))
    assert Counter(reference for _, _, reference in sms.began).most_common(1)[0][1] == 1
    assert (sum(totals), states(database)) == (90, {"entregado": 90})


@pytest.mark.parametrize("dies", ["asking", "answered"])
def test_a_deliverer_killed_before_it_could_say_so_loses_nothing(
    database: Database, sms: Gateway, dies: str
) -> None:
    """Killed while the gateway has the letters, or when it took some and hangs with the others."""
    identifiers = put(database, *(text(n) for n in range(12)))
    many, forever = threading.Event(), threading.Event()

    def answer(number: str, _text: str) -> int:
        if len(sms.began) >= AT_ONCE:
            many.set()
        if number != "5500000000" and (dies == "asking" or int(number[2:]) % 2):
            forever.wait(PATIENCE)
            return 0
        return TAKEN

    sms.answer = answer
    address = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.api.outbox.deliverer", address, sms.url, "muere"]
    process = subprocess.Popen(command)
    assert many.wait(PATIENCE)
    process.kill()
    process.wait()
    forever.set()
    sms.answer = lambda _number, _text: TAKEN
    other = delivery(database, sms, "otro")
    assert states(database)["pendiente"] >= AT_ONCE - 2
    before = len(sms.began)
    other.deliver_channel(Channel.SMS)
    claimed_by_the_dead = {r for _, _, r in sms.began[:before]} & {r for _, _, r in sms.began[before:]}
    assert claimed_by_the_dead == set(), "its lease still holds"
    clock = Clock()
    clock.now += timedelta(seconds=121)
    delivery(database, sms, "otro", clock).deliver_channel(Channel.SMS)
    assert {reference for _, _, reference in sms.taken} == set(identifiers)
    assert states(database) == {"entregado": 12}


class LosesItsDatabase(SqlMessages):
    """The database is away when the first outcomes are to be written."""

    away = True

    def settle(self, became: Sequence[tuple[Joint, Fate]], now: datetime) -> None:
        if self.away:
            self.away = False
            raise OperationalError("UPDATE", {}, ConnectionError())
        super().settle(became, now)


def test_what_could_not_be_written_is_written_at_the_next_look(database: Database, sms: Gateway) -> None:
    put(database, *(text(n) for n in range(5)))
    given = SmsSettings(url=sms.url)
    messages = LosesItsDatabase(database, "uno")
    carriers = {Channel.SMS: HttpGateway(given)}
    work = Delivery(messages, carriers, OutboxSettings(sms=given), Clock(), urandom)
    with pytest.raises(OperationalError):
        work.deliver_channel(Channel.SMS)
    assert work.deliver_channel(Channel.SMS) == 5
    assert len(sms.taken) == 5, "nobody got it again"
    assert states(database) == {"entregado": 5}


def test_a_letter_does_not_begin_when_half_of_its_lease_is_over(database: Database, sms: Gateway) -> None:
    put(database, text(1), text(0, "uno"), text(0, "dos"))
    clock = Clock()

    def answer(_number: str, body: str) -> int:
        if body == "uno":
            clock.now += timedelta(seconds=61)
        return TAKEN

    sms.answer = answer
    assert delivery(database, sms, clock=clock).deliver_channel(Channel.SMS) == 3
    assert [body for _, body, _ in sms.taken] == ["Código 1", "uno", "dos"]
    with database.reading() as db:
        rows = db.execute(select(mensajes.c.intentos, mensajes.c.apartado_hasta)).all()
    assert [tuple(row) for row in rows] == [(1, None)] * 3, "what never left was no attempt"


def test_a_gateway_that_closes_in_the_middle_costs_no_attempt_of_what_waits(
    database: Database, sms: Gateway
) -> None:
    put(database, *(text(n) for n in range(60)))
    sms.answer = lambda _number, _text: TAKEN if len(sms.began) < 10 else 503
    delivered = delivery(database, sms).deliver_channel(Channel.SMS)
    refused = len(sms.began) - delivered
    assert 0 < refused <= 2 * AT_ONCE, "those that were on their way, and none that waited"
    with database.reading() as db:
        tried = db.execute(select(mensajes.c.id).where(mensajes.c.intentos > 0)).all()
    assert len(tried) == len(sms.began)


def test_deliverers_side_by_side_take_a_group_whole(database: Database, tmp_path: Path) -> None:
    """Half of a joint mail under an identifier that the other half had would never be read."""
    groups, each = 12, 5
    mail = Message("acuse", Channel.CORREO, "p@ejemplo.mx", "Acuses", "")
    with database.writing() as db:
        for number in range(groups * each):
            group = number % groups
            one = replace(mail, to=f"p{group}@ejemplo.mx", body=f"Folio {number:03}\n", group=f"g{group}")
            Outbox(lambda: datetime.now(UTC) - timedelta(minutes=2), urandom).put(db, one)
        db.execute(update(mensajes).values(creado=datetime.now(UTC) - timedelta(minutes=2)))
    with trial_mailbox(tmp_path / "correo") as box:
        smtp = SmtpSettings(host="127.0.0.1", port=box.port, security="ninguna", at_once=3)
        works = [
            Delivery(
                SqlMessages(database, name),
                {Channel.CORREO: SmtpCarrier(smtp)},
                OutboxSettings(smtp=smtp),
                Clock(),
                urandom,
            )
            for name in ("uno", "dos")
        ]
        threads = [threading.Thread(target=work.deliver_channel, args=(Channel.CORREO,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        mails = box.messages()
    assert [m["Subject"] for m in mails] == [f"Acuses ({each})"] * groups
    assert states(database) == {"entregado": groups * each}
