"""Auxiliares register devices, capture offline and send; each acuse is verified on the device."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

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


def devices_of(town: Town) -> Path:
    """Where each device of the rehearsal keeps what it has, acuses among it."""
    return town.plan.output / "dispositivos"


async def enrol(town: Town, helper: Helper, folder: DeviceFolder, service: Service) -> Holder:
    """An auxiliar signs in with the provider and registers a device. Raises TurnedDown."""
    asked = Registering(
        proceso=helper.proceso,
        auxiliar=helper.identifier,
        correo=helper.email,
        session=await asyncio.to_thread(enter_with_provider, town, helper.email),
        name=f"teléfono {folder.path.name}",
        person=helper.person,
        images=images(IMAGE_BYTES, os.urandom),
    )
    key = folder.key()
    folder.pin(await service.policy())
    holder = await register(service, asked, key)
    folder.set_holder(holder)
    return holder


@dataclass
class Crew:
    """Devices by Id Auxiliar. `acuses`: how many records were acknowledged."""

    town: Town
    helpers: Sequence[Helper]
    holders: dict[str, Holder] = field(default_factory=dict)
    acuses: int = 0

    def folder(self, helper: Helper, number: int = 1) -> DeviceFolder:
        """A device of an auxiliar."""
        name = helper.identifier if number == 1 else f"{helper.identifier}-{number}"
        return DeviceFolder(devices_of(self.town) / name)

    def register_devices(self, advance: Advance) -> None:
        """Each auxiliar signs in with the provider and registers one device."""
        asyncio.run(self._register_all(advance))

    async def _register_all(self, advance: Advance) -> None:
        async with httpx.AsyncClient(base_url=self.town.url) as http:
            for number, helper in enumerate(self.helpers, 1):
                await self._register(helper, Service(http))
                advance(number, len(self.helpers))

    async def _register(self, helper: Helper, service: Service) -> None:
        self.holders[helper.identifier] = await enrol(self.town, helper, self.folder(helper), service)

    def capture(self, helper: Helper, citizens: Iterable[Citizen], number: int = 1) -> int:
        """Records of these people into a device's encrypted outbox, without any connection."""
        folder, captured = self.folder(helper, number), 0
        outbox, key, holder = folder.outbox(), folder.key(), folder.holder()
        if holder is None:
            raise UnexpectedOutcome(f"el dispositivo {folder.path.name} no está registrado")
        for citizen in citizens:
            now = self.town.clock()
            outbox.keep(capture(taken_of(citizen), holder, key, now, os.urandom, CaptureLimits()))
            captured += 1
        return captured

    def send(self, total: int, advance: Advance) -> int:
        """All that wait on the first device of each, several at a time; how many acuses were verified."""
        return self.send_from([self.folder(helper) for helper in self.helpers], total, advance)

    def send_from(
        self, folders: Sequence[DeviceFolder], total: int = 1, advance: Advance = lambda _done, _all: None
    ) -> int:
        """All that wait on these devices. Raises UnexpectedOutcome when anything is not received."""
        before = self.acuses
        for sent in asyncio.run(self._send_all(folders, total, advance)):
            if sent.refused or sent.unreachable:
                raise UnexpectedOutcome(f"no todo se recibió: {dict(sent.refused)}, {sent.unreachable}")
        return self.acuses - before

    async def _send_all(self, folders: Sequence[DeviceFolder], total: int, advance: Advance) -> list[Sent]:
        turn = asyncio.Semaphore(_DEVICES_AT_ONCE)
        async with httpx.AsyncClient(base_url=self.town.url) as http:
            courier = Courier(Service(http))

            async def one(folder: DeviceFolder) -> Sent:
                async with turn:
                    sending = Sending(folder.outbox(), folder.policy(), courier, _EACH_AT_ONCE)
                    sent = await sending.all(lambda _done, _all: None)
                    self.acuses += len(sent.seconds)
                    advance(min(self.acuses, total), total)
                    return sent

            return list(await asyncio.gather(*(one(folder) for folder in folders)))
