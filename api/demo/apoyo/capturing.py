"""Auxiliares register devices, capture offline and send; each acuse is verified on the device."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from api.demo.apoyo.campaign import Round
from api.demo.apoyo.people import enter_with_provider
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import Helper
from api.demo.apoyo.taking import IMAGE_BYTES
from api.demo.apoyo.telephones import Stretch, capture_into, run_all, send_from
from api.demo.apoyo.town import Town
from api.demo.screen import Advance
from capture.device.capturing import Holder
from capture.device.folder import DeviceFolder
from capture.device.images import images
from capture.device.registering import Registering, register
from capture.device.service import Service


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

    def capture(self, helper: Helper, citizens: Iterable[Citizen], number: int = 1) -> None:
        """Records of these people into a device's encrypted outbox, without any connection."""
        capture_into(self.folder(helper, number), citizens, self.town.clock)

    def send_from(self, folder: DeviceFolder) -> None:
        """All that wait on a device. Raises UnexpectedOutcome when anything is not received."""
        self.acuses += send_from([folder], self.town.url)

    def work(self, rounds: Sequence[Round], advance: Advance) -> None:
        """Each auxiliar captures offline and sends afterwards, several at a time."""
        now, url = self.town.clock(), self.town.url
        self.acuses += run_all(
            (Stretch(self.folder(one.helper).path, one.citizens, now, url) for one in rounds), advance
        )
