"""The telephones of a rehearsal: what the service's own gateway delivers is on the screen of its number."""

from __future__ import annotations

import httpx

from api.outbox.ports import Letter
from api.outbox.settings import SmsSettings
from api.outbox.sms import HttpGateway
from api.trial.telephones import trial_telephones


def test_each_number_gets_its_messages_once_and_in_order() -> None:
    with trial_telephones() as telephones:
        gateway = HttpGateway(SmsSettings(url=telephones.url))
        for identifier, text in (("a", "uno"), ("b", "dos"), ("a", "uno")):
            gateway.deliver(Letter(identifier, "5512345678", "Token", text))
        assert telephones.of("+525512345678") == ["uno", "dos"]
        assert httpx.get(f"{telephones.url}/+525512345678").json() == ["uno", "dos"]
        assert httpx.get(f"{telephones.url}/+525500000000").json() == []
        assert telephones.total == 2
