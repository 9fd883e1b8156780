"""Envelopes and bodies have one spelling; whatever is changed in them is noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from capture.packet.errors import PacketRefusal
from capture.preregistro.errors import PreregistroRefusal
from capture.preregistro.folio import ALPHABET, new_folio, require_folio
from capture.preregistro.form import LABELS, read_data
from capture.preregistro.packet import Captured, Envelope, parse_body, parse_envelope
from keys.errors import Refusal
from tests.capture.preregistro.asking import IMAGES, Telephone, fields_of

NOW = datetime(2027, 4, 8, 18, 0, tzinfo=UTC)
IDENTITY = x25519.Identity.generate()


def telephone() -> Telephone:
    made = Telephone.new(1, "presupuesto-2027")
    made.folio, made.recipient = new_folio(lambda n: bytes(range(n))), str(IDENTITY.to_public())
    return made


def captured(envelope: Envelope) -> Captured:
    return Captured(envelope.consulta, envelope.folio, "E", 1, "prueba", NOW, fields_of(1), IMAGES)


@given(st.data())
def test_a_changed_envelope_is_not_what_the_device_signed(data: st.DataObject) -> None:
    phone = telephone()
    envelope, _ = phone.packet(1, NOW)
    encoded = bytearray(envelope.encode())
    assert parse_envelope(bytes(encoded)) == envelope
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] ^= data.draw(st.integers(1, 127))
    with pytest.raises(Refusal):
        parse_envelope(bytes(encoded)).verify(phone.spki)


def test_another_key_did_not_sign_it() -> None:
    phone, other = telephone(), telephone()
    envelope, body = phone.packet(1, NOW)
    envelope.verify(phone.spki)
    with pytest.raises(PacketRefusal, match=r"paquete\.firma"):
        envelope.verify(other.spki)
    with pytest.raises(PreregistroRefusal, match=r"preregistro\.cuerpo"):
        envelope.require_body(body[:-1])


def test_a_body_is_of_its_folio_with_the_files_that_it_names() -> None:
    envelope, _ = telephone().packet(1, NOW)
    whole = captured(envelope)
    assert parse_body(whole.encode(), envelope) == whole
    other = replace(envelope, folio="0000-0000-0000")
    with pytest.raises(PreregistroRefusal, match=r"preregistro\.cuerpo"):
        parse_body(whole.encode(), other)
    tampered = whole.encode().replace(IMAGES["foto.jpg"], b"ROSTRO")
    with pytest.raises(PreregistroRefusal, match=r"preregistro\.archivo"):
        parse_body(tampered, envelope)


@given(st.binary(max_size=2048))
def test_garbage_is_refused_and_nothing_else_happens(data: bytes) -> None:
    envelope, _ = telephone().packet(1, NOW)
    with pytest.raises(Refusal):
        parse_body(data, envelope)
    with pytest.raises(Refusal):
        parse_envelope(data)


@given(st.binary(min_size=12, max_size=12))
def test_folios_are_dictated_and_understood(random: bytes) -> None:
    folio = new_folio(lambda _: random)
    assert set(folio.replace("-", "")) <= set(ALPHABET)
    said = folio.lower().replace("0", "o").replace("1", "l")
    assert require_folio(said) == folio


@given(st.sampled_from(sorted(LABELS)), st.text(max_size=200))
def test_a_refused_form_repeats_nothing_of_what_was_typed(name: str, text: str) -> None:
    try:
        read = read_data({**fields_of(1), name: f"MARCA{text}"})
    except Refusal as refusal:
        assert "MARCA" not in str(refusal)
    else:
        assert read.decode(read.encode()) == read
