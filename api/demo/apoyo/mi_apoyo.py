"""A citizen supports without an auxiliar: a code by e-mail, on the device that asked for it (002 §5)."""

from __future__ import annotations

import asyncio
import os
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from api.demo.acting import Client
from api.demo.apoyo.capturing import devices_of
from api.demo.apoyo.plan import ENTIDAD
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import SIGN_IN, Candidate
from api.demo.apoyo.taking import taken_of
from api.demo.apoyo.town import Town
from api.demo.errors import UnexpectedOutcome
from capture.device.capturing import Holder, capture
from capture.device.courier import Courier
from capture.device.folder import DeviceFolder
from capture.device.service import Service
from capture.devices.key import possession_message, read_key
from capture.limits import CaptureLimits
from capture.packet import device_key
from capture.packet.device_key import PrivateKey
from capture.packet.envelope import Envelope
from ledger.acuse import AcuseFile

_CODE = re.compile(r"^\s+([A-Z2-9]{5}-[A-Z2-9]{5})\s*$", re.MULTILINE)
_NOTHING = bytes(32)


@dataclass
class OwnDevice:
    """The telephone of one citizen."""

    town: Town
    citizen: Citizen
    email: str
    key: PrivateKey

    @classmethod
    def of(cls, town: Town, citizen: Citizen, number: int) -> OwnDevice:
        """With a key of its own."""
        return cls(town, citizen, f"persona{number}@ejemplo.mx", ec.generate_private_key(ec.SECP256R1()))

    def support(self, candidate: Candidate) -> AcuseFile:
        """From «Generar Código» to the verified acuse."""
        client = Client(self.town, self.email)
        activation = self._ask(client)
        given = {
            "codigo": self._code(),
            "nombre": "teléfono propio",
            "prueba": self._proof(client, activation),
        }
        done = client.post(f"/v1/mi-apoyo/codigos/{activation}/activacion", given)
        client.close()
        holder = Holder(
            candidate.proceso, "mi-apoyo", activation, done["dispositivo"], candidate.recipient, 1
        )
        now = self.town.clock()
        sealed = capture(taken_of(self.citizen), holder, self.key, now, os.urandom, CaptureLimits())
        folder = DeviceFolder(devices_of(self.town) / activation)
        folder.outbox().keep(sealed)
        acuse = asyncio.run(self._send(sealed.envelope, sealed.body))
        return folder.outbox().settle(sealed.envelope, acuse, self.town.services.logs.apoyo.policy)

    def _ask(self, client: Client) -> str:
        values = self.citizen.person.values
        form = {
            "qr": next(code.text for code in self.citizen.person.codes if code.symbology == "qr"),
            "modelo": self.citizen.person.model,
            "entidad": ENTIDAD,
            "correo": self.email,
            "autenticacion": SIGN_IN,
            "prueba": self._proof(client, "mi-apoyo"),
        }
        if values.get("cic") is None:
            raise UnexpectedOutcome("Mi Apoyo: solo credenciales D a H")
        return str(client.post("/v1/mi-apoyo/codigos", form)["activacion"])

    def _proof(self, client: Client, holder: str) -> dict[str, str]:
        asked = client.post("/v1/dispositivos/retos")
        public = read_key(device_key.encode_key(self.key.public_key()))
        message = possession_message(asked["reto"], b64decode(asked["valor"]), holder, public, _NOTHING)
        signature = device_key.sign(self.key, message)
        return {
            "reto": asked["reto"],
            "llave": b64encode(public.spki).decode(),
            "firma": b64encode(signature).decode(),
        }

    def _code(self) -> str:
        self.town.deliver()
        for message in self.town.mailbox.to(self.email):
            if found := _CODE.search(message.get_content()):
                return found.group(1)
        raise UnexpectedOutcome(f"no llegó el código de activación a {self.email}")

    async def _send(self, envelope: Envelope, body: bytes) -> bytes:
        async with httpx.AsyncClient(base_url=self.town.url) as http:
            return await Courier(Service(http)).deliver(envelope, body)
