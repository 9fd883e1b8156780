"""Mails that come back are seen, whoever reports them and whatever else is written to that address."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from os import urandom
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st

from api.outbox.bounce import MAX_REPORT_BYTES, Bounce, parse_bounce
from api.outbox.delivery import Delivery
from api.outbox.desk_sql import count_by_state, set_aside
from api.outbox.inbox import MaildirInbox, Returns
from api.outbox.message import Channel, Message
from api.outbox.outbox import Outbox
from api.outbox.ports import Letter
from api.outbox.settings import OutboxSettings, SmtpSettings
from api.outbox.smtp import SmtpCarrier
from api.outbox.store_sql import SqlMessages
from api.trial.mailbox import trial_mailbox
from ledger.database import Database
from tests.api.killing import free_port

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
IDENTIFIER = "0b0f7a52-1c7e-4e53-9d07-2d1a0a7f7c11"
REPORT = """\
Date: Thu, 7 Jul 1994 17:16:05 -0400
From: Mail Delivery Subsystem <MAILER-DAEMON@CS.UTK.EDU>
Message-Id: <199407072116.RAA14128@CS.UTK.EDU>
Subject: Returned mail: Cannot send message for 5 days
To: <no-responder@certeza.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="RAA14128.773615765/CS.UTK.EDU"

--RAA14128.773615765/CS.UTK.EDU

The original message was received at Sat, 2 Jul 1994 17:10:28 -0400

--RAA14128.773615765/CS.UTK.EDU
content-type: message/delivery-status

Reporting-MTA: dns; cs.utk.edu

Original-Recipient: rfc822;louisl@larry.slip.umd.edu
Final-Recipient: rfc822;louisl@larry.slip.umd.edu
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 426 connection timed out
Last-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400

--RAA14128.773615765/CS.UTK.EDU
content-type: {third}

Message-ID: <{identifier}@certeza.example>
From: no-responder@certeza.example
Subject: Acuse

--RAA14128.773615765/CS.UTK.EDU--
"""
"""After RFC 3464, appendix E.1."""


def report(
    action: str = "failed",
    status: str = "5.1.1",
    third: str = "message/rfc822",
    identifier: str = IDENTIFIER,
) -> bytes:
    return REPORT.format(action=action, status=status, third=third, identifier=identifier).encode()


@pytest.mark.parametrize("third", ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers"])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_a_report_says_which_mail_came_back_and_why(third: str, line: str) -> None:
    data = report(third=third).replace(b"\n", line.encode())
    assert parse_bounce(data) == Bounce(IDENTIFIER, "rebote-5.1.1")


@pytest.mark.parametrize(
    "data",
    [
        report(action="delayed", status="4.4.7"),
        report(action="delivered", status="2.0.0"),
        report(action="failed", status="4.4.7"),
        report(identifier="otro"),
        report(third="text/plain"),
        report().replace(b"multipart/report", b"multipart/mixed"),
        report() + b" " * MAX_REPORT_BYTES,
        b"",
        b"Subject: Fuera de la oficina\n\nVuelvo el lunes.\n",
    ],
)
def test_what_is_no_report_of_a_refused_mail_of_ours_is_none(data: bytes) -> None:
    assert parse_bounce(data) is None


def test_a_report_inside_the_returned_mail_is_not_a_report() -> None:
    outer = EmailMessage()
    outer["Subject"] = "Fwd"
    outer.set_content("mira")
    outer.add_attachment(report(), maintype="application", subtype="octet-stream", filename="x.eml")
    assert parse_bounce(outer.as_bytes()) is None


@given(st.data())
def test_a_report_that_was_damaged_names_no_other_mail(data: st.DataObject) -> None:
    whole = bytearray(report())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        found = parse_bounce(bytes(whole))
    except Exception:  # noqa: BLE001 - `Returns` goes on with the next one
        return
    assert found is None or len(found.sent_as) == len(IDENTIFIER)


class Sender:
    """Sends mails of one group as one, over SMTP, to a Maildir of the trial."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.inbox = mailbox.Maildir(folder / "rebotes", create=True)
        self.returns = Returns(database, MaildirInbox(folder / "rebotes"))
        self.box = folder / "correo"

    def send(self, many: int) -> str:
        """The Message-ID of the one mail that they went as."""
        put = Outbox(lambda: NOW, urandom)
        with self.database.writing() as db:
            for n in range(many):
                put.put(db, Message("acuse", Channel.CORREO, "p@ejemplo.mx", "Acuse", f"{n}\n", "g"))
        with trial_mailbox(self.box) as box:
            smtp = SmtpCarrier(SmtpSettings(host="127.0.0.1", port=box.port, security="ninguna"))
            messages = SqlMessages(self.database, "d")
            settings = OutboxSettings(group_seconds=0)
            work = Delivery(messages, {Channel.CORREO: smtp}, settings, lambda: NOW, urandom)
            assert work.deliver_all() == many
            return str(box.messages()[-1]["Message-ID"])[1:].partition("@")[0]

    def states(self) -> dict[str, int]:
        with self.database.reading() as db:
            return count_by_state(db)


