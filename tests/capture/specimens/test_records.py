"""Drawn records are what a device sends: packets take them, decoders show them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from pyrage import decrypt

from capture.packet.body import parse_body
from capture.packet.record import IMAGES
from capture.reading.results import Side
from capture.specimens.flaws import Flaw
from capture.specimens.records import CAREFUL, Asked, credentials, draw_record
from capture.specimens.truth import truth_of
from keys.randomness import SeededRandomness
from tests.capture.device.making import IDENTITY, sealed


def test_a_record_has_the_images_of_a_packet_and_follows_from_its_seed() -> None:
    one, again, other = (draw_record(SeededRandomness(seed)) for seed in ("a", "a", "b"))
    assert tuple(one.images) == IMAGES
    assert one.images == again.images
    assert not set(one.images.values()) & set(other.images.values())
    for data in one.images.values():
        assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is not None
    assert {taken.degradation.name for taken in one.sides.values()} <= set(CAREFUL)


@pytest.mark.req("APO-15")
def test_a_simulated_device_seals_what_is_shown_and_a_server_opens_it() -> None:
    for seed in ("aparato", "otro", "uno más"):
        shown = credentials()(SeededRandomness(seed))
        given = {name: getattr(shown, name) for name in type(shown).__slots__}
        made = sealed(**given)
        assert made.envelope.numero == shown.fields[shown.credencial]
        body = parse_body(decrypt(made.body, [IDENTITY]))
        assert body.files == shown.images
        assert body.record.codes == shown.codes


def test_a_back_of_somebody_else() -> None:
    made = draw_record(SeededRandomness("ajeno"), Asked("E", "plana", "plana", flaw=Flaw.BACK))
    read = {code.text for code in zxingcpp.read_barcodes(made.specimen.back)}
    assert not read & set(made.specimen.codes.values())


def test_a_stranger_gives_only_another_live_photograph() -> None:
    same, other = (draw_record(SeededRandomness("x"), Asked("G", stranger=s)) for s in (False, True))
    assert {name for name in IMAGES if same.images[name] != other.images[name]} >= {"foto.jpg"}
    assert same.images["anverso.jpg"] == other.images["anverso.jpg"]


@pytest.mark.parametrize("flaw", [None, Flaw.SECTION])
def test_the_truth_names_what_was_done(flaw: Flaw | None) -> None:
    made = draw_record(SeededRandomness("v"), Asked("C", "pantalla", "cortada", flaw=flaw))
    told = truth_of(made, {name: name for name in IMAGES})
    assert told["valores"] == made.specimen.values
    assert "curp" not in told["impreso"]
    assert told["falla"] == (flaw.value if flaw else None)
    front, back = (told["lados"][side.value] for side in Side)
    assert (front["degradacion"], front["debe_pasar"], front["defecto"]) == ("pantalla", False, "pantalla")
    assert (back["degradacion"], back["defecto"]) == ("cortada", "cortada")
    assert len(front["esquinas"]) == 4
