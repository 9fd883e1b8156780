"""Invented people pass the checks of real ones, and others' programs show the invented images."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from capture.device.images import images, jpeg, signature
from capture.device.people import invent
from capture.identity.clave_elector import clave_elector
from capture.identity.credential_numbers import back_code, cic, ocr, section
from capture.identity.curp import curp
from capture.packet.record import FIELDS, IMAGES, MODELS
from keys.randomness import SeededRandomness


@given(st.text(max_size=8))
def test_a_persons_numbers_are_those_of_one_person(seed: str) -> None:
    person = invent(SeededRandomness(seed))
    values = person.values
    assert set(values) <= set(FIELDS)
    assert person.model in MODELS
    clave, key = clave_elector(values["clave_elector"]), curp(values["curp"])
    assert (clave.sexo, clave.yymmdd) == ({"M": "M", "H": "H"}[key.sexo], key.text[4:10])
    assert section(values["seccion"]) == ocr(values["ocr"])[:4]
    assert person.numero == values[person.credencial]
    if person.credencial == "cic":
        back = back_code(person.codes[0].text)
        assert (back.cic, back.ocr) == (cic(values["cic"]), values["ocr"])


def test_people_are_not_all_the_same() -> None:
    randomness = SeededRandomness("personas")
    people = [invent(randomness) for _ in range(500)]
    assert len({p.values["clave_elector"] for p in people}) == 500
    assert {p.credencial for p in people} == {"cic", "ocr"}


def test_images_are_as_large_as_asked_and_another_program_decodes_them(tmp_path: Path) -> None:
    for size in (5_000, 65_000, 131_073, 400_000):
        made = jpeg(size, os.urandom)
        assert len(made) == size
        shown(made, "made.jpg", tmp_path)
    shown(signature(os.urandom), "made.png", tmp_path)


def shown(image: bytes, name: str, folder: Path) -> None:
    """Typst decodes every pixel, or refuses."""
    (folder / name).write_bytes(image)
    (folder / "page.typ").write_text(f'#image("{name}")')
    assert typst.compile(str(folder / "page.typ"), root=str(folder), format="png")


def test_a_records_images_are_those_of_a_packet() -> None:
    made = images(1_000_000, os.urandom)
    assert tuple(made) == IMAGES
    assert 900_000 < sum(map(len, made.values())) < 1_050_000
    with pytest.raises(KeyError):
        made["video.webm"]