@pytest.fixture
def sender(database: Database, tmp_path: Path) -> Sender:
    return Sender(database, tmp_path)


def test_all_messages_of_a_mail_that_came_back_are_seen_by_a_person(sender: Sender) -> None:
    came_back = sender.send(3)
    sender.send(1)
    sender.inbox.add(report(identifier=came_back))
    assert sender.returns.look() == 3
    assert sender.states() == {"entregado": 1, "rebotado": 3}
    with sender.database.reading() as db:
        assert {row.failure for row in set_aside(db)} == {"rebote-5.1.1"}


def test_each_report_is_read_once_and_stays_where_people_find_it(sender: Sender) -> None:
    sender.inbox.add(report(identifier=sender.send(1)))
    sender.inbox.add(b"Subject: hola\n\nUna persona escribe.\n")
    sender.inbox.add(report(identifier=IDENTIFIER))
    assert (sender.returns.look(), sender.returns.look()) == (1, 0)
    assert [message.get_flags() for message in sender.inbox] == ["S", "S", "S"]
    assert [message.get_subdir() for message in sender.inbox] == ["cur", "cur", "cur"]


def test_one_that_was_stopped_before_the_report_was_put_away_marks_once(sender: Sender) -> None:
    data = report(identifier=sender.send(1))
    sender.inbox.add(data)
    assert sender.returns.look() == 1
    sender.inbox.add(data)
    assert sender.returns.look() == 0
    assert sender.states() == {"rebotado": 1}


class KeepsEnvelope:
    """What the server was told beside the mail."""

    def __init__(self) -> None:
        self.seen: list[tuple[str | None, list[str]]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.seen.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 OK"


@pytest.fixture
def envelopes() -> Iterator[tuple[int, KeepsEnvelope]]:
    keeps = KeepsEnvelope()
    port = free_port()
    controller = Controller(keeps, "127.0.0.1", port)
    controller.start()
    yield port, keeps
    controller.stop()


@pytest.mark.parametrize(
    ("bounces_to", "told"), [("", "no-responder@certeza.example"), ("rebotes@ine.mx", "rebotes@ine.mx")]
)
def test_mails_come_back_to_the_address_that_is_set(
    envelopes: tuple[int, KeepsEnvelope], bounces_to: str, told: str
) -> None:
    port, keeps = envelopes
    settings = SmtpSettings(host="127.0.0.1", port=port, security="ninguna", bounces_to=bounces_to)
    SmtpCarrier(settings).deliver(Letter(IDENTIFIER, "p@ejemplo.mx", "Acuse", "Texto"))
    assert keeps.seen == [(told, ["p@ejemplo.mx"])]
