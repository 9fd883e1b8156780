"""Auxiliares register devices, capture offline and send; each acuse is verified on the device."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from api.demo.apoyo.people import Client, enter_with_provider
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import Helper
from api.demo.apoyo.town import Town
from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Advance
from capture.device.capturing import Holder, Taken, capture
from capture.device.courier import Courier
from capture.device.day import Sending
from capture.device.folder import DeviceFolder
from capture.device.images import images
from capture.device.registering import Registering, register
from capture.device.service import Service
from capture.limits import CaptureLimits
from capture.packet.record import Location

IMAGE_BYTES = 24_000
"""Of all images of a record together: small, so that the rehearsal is short."""
AT_ONCE = 8
_PLACE = (22_770_000, -102_580_000)  # microdegrees


@dataclass
class Crew:
    """Devices by Id Auxiliar, with what each will capture."""

    town: Town
    helpers: Sequence[Helper]
    holders: dict[str, Holder] = field(default_factory=dict)

    def folder(self, helper: Helper) -> DeviceFolder:
        """The device of an auxiliar."""
        return DeviceFolder(self.town.plan.output / "dispositivos" / helper.identifier)

    def register_devices(self, advance: Advance) -> None:
        """Each auxiliar signs in with the provider and registers one device."""
        for number, helper in enumerate(self.helpers, 1):
            asyncio.run(self._register(helper))
            advance(number, len(self.helpers))

    async def _register(self, helper: Helper) -> None:
        session = enter_with_provider(self.town, helper.email)
        folder = self.folder(helper)
        asked = Registering(
            proceso=helper.proceso,
            auxiliar=helper.identifier,
            correo=helper.email,
            session=session,
            name="teléfono del ensayo",
            person=helper.person,
            images=images(IMAGE_BYTES, os.urandom),
        )
        async with httpx.AsyncClient(base_url=self.town.url) as http:
            service = Service(http)
            key = folder.key()
            folder.pin(await service.policy())
            holder = await register(service, asked, key)
        folder.set_holder(holder)
        self.holders[helper.identifier] = holder

    def capture(self, helper: Helper, citizens: Sequence[Citizen]) -> None:
        """Records of these people into the device's encrypted outbox, without any connection."""
        folder, holder = self.folder(helper), self.holders[helper.identifier]
        outbox, key = folder.outbox(), folder.key()
        for citizen in citizens:
            taken = _taken(citizen)
            now = self.town.clock()
            outbox.keep(capture(taken, holder, key, now, os.urandom, CaptureLimits()))

    def send(self, helpers: Sequence[Helper], advance: Advance) -> int:
        """All that wait on these devices; how many acuses were verified."""
        done = 0
        for helper in helpers:
            sent = asyncio.run(self._send(helper))
            done += sent
            advance(done, self.town.plan.records)
        return done

    async def _send(self, helper: Helper) -> int:
        folder = self.folder(helper)
        async with httpx.AsyncClient(base_url=self.town.url) as http:
            sending = Sending(folder.outbox(), folder.policy(), Courier(Service(http)), AT_ONCE)
            sent = await sending.all(lambda _done, _total: None)
        if sent.refused or sent.unreachable:
            raise UnexpectedOutcome(f"{helper.identifier}: no todo se recibió: {dict(sent.refused)}")
        return len(sent.seconds)


def _taken(citizen: Citizen) -> Taken:
    person = citizen.person
    spread = int.from_bytes(os.urandom(2), "big")
    return Taken(
        model=person.model,
        credencial=person.credencial,
        numero=person.numero,
        fields=person.values,
        codes=person.codes,
        images=images(IMAGE_BYTES, os.urandom),
        original=True,
        location=Location(_PLACE[0] + spread, _PLACE[1] - spread, 12),
    )


@contextmanager
def promovente(town: Town, email: str) -> Iterator[Client]:
    """A session of an aspirante."""
    client = Client(town, email, enter_with_provider(town, email))
    try:
        yield client
    finally:
        client.close()
