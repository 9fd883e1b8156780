"""Connections to the mail server: kept while mails leave, let go of afterwards, and never trusted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from os import urandom
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from api.outbox.delivery import Delivery
from api.outbox.message import Channel, Message
from api.outbox.outbox import Outbox
from api.outbox.ports import Letter, Undeliverable
from api.outbox.settings import OutboxSettings, SmtpSettings
from api.outbox.smtp import SmtpCarrier
from api.outbox.store_sql import SqlMessages
from ledger.database import Database
from tests.api.killing import free_port

AT_ONCE = 4


@dataclass
class Server:
    """What a mail server saw. `of`: the connections, and the mails that came over each."""

    port: int = field(default_factory=free_port)
    of: dict[Any, list[str]] = field(default_factory=dict)
    transports: list[asyncio.BaseTransport] = field(default_factory=list)
    left: list[Any] = field(default_factory=list)
    controller: Controller | None = None

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, host: str, responses: list[str]
    ) -> list[str]:
        session.host_name = host
        self.of[session.peer] = []
        assert server.transport is not None
        self.transports.append(server.transport)
        return responses

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nadie"):
            return "550 nadie"
        envelope.rcpt_tos.append(address)
        return "250 bien"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(0.02)
        self.of[session.peer] += envelope.rcpt_tos
        return "250 bien"

    async def handle_QUIT(self, _server: SMTP, session: Session, _envelope: Envelope) -> str:
        self.left.append(session.peer)
        return "221 adiós"

    @property
    def mails(self) -> list[str]:
        return sorted(to for theirs in self.of.values() for to in theirs)

    def hang_up(self) -> None:
        """Break every connection, as a server does that was idle for long or starts anew."""
        done = threading.Event()

        def close() -> None:
            for transport in self.transports:
                transport.close()
            done.set()

        assert self.controller is not None
        self.controller.loop.call_soon_threadsafe(close)
        assert done.wait(10)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    made.controller = Controller(made, "127.0.0.1", made.port)
    made.controller.start()
    try:
        yield made
    finally:
        made.controller.stop()


def settings(server: Server) -> SmtpSettings:
    return SmtpSettings(host="127.0.0.1", port=server.port, security="ninguna", at_once=AT_ONCE)


def letter(to: str) -> Letter:
    return Letter("0" * 8 + "-0000-4000-8000-" + "0" * 12, to, "Aviso", "Hola.\n")


def test_many_mails_go_over_few_connections_that_are_closed_at_last(
    database: Database, server: Server
) -> None:
    people = [f"p{n:02}@ejemplo.mx" for n in range(40)]
    now = datetime.now(UTC)
    with database.writing() as db:
        mails = [Message("aviso", Channel.CORREO, to, "Aviso", "Hola.\n") for to in people]
        Outbox(lambda: now - timedelta(seconds=1), urandom).put_all(db, mails)
    smtp = settings(server)
    carriers = {Channel.CORREO: SmtpCarrier(smtp)}
    work = Delivery(SqlMessages(database, "d"), carriers, OutboxSettings(smtp=smtp), lambda: now, urandom)
    assert work.deliver_all() == 40
    assert server.mails == people
    assert 1 < len(server.of) <= AT_ONCE
    assert sorted(server.left) == sorted(server.of)


def test_a_connection_that_the_server_closed_meanwhile_costs_no_attempt(server: Server) -> None:
    carrier = SmtpCarrier(settings(server))
    carrier.deliver(letter("uno@ejemplo.mx"))
    server.hang_up()
    carrier.deliver(letter("dos@ejemplo.mx"))
    carrier.rest()
    assert list(server.of.values()) == [["uno@ejemplo.mx"], ["dos@ejemplo.mx"]]


def test_a_connection_on_which_a_mail_was_refused_is_not_used_again(server: Server) -> None:
    carrier = SmtpCarrier(settings(server))
    with pytest.raises(Undeliverable):
        carrier.deliver(letter("nadie@ejemplo.mx"))
    carrier.deliver(letter("uno@ejemplo.mx"))
    carrier.rest()
    assert list(server.of.values()) == [[], ["uno@ejemplo.mx"]]
