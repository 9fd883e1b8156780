"""The body: only the process's key opens it, one spelling, every file held to its hash (APO-11)."""

from __future__ import annotations

import subprocess
import tarfile
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from shutil import which

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from capture.packet.body import Body, decode_tar, encode_tar, parse_body, seal
from capture.packet.errors import PacketRefusal
from capture.packet.record import STROKES, CapturedRecord, parse_record
from keys.errors import FormatRefusal, Refusal

from .making import NAMES, body, new_folio

IDENTITY = x25519.Identity.generate()
RECIPIENT = str(IDENTITY.to_public())
BODY = body(new_folio())


@pytest.mark.req("APO-11")
def test_only_the_process_s_key_opens_it() -> None:
    sealed = seal(BODY.encode(), RECIPIENT)
    assert parse_body(pyrage.decrypt(sealed, [IDENTITY])) == BODY
    assert all(content not in sealed for content in BODY.files.values())
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [x25519.Identity.generate()])


def test_debian_s_age_and_tar_open_it(tmp_path: Path) -> None:
    if not which("age") or not which("tar"):
        pytest.skip("AVISO: faltan age o tar: el cuerpo de un paquete NO se abrió con programas ajenos")
    (tmp_path / "identidad").write_text(f"{IDENTITY}\n")
    (tmp_path / "cuerpo.age").write_bytes(seal(BODY.encode(), RECIPIENT))
    opened = subprocess.run(
        ["age", "-d", "-i", "identidad", "cuerpo.age"], cwd=tmp_path, check=True, capture_output=True
    )
    subprocess.run(["tar", "xf", "-"], cwd=tmp_path, check=True, input=opened.stdout)
    assert {name: (tmp_path / name).read_bytes() for name in NAMES} == BODY.files
    assert parse_record((tmp_path / "registro.json").read_bytes()) == BODY.record


def test_the_tar_has_one_spelling() -> None:
    data = BODY.encode()
    assert encode_tar(decode_tar(data)) == data
    assert len(data) % 512 == 0
    for changed in (data + bytes(512), data[:-512], data.replace(b"ustar", b"ustaR", 1)):
        with pytest.raises(FormatRefusal):
            decode_tar(changed)


def test_names_that_leave_the_folder_links_and_repeated_files_are_refused() -> None:
    link = tarfile.TarInfo("foto.jpg")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    outside, twice = tarfile.TarInfo("../registro.json"), tarfile.TarInfo("foto.jpg")
    for entries in ([link], [outside], [twice, twice]):
        out = BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for entry in entries:
                tar.addfile(entry, BytesIO())
        with pytest.raises(FormatRefusal):
            decode_tar(out.getvalue())


def test_a_changed_missing_or_added_file_is_refused() -> None:
    record, files = BODY.record.encode(), dict(BODY.files)
    changed = {**files, "foto.jpg": b"otra"}
    missing = {name: data for name, data in files.items() if name != "firma.png"}
    added = {**files, "video.webm": b"video"}
    for case in (changed, missing, added):
        with pytest.raises(PacketRefusal) as refused:
            parse_body(encode_tar({"registro.json": record, **case}))
        assert refused.value.rule == "cuerpo.archivo"


@given(st.binary(max_size=3000))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        parse_body(data)


AFTER_RECORD = 512 + -(-len(BODY.record.encode()) // 512) * 512


@given(st.integers(AFTER_RECORD, len(BODY.encode()) - 1), st.integers(1, 255))
def test_no_flipped_byte_of_an_image_or_of_the_tar_is_taken(at: int, change: int) -> None:
    data = bytearray(BODY.encode())
    data[at] ^= change
    with pytest.raises(Refusal):
        parse_body(bytes(data))


def test_what_a_person_wrote_is_not_in_a_refusal() -> None:
    text = BODY.record.encode().replace("ANA MARÍA".encode(), b"ANA\\u0007")
    with pytest.raises(FormatRefusal) as refused:
        parse_record(text)
    assert "ANA" not in str(refused.value)


def test_a_recipient_that_is_none_is_refused() -> None:
    with pytest.raises(FormatRefusal):
        seal(b"", "age1nadie")


def test_a_record_without_location_or_codes_is_read_back() -> None:
    made: Body = body(new_folio(), codes=(), location=None, modalidad="manual")
    assert isinstance(made.record, CapturedRecord)
    assert parse_body(made.encode()) == made


def test_strokes_are_last_covered_by_their_hash_and_a_body_without_them_is_as_it_was() -> None:
    line = b'{"trazos":[[[0,0,0,500]]],"version":1}'
    files = {**BODY.files, STROKES: line}
    record = replace(BODY.record, files={name: sha256(data).digest() for name, data in files.items()})
    data = Body(record, files).encode()
    assert parse_body(data).files[STROKES] == line
    assert list(decode_tar(data)) == [*decode_tar(BODY.encode()), STROKES]
    images = BODY.encode()[AFTER_RECORD:-1024]
    assert images in data
    with pytest.raises(PacketRefusal) as refused:
        parse_body(encode_tar({"registro.json": record.encode(), **files, STROKES: line + b" "}))
    assert refused.value.rule == "cuerpo.archivo"
    with pytest.raises(PacketRefusal):
        parse_body(encode_tar({"registro.json": BODY.record.encode(), **files}))
