"""A deliverer of text messages in a process of its own, for tests that kill it: database, gateway, name."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from os import urandom

from api.outbox.delivery import Delivery
from api.outbox.message import Channel
from api.outbox.settings import OutboxSettings, SmsSettings
from api.outbox.sms import HttpGateway
from api.outbox.store_sql import SqlMessages
from ledger.database import Database, open_engine


def main(address: str, url: str, name: str) -> None:
    sms = SmsSettings(url=url)
    messages = SqlMessages(Database(open_engine(address)), name)
    carriers = {Channel.SMS: HttpGateway(sms)}
    given = OutboxSettings(sms=sms)
    Delivery(messages, carriers, given, lambda: datetime.now(UTC), urandom).deliver_channel(Channel.SMS)


if __name__ == "__main__":
    main(*sys.argv[1:])
