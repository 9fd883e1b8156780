"""registro.json has one spelling, and refuses everything else without quoting what a person wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.packet.record import FIELDS, MODELS, SYMBOLOGIES, CapturedRecord, Code, Location, parse_record
from keys.canonical import encode_sorted
from keys.errors import FormatRefusal
from tests.capture.packet.making import NOON, body, new_folio

LINES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)
RECORDS = st.builds(
    CapturedRecord,
    folio=st.just(new_folio()),
    proceso=st.just("F261101320000011"),
    modalidad=st.sampled_from(("auxiliar", "mi-apoyo", "manual")),
    model=st.sampled_from(MODELS),
    credencial=st.just("ocr"),
    numero=st.from_regex(r"[0-9]{12,13}", fullmatch=True),
    captured=st.just(NOON),
    original=st.booleans(),
    notice=st.integers(0, 1000),
    application=LINES,
    fields=st.dictionaries(st.sampled_from(FIELDS), LINES),
    files=st.dictionaries(
        st.sampled_from(("anverso.jpg", "foto.jpg", "firma.png")), st.binary(min_size=32, max_size=32)
    ),
    codes=st.lists(st.builds(Code, st.sampled_from(SYMBOLOGIES), LINES), max_size=16).map(tuple),
    location=st.none()
    | st.builds(
        Location,
        st.integers(-90_000_000, 90_000_000),
        st.integers(-180_000_000, 180_000_000),
        st.integers(0, 10_000),
    ),
)


@given(RECORDS)
def test_what_is_written_is_read_as_it_was(record: CapturedRecord) -> None:
    data = record.encode()
    found = parse_record(data)
    assert found == record
    assert found.encode() == data


def changed(**members: Any) -> bytes:
    """A good record with other members."""
    return encode_sorted({**json.loads(body(new_folio()).record.encode()), **members})


SECRET = "ABCDEF90010132M100\n"


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({"version": 2}, "registro.version"),
        ({"version": True}, "registro.version"),
        ({"modelo": "Z"}, "registro.campo"),
        ({"modelo": ["E"]}, "registro.campo"),
        ({"modalidad": "otra"}, "registro.campo"),
        ({"credencial": {"cic": SECRET}}, "registro.credencial"),
        ({"credencial": {"cic": "123456789", "ocr": "1234567890123"}}, "registro.credencial"),
        ({"original": 1}, "formato.tipo"),
        ({"aviso": -1}, "formato.tipo"),
        ({"campos": {"clave_elector": SECRET}}, "registro.campo"),
        ({"campos": {"apodo": "X"}}, "formato.campos"),
        ({"campos": {"nombre": ""}}, "registro.campo"),
        ({"campos": {"nombre": "X" * 301}}, "registro.campo"),
        ({"archivos": {"../otro.jpg": "0" * 64}}, "formato.campos"),
        ({"archivos": {"foto.jpg": "0" * 63}}, "formato.hash"),
        ({"codigos": [{"simbologia": "qr", "texto": "x"}] * 17}, "registro.codigos"),
        ({"codigos": [{"simbologia": "otra", "texto": "x"}]}, "registro.campo"),
        ({"ubicacion": [90_000_001, 0, 1]}, "registro.ubicacion"),
        ({"ubicacion": [0, 0]}, "registro.ubicacion"),
        ({"ubicacion": [0, 0, True]}, "registro.ubicacion"),
        ({"capturado": "2026-13-20T18:00:00.120Z"}, "paquete.campo"),
        ({"de_mas": 1}, "formato.campos"),
    ],
)
def test_every_departure_is_refused_by_its_rule(members: dict[str, Any], rule: str) -> None:
    with pytest.raises(FormatRefusal) as found:
        parse_record(changed(**members))
    assert found.value.rule == rule
    if "90010132M100" in str(members):
        assert "90010132M100" not in str(found.value), "what a person wrote is never quoted"


def test_another_spelling_of_the_same_is_refused() -> None:
    data = body(new_folio()).record.encode()
    for other in (
        data + b"\n",
        data.replace(b'":', b'": ', 1),
        b" " + data,
        json.dumps(json.loads(data)).encode(),
    ):
        with pytest.raises(FormatRefusal):
            parse_record(other)


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b'"x"', b"{}", b"\xff", b"{" * 40_000])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(FormatRefusal):
        parse_record(data)
