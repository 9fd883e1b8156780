"""What somebody tries and must not achieve: a third device, packets that are not as they were, too late."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

import httpx

from api.demo.acting import Client
from api.demo.apoyo.campaign import LATE, LOST
from api.demo.apoyo.capturing import Crew, enrol
from api.demo.apoyo.people import enter_with_provider
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import Helper
from api.demo.apoyo.taking import taken_of
from api.demo.errors import UnexpectedOutcome
from capture.device.capturing import Sealed, capture
from capture.device.courier import Courier
from capture.device.errors import TurnedDown
from capture.device.service import Service
from capture.limits import CaptureLimits
from capture.packet import device_key


@dataclass
class Trials:
    """Each trial gives what to tell, and raises UnexpectedOutcome when it is not refused as it must be."""

    crew: Crew
    helper: Helper
    citizens: Sequence[Citizen]

    def third_device(self) -> str:
        """An auxiliar has two devices at most (002 §3.7); the second one is lost later."""
        return asyncio.run(self._third_device())

    async def _third_device(self) -> str:
        async with self._http() as http:
            service = Service(http)
            await self._enrol(2, service)
            rule = await _refused(self._enrol(3, service), "dispositivo.maximo")
        return f"Tercer dispositivo de un auxiliar: rechazado [{rule}]"

    async def _enrol(self, number: int, service: Service) -> None:
        await enrol(self.crew.town, self.helper, self.crew.folder(self.helper, number), service)

    def altered_packets(self) -> list[str]:
        """What is not what the device signed is refused; what is sent again has one acuse (APO-13)."""
        return asyncio.run(self._altered_packets())

    async def _altered_packets(self) -> list[str]:
        sealed = self._captured(self.citizens[0])
        other = bytes([*sealed.body[:-1], sealed.body[-1] ^ 1])
        async with self._http() as http:
            courier = Courier(Service(http))
            body = await _refused(courier.deliver(sealed.envelope, other), "paquete.sha256")
            forged = replace(sealed.envelope, capturado=sealed.envelope.capturado - timedelta(days=1))
            envelope = await _refused(courier.deliver(forged, sealed.body), "paquete.firma")
            acuse = await courier.deliver(sealed.envelope, sealed.body)
            if (await courier.deliver(sealed.envelope, sealed.body)).split(b"\n\n")[0] != _text(acuse):
                raise UnexpectedOutcome("el mismo paquete, enviado dos veces, tuvo dos acuses")
            again = await _refused(self._replayed(courier, sealed), "paquete.folio")
        self._settle(sealed, acuse)
        return [
            f"Paquete con un bit cambiado: rechazado [{body}]; con otra fecha de captura: [{envelope}]",
            f"Paquete repetido: el mismo acuse; otro contenido con el mismo folio: rechazado [{again}]",
        ]

    async def _replayed(self, courier: Courier, sealed: Sealed) -> bytes:
        """The folio of a record that was received, with another content that the device does sign."""
        body = bytes(reversed(sealed.body))
        changed = replace(sealed.envelope, sha256=sha256(body).digest())
        key = self.crew.folder(self.helper).key()
        return await courier.deliver(
            replace(changed, firma=device_key.sign(key, changed.signed_bytes())), body
        )

    def lost_device(self) -> str:
        """Captured on the second device, which is removed before it sends."""
        folder = self.crew.folder(self.helper, 2)
        self.crew.capture(self.helper, self.citizens[1 : 1 + LOST], 2)
        session = enter_with_provider(self.crew.town, self.helper.email)
        client = Client(self.crew.town, self.helper.email, session)
        holder = folder.holder()
        if holder is None:
            raise UnexpectedOutcome("el segundo dispositivo no quedó registrado")
        client.post(f"/v1/dispositivos/{holder.dispositivo}/baja")
        client.close()
        self.crew.send_from(folder)
        return "Registro enviado desde un dispositivo dado de baja: recibido, no se contabiliza"

    def too_late(self) -> list[str]:
        """Captured after the end of the periodo; and sent after the 24 hours that follow (002 §4.11)."""
        town, closes = self.crew.town, self.crew.town.plan.closes
        town.clock.move_to(closes + timedelta(hours=2))
        late = self.citizens[1 + LOST : 1 + LOST + LATE]
        self.crew.capture(self.helper, late)
        self.crew.send_from(self.crew.folder(self.helper))
        town.clock.move_to(closes + timedelta(hours=25))
        rule = asyncio.run(self._after_the_grace())
        return [
            f"{len(late)} registros captados después del fin del periodo: recibidos, no se contabilizan",
            f"Envío 25 horas después del fin del periodo: rechazado [{rule}]",
        ]

    async def _after_the_grace(self) -> str:
        sealed = self._captured(self.citizens[-1])
        async with self._http() as http:
            sending = Courier(Service(http)).deliver(sealed.envelope, sealed.body)
            return await _refused(sending, "paquete.fuera-de-plazo")

    def _captured(self, citizen: Citizen) -> Sealed:
        folder, holder = self.crew.folder(self.helper), self.crew.holders[self.helper.identifier]
        now = self.crew.town.clock()
        return capture(taken_of(citizen), holder, folder.key(), now, os.urandom, CaptureLimits())

    def _settle(self, sealed: Sealed, acuse: bytes) -> None:
        folder = self.crew.folder(self.helper)
        folder.outbox().keep(sealed)
        folder.outbox().settle(sealed.envelope, acuse, folder.policy())
        self.crew.acuses += 1

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.crew.town.url)


async def _refused(doing: Awaitable[object], rule: str) -> str:
    """The rule by which it was refused. Raises UnexpectedOutcome when it was not, or by another one."""
    try:
        await doing
    except TurnedDown as refusal:
        if refusal.rule == rule:
            return rule
        raise UnexpectedOutcome(f"se esperaba {rule}, y se rechazó por {refusal.rule}") from None
    raise UnexpectedOutcome(f"se admitió lo que {rule} no permite")


def _text(acuse: bytes) -> bytes:
    return acuse.split(b"\n\n")[0]
