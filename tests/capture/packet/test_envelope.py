"""The envelope: one spelling, signed by the device, refused with the place of what is wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from capture.limits import MAX_ENVELOPE_BYTES
from capture.packet import device_key
from capture.packet.envelope import parse_envelope
from capture.packet.errors import PacketRefusal
from keys.canonical import encode_sorted
from keys.errors import FormatRefusal

from .making import new_key, packet

RECIPIENT = str(x25519.Identity.generate().to_public())
KEY = new_key()
ENVELOPE, _ = packet(KEY, RECIPIENT)


@pytest.mark.parametrize("algorithm", ["ecdsa-p256", "ed25519"])
def test_what_a_device_signed_is_read_back_and_verifies(algorithm: str) -> None:
    key = new_key(algorithm)
    envelope, _ = packet(key, RECIPIENT)
    spki = device_key.encode_key(key.public_key())
    public = device_key.parse_public_key(spki)
    assert device_key.algorithm_of(public) == algorithm
    found = parse_envelope(envelope.encode())
    assert found == envelope
    found.verify(public)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("folio", "01900000-0000-7000-8000-000000000002"),
        ("proceso", "F1"),
        ("numero", "987654321"),
        ("tamano", 1),
        ("sha256", bytes(32)),
        ("emisor", "A000000002"),
    ],
)
def test_a_changed_field_breaks_the_signature(field: str, value: object) -> None:
    changed = replace(ENVELOPE, **{field: value})  # type: ignore[arg-type]
    with pytest.raises(PacketRefusal) as refused:
        changed.verify(KEY.public_key())
    assert refused.value.rule == "paquete.firma"


def test_another_device_s_signature_is_refused() -> None:
    for other in (new_key(), new_key("ed25519")):
        with pytest.raises(PacketRefusal):
            ENVELOPE.verify(other.public_key())


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"version": 2}, "paquete.version"),
        ({"version": True}, "paquete.version"),
        ({"folio": "0190"}, "paquete.campo"),
        ({"folio": ENVELOPE.folio.upper()}, "paquete.campo"),
        ({"capturado": "2026-11-20T18:00:00.120-06:00"}, "paquete.campo"),
        ({"capturado": "2026-02-30T18:00:00.120Z"}, "paquete.campo"),
        ({"credencial": {"cic": "12345678"}}, "paquete.credencial"),
        ({"credencial": {"cic": "123456789", "ocr": "123456789012"}}, "paquete.credencial"),
        ({"credencial": {"curp": "123456789"}}, "paquete.credencial"),
        ({"tamano": "5"}, "formato.tipo"),
        ({"sha256": "00"}, "formato.hash"),
        ({"firma": "AA=="}, "paquete.campo"),
        ({"otro": 1}, "formato.campos"),
        ({"modalidad": "manual"}, "paquete.campo"),
    ],
)
def test_what_is_malformed_says_which_rule(change: dict[str, object], rule: str) -> None:
    members = {**json.loads(ENVELOPE.encode()), **change}
    with pytest.raises(FormatRefusal) as refused:
        parse_envelope(encode_sorted(members))
    assert refused.value.rule == rule


def test_a_second_spelling_is_refused() -> None:
    for data in (ENVELOPE.encode() + b"\n", ENVELOPE.encode().replace(b":", b": ", 1)):
        with pytest.raises(FormatRefusal):
            parse_envelope(data)


def test_a_long_one_is_refused_before_it_is_read() -> None:
    with pytest.raises(FormatRefusal) as refused:
        parse_envelope(b"[" * (MAX_ENVELOPE_BYTES + 1))
    assert refused.value.rule == "paquete.sobre"


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(FormatRefusal):
        parse_envelope(data)


@given(st.binary(max_size=150))
def test_any_bytes_as_a_key_are_refused(data: bytes) -> None:
    with pytest.raises(FormatRefusal):
        device_key.parse_public_key(data)


def test_a_key_of_another_curve_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    with pytest.raises(FormatRefusal):
        device_key.parse_public_key(device_key.encode_key(other))
