"""What an auxiliar takes of somebody: the credential, codes and fields, images, and where it was."""

from __future__ import annotations

import os

from api.demo.apoyo.population import Citizen
from capture.device.capturing import Taken
from capture.device.images import images
from capture.packet.record import Location

IMAGE_BYTES = 24_000
"""Of all images of a record together: small, so that the rehearsal is short."""
_LATITUDE, _LONGITUDE = 22_770_000, -102_580_000  # microdegrees


def taken_of(citizen: Citizen) -> Taken:
    """As the app hands it to be sealed."""
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
        location=Location(_LATITUDE + spread, _LONGITUDE - spread, 12),
    )
