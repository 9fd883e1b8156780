"""Copies are suspected, by other screens, printers and strips than the specimens'; originals are not."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from capture.credential.covered import strip
from capture.credential.finding import rectify
from capture.credential.lattice import lattice
from capture.credential.quality import judge
from capture.credential.recapture import SIGNS, Signs, suspected, tint
from capture.imaging.picture import Grey, Pixels
from capture.reading.results import Defect, Side
from tests.capture.credential.copying import corners, halftoned, noisy, on_pixels, pasted, shot, toner
from tests.capture.credential.making import rough_card
from tests.capture.credential.reading import photographs

COPIES = {Defect.SCREEN, Defect.PHOTOCOPY, Defect.OVERLAID}
_STRIP = (480, 214, 640, 48)


@cache
def card(model: str = "E", side: Side = Side.ANVERSO) -> Pixels:
    """Do not write on it."""
    return rough_card(model, side)


def grey(pixels: Pixels) -> Grey:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def found(photograph: Pixels, signs: Signs = SIGNS) -> set[Defect]:
    """What the photograph is suspected of."""
    rectified = rectify(photograph)
    assert rectified is not None
    return set(suspected(photograph, rectified, signs)[0])


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


@pytest.mark.parametrize("model", ["C", "E", "G"])
@pytest.mark.parametrize("side", Side)
def test_an_original_is_suspected_of_nothing(model: str, side: Side) -> None:
    assert found(shot(card(model, side))) == set()


@pytest.mark.parametrize("quality", [15, 30, 60])
def test_the_blocks_of_a_jpeg_are_no_screen(quality: int) -> None:
    assert found(jpeg(shot(card()), quality)) == set()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: noisy(p, 16),
        lambda p: np.asarray(cv2.GaussianBlur(p, (0, 0), 2), np.uint8),
        lambda p: np.asarray(cv2.resize(p, None, fx=0.45, fy=0.45, interpolation=cv2.INTER_AREA), np.uint8),
        lambda p: np.asarray(cv2.convertScaleAbs(p, alpha=0.3), np.uint8),
        lambda p: np.clip(p * np.array([0.6, 0.9, 1.1]), 0, 255).astype(np.uint8),
    ],
    ids=["noise", "blur", "small", "dark", "yellow light"],
)
def test_a_poor_photograph_of_an_original_is_no_copy(spoil: object) -> None:
    assert callable(spoil)
    assert found(spoil(shot(card()))) == set()


@pytest.mark.req("APO-18")
@pytest.mark.parametrize("pitch", [1.45, 2.2, 2.9, 4.6])
@pytest.mark.parametrize("degrees", [0.0, 2.5])
def test_the_pixels_of_a_screen_are_seen_whether_they_beat_or_not(pitch: float, degrees: float) -> None:
    assert found(on_pixels(shot(card()), pitch, degrees)) == {Defect.SCREEN}


def test_the_pixels_of_a_screen_outlive_a_jpeg() -> None:
    assert found(jpeg(on_pixels(shot(card()), 2.6, 1.0), 60)) == {Defect.SCREEN}


@pytest.mark.req("APO-18")
@pytest.mark.parametrize("pitch", [5.0, 7.5])
@pytest.mark.parametrize("model", ["C", "G"])
def test_the_dots_of_a_printer_are_a_photocopy_and_no_screen(pitch: float, model: str) -> None:
    assert found(shot(halftoned(card(model), pitch))) == {Defect.PHOTOCOPY}


@pytest.mark.req("APO-18")
@pytest.mark.parametrize("light", [(1.0, 1.0, 1.0), (0.7, 0.95, 1.05), (1.05, 1.0, 0.8)])
@pytest.mark.parametrize("side", Side)
def test_toner_has_no_colour_under_any_lamp(light: tuple[float, float, float], side: Side) -> None:
    assert found(shot(toner(card("D", side), light))) == {Defect.PHOTOCOPY}


def test_a_dark_photograph_says_nothing_of_colours() -> None:
    dark = np.asarray(cv2.convertScaleAbs(shot(toner(card())), alpha=0.1), np.uint8)
    assert Defect.PHOTOCOPY not in found(dark)


def test_colour_is_measured_without_the_lamp_and_its_strength() -> None:
    plain, _light = tint(card())
    warm, light = tint(np.clip(card() * np.array([0.5, 0.7, 0.8]), 0, 255).astype(np.uint8))
    assert warm == pytest.approx(plain, rel=0.1)
    assert light < 170
    assert tint(toner(card()))[0] < 0.01


@pytest.mark.req("APO-18")
@pytest.mark.parametrize("box", [_STRIP, (480, 214, 300, 40), (60, 640, 1400, 90)])
@pytest.mark.parametrize("paper", [190, 238])
def test_a_strip_over_a_line_is_seen_where_it_is(box: tuple[int, int, int, int], paper: int) -> None:
    share, where = strip(grey(pasted(card(), box, paper)), SIGNS.strip)
    assert share > SIGNS.strip
    assert where is not None
    edges = (where.left * 1586, where.top * 1000, where.width * 1586, where.height * 1000)
    assert edges == pytest.approx(box, abs=14)


def test_a_strip_that_stands_is_seen_too() -> None:
    standing = np.ascontiguousarray(np.rot90(pasted(np.rot90(card()).copy(), (200, 1380, 1100, 130))))
    share, where = strip(grey(standing), SIGNS.strip)
    assert share > SIGNS.strip
    assert where is not None
    assert where.height > where.width


def test_a_photograph_of_a_pasted_card_is_suspected() -> None:
    assert found(shot(pasted(card(), _STRIP))) == {Defect.OVERLAID}


@pytest.mark.parametrize("model", ["C", "D", "E", "G"])
def test_the_frames_and_bars_of_a_card_are_no_strip(model: str) -> None:
    for side in Side:
        assert strip(grey(card(model, side)))[0] < SIGNS.strip


def test_an_even_picture_shows_nothing() -> None:
    flat = np.full((1000, 1586), 200, np.uint8)
    assert strip(flat) == (0.0, None)
    assert lattice(flat, np.asarray(corners(), np.float32)).strength < SIGNS.lattice


def test_a_card_too_small_for_a_spectrum_has_no_lattice() -> None:
    small = np.asarray(cv2.resize(grey(shot(card())), (320, 240)), np.uint8)
    assert lattice(small, np.asarray(corners(), np.float32) / 5).strength == 0


def test_where_a_screen_lies_between_the_figures_tells_it_from_a_print() -> None:
    where = np.asarray(corners(), np.float32)
    screen = lattice(grey(on_pixels(shot(card()), 2.4, 2.0)), where)
    printed = lattice(grey(shot(halftoned(card(), 6))), where)
    assert screen.angles == 1
    assert screen.degrees < SIGNS.upright
    assert printed.angles > 1
    assert screen.strength > SIGNS.lattice < printed.strength


def test_thresholds_are_settings() -> None:
    seen = on_pixels(shot(card()), 2.2)
    assert found(seen, Signs(lattice=99.0)) == set()
    assert found(shot(card()), Signs(colour=9.0)) == {Defect.PHOTOCOPY}


@pytest.mark.req("APO-18")
@pytest.mark.parametrize(
    ("degradation", "defect"),
    [
        ("pantalla", Defect.SCREEN),
        ("fotocopia", Defect.PHOTOCOPY),
        ("fotocopia-recortada", Defect.PHOTOCOPY),
        ("fotocopia-color", Defect.PHOTOCOPY),
        ("sobrepuesta", Defect.OVERLAID),
        ("mesa", None),
        ("plana", None),
    ],
)
def test_the_drawn_ones_are_told_apart(degradation: str, defect: Defect | None) -> None:
    for photograph in photographs("E", degradation):
        verdict = judge(photograph, rectify(photograph))
        assert set(verdict.defects) & COPIES == ({defect} if defect else set())


def test_the_same_photograph_gets_the_same_figures() -> None:
    photograph = shot(card())
    rectified = rectify(photograph)
    assert rectified is not None
    assert suspected(photograph, rectified) == suspected(photograph, rectified)
