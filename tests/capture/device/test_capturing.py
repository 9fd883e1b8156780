"""A capture is sealed before anything of it rests, and only a complete one is (APO-11, 002 §4)."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pyrage
import pytest

from capture.device.capturing import capture, folio_of
from capture.device.errors import DeviceRefused
from capture.limits import CaptureLimits
from capture.packet.body import parse_body
from capture.packet.envelope import parse_envelope
from tests.capture.device.making import HOLDER, IDENTITY, KEY, sealed, taken
from tests.capture.packet.making import NOON


@pytest.mark.req("APO-09")
def test_what_is_sealed_opens_with_the_key_of_the_process_and_says_what_was_taken() -> None:
    images = taken().images
    made = sealed(images=images)
    body = parse_body(pyrage.decrypt(made.body, [IDENTITY]))
    envelope = parse_envelope(made.envelope.encode())
    envelope.verify(KEY.public_key())
    record = body.record
    assert (record.folio, record.proceso, record.numero) == (
        envelope.folio,
        envelope.proceso,
        envelope.numero,
    )
    assert (record.captured, record.original, record.notice) == (envelope.capturado, True, 1)
    assert dict(body.files) == dict(images)
    assert record.location == taken().location
    assert record.location is not None, "where it was captured is recorded, without any connection"


@pytest.mark.req("APO-11")
def test_the_device_itself_cannot_open_it() -> None:
    made = sealed()
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(made.body, [pyrage.x25519.Identity.generate()])
    person = taken().fields
    for told in (person["clave_elector"], person["apellido_paterno"], person["curp"]):
        assert told.encode() not in made.body + made.envelope.encode()


@pytest.mark.req("APO-10")
def test_without_the_original_nothing_is_captured() -> None:
    with pytest.raises(DeviceRefused) as found:
        sealed(original=False)
    assert found.value.rule == "captura.original"


@pytest.mark.parametrize("missing", ["anverso.jpg", "reverso.jpg", "foto.jpg", "firma.png"])
@pytest.mark.req("APO-10")
def test_without_one_of_the_images_nothing_is_captured(missing: str) -> None:
    images = {name: data for name, data in taken().images.items() if name != missing}
    with pytest.raises(DeviceRefused) as found:
        sealed(images=images)
    assert (found.value.rule, found.value.got) == ("captura.imagenes", f"falta {missing}")


def test_what_the_server_would_not_take_is_not_captured() -> None:
    with pytest.raises(DeviceRefused) as found:
        capture(taken(), HOLDER, KEY, NOON, os.urandom, CaptureLimits(body_bytes=10_000))
    assert found.value.rule == "captura.tamano"


def test_a_folio_is_a_uuid_of_version_7_that_begins_with_its_instant() -> None:
    """The example of RFC 9562, appendix A.6."""
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    noise = bytes.fromhex("0cc3") + bytes.fromhex("18c4dc0c0c07398f")
    assert folio_of(moment, noise) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
