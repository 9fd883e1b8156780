"""Auxiliares register devices, capture offline and send; each acuse is verified on the device."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import httpx

from api.demo.apoyo.people import enter_with_provider
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import Helper
from api.demo.apoyo.taking import IMAGE_BYTES, taken_of
from api.demo.apoyo.town import Town
from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Advance
from capture.device.capturing import Holder, capture
from capture.device.courier import Courier
from capture.device.day import Sending, Sent
from capture.device.folder import DeviceFolder
from capture.device.images import images
from capture.device.registering import Registering, register
from capture.device.service import Service
from capture.limits import CaptureLimits

_DEVICES_AT_ONCE, _EACH_AT_ONCE = 10, 4


@dataclass
class Crew:
    """Devices by Id Auxiliar. `acuses`: how many records were acknowledged."""

    town: Town
    helpers: Sequence[Helper]
    holders: dict[str, Holder] = field(default_factory=dict)
    acuses: int = 0

    def folder(self, helper: Helper) -> DeviceFolder:
        """The device of an auxiliar."""
        return DeviceFolder(self.town.plan.output / "dispositivos" / helper.identifier)

    def register_devices(self, advance: Advance) -> None:
        """Each auxiliar signs in with the provider and registers one device."""
        asyncio.run(self._register_all(advance))

    async def _register_all(self, advance: Advance) -> None:
        async with httpx.AsyncClient(base_url=self.town.url) as http:
            for number, helper in enumerate(self.helpers, 1):
                await self._register(helper, Service(http))
                advance(number, len(self.helpers))

    async def _register(self, helper: Helper, service: Service) -> None:
        session = await asyncio.to_thread(enter_with_provider, self.town, helper.email)
        folder = self.folder(helper)
        key = folder.key()
        asked = Registering(
            proceso=helper.proceso,
            auxiliar=helper.identifier,
            correo=helper.email,
            session=session,
            name="teléfono del ensayo",
            person=helper.person,
            images=images(IMAGE_BYTES, os.urandom),
        )
        folder.pin(await service.policy())
        holder = await register(service, asked, key)
        folder.set_holder(holder)
        self.holders[helper.identifier] = holder

    def capture(self, helper: Helper, citizens: Iterable[Citizen]) -> int:
        """Records of these people into the device's encrypted outbox, without any connection."""
        folder, holder, number = self.folder(helper), self.holders[helper.identifier], 0
        outbox, key = folder.outbox(), folder.key()
        for citizen in citizens:
            now = self.town.clock()
            outbox.keep(capture(taken_of(citizen), holder, key, now, os.urandom, CaptureLimits()))
            number += 1
        return number

    def send(self, total: int, advance: Advance) -> int:
        """All that wait on all devices, several at a time; how many acuses were verified."""
        before = self.acuses
        for sent in asyncio.run(self._send_all(total, advance)):
            if sent.refused or sent.unreachable:
                raise UnexpectedOutcome(f"no todo se recibió: {dict(sent.refused)}, {sent.unreachable}")
        return self.acuses - before

    async def _send_all(self, total: int, advance: Advance) -> list[Sent]:
        turn = asyncio.Semaphore(_DEVICES_AT_ONCE)
        async with httpx.AsyncClient(base_url=self.town.url) as http:
            courier = Courier(Service(http))

            async def one(helper: Helper) -> Sent:
                async with turn:
                    folder = self.folder(helper)
                    sending = Sending(folder.outbox(), folder.policy(), courier, _EACH_AT_ONCE)
                    sent = await sending.all(lambda _done, _all: None)
                    self.acuses += len(sent.seconds)
                    advance(min(self.acuses, total), total)
                    return sent

            return list(await asyncio.gather(*(one(helper) for helper in self.helpers)))
