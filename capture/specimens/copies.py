"""Things that are not the card itself: its picture on a screen, and its photocopy on paper."""

from __future__ import annotations

import cv2
import numpy as np

from capture.imaging.picture import Pixels
from capture.specimens import optics
from capture.specimens.noise import Plane, clouds
from capture.specimens.scene import PHOTO, Matrix, Photograph, casual, lay, lit, matrix, table

_BEZEL = 46
"""Pixels of the frame around the screen's picture."""


def on_screen(card: Pixels, numbers: np.random.Generator) -> Photograph:
    """The card's picture on a lit screen, photographed: grid and moiré, bluish, mirrored lamps, a bezel."""
    shown, inside = _screen(card, numbers)
    size = (shown.shape[1], shown.shape[0])
    pose = casual(numbers, turn=2.5, tilt=6)
    where = matrix(size, pose)
    # Wide enough that the card itself is as large as in other photographs.
    grown = np.array([[1.18, 0, -0.09 * PHOTO[0]], [0, 1.18, -0.09 * PHOTO[1]], [0, 0, 1]])
    where = grown @ where
    dark = optics.dimmed(table(numbers), numbers, float(numbers.uniform(0.25, 0.6)))
    pixels = lay(shown, dark, where, corners=30)
    pixels = _through_pixels(pixels, where, size, numbers)
    for _ in range(int(numbers.integers(1, 3))):
        x, y = numbers.uniform(0.15, 0.85, 2) * PHOTO
        pixels = optics.glared(
            pixels, x, y, float(numbers.uniform(120, 340)), float(numbers.uniform(0.06, 0.16))
        )
    return Photograph(optics.noisy(pixels, numbers, 2.5), where @ inside, (card.shape[1], card.shape[0]))


def _screen(card: Pixels, numbers: np.random.Generator) -> tuple[Pixels, Matrix]:
    """What is seen of the screen, and where the card is in it: black around, or with the table it lay on."""
    height, width = card.shape[:2]
    across, down = round(width * 1.14), round(height * 1.24)
    if numbers.random() < 0.5:
        field = cv2.resize(table(numbers), (across, down), interpolation=cv2.INTER_AREA)
    else:
        field = np.full((down, across, 3), int(numbers.integers(6, 40)), dtype=np.uint8)
    offset = np.array([[1.0, 0, (across - width) / 2], [0, 1.0, (down - height) / 2], [0, 0, 1]])
    field = lay(card, np.asarray(field, dtype=np.uint8), offset)
    # Emitted light: colder, blacks are not black, whites burn a little.
    emitted = field.astype(np.float32) * np.array([1.06, 1.0, 0.93], dtype=np.float32) * 1.03 + 9
    framed = cv2.copyMakeBorder(
        np.clip(emitted, 0, 255).astype(np.uint8), *(_BEZEL,) * 4, cv2.BORDER_CONSTANT, value=(14, 13, 12)
    )
    step = np.array([[1.0, 0, _BEZEL], [0, 1.0, _BEZEL], [0, 0, 1]])
    return np.asarray(framed, dtype=np.uint8), step @ offset


def _through_pixels(
    pixels: Pixels, where: Matrix, size: tuple[int, int], numbers: np.random.Generator
) -> Pixels:
    """The grid of red, green and blue stripes of the screen, as the camera's pixels gather it.

    A stripe of f periods a camera pixel keeps sinc(f) of its contrast (the pixel's own width), and aliases:
    that is the moiré.
    """
    u, v = _on_screen(where, (pixels.shape[1], pixels.shape[0]))
    scale = float(np.hypot(*where[:2, 0]))
    pitch = float(numbers.uniform(1.25, 3.2)) / scale  # of one screen pixel, in pixels of its picture
    contrast = float(numbers.uniform(0.45, 0.8) * np.sinc(1 / (pitch * scale)))
    light = np.empty((*u.shape, 3), dtype=np.float32)
    rows = 1 + 0.45 * contrast * np.cos(v * np.float32(2 * np.pi / pitch))
    for channel, offset in enumerate((2 / 3, 1 / 3, 0.0)):
        phase = (u / np.float32(pitch) - np.float32(offset)) * np.float32(2 * np.pi)
        light[..., channel] = (1 + contrast * np.cos(phase)) * rows
    inside = (u > 0) & (u < size[0]) & (v > 0) & (v < size[1])
    light[~inside] = 1
    beat = 1 + np.float32(0.025) * np.sin(
        np.linspace(0, numbers.uniform(8, 30), u.shape[0], dtype=np.float32)
    )
    return np.asarray(cv2.multiply(pixels, light * beat[:, None, None], dtype=cv2.CV_8U), dtype=np.uint8)


def _on_screen(where: Matrix, photo: tuple[int, int]) -> tuple[Plane, Plane]:
    """For each pixel of the photograph, where it looks at on the thing."""
    back = np.linalg.inv(where)
    x = np.arange(photo[0], dtype=np.float64)[None, :]
    y = np.arange(photo[1], dtype=np.float64)[:, None]
    below = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    u = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / below
    v = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / below
    return u.astype(np.float32), v.astype(np.float32)


def photocopied(
    card: Pixels, numbers: np.random.Generator, *, colour: bool, cut_out: bool = False
) -> Photograph:
    """A copy on paper, photographed: the whole sheet, or `cut_out` to the size of the card."""
    printed = _colour_copy(card, numbers) if colour else _grey_copy(card, numbers)
    height, width = card.shape[:2]
    margins = (
        (0, 0)
        if cut_out
        else (round(width * numbers.uniform(0.1, 0.2)), round(height * numbers.uniform(0.14, 0.3)))
    )
    sheet = cv2.copyMakeBorder(
        printed, margins[1], margins[1], margins[0], margins[0], cv2.BORDER_CONSTANT, value=(242, 243, 243)
    )
    paper = _speckled(np.asarray(sheet, dtype=np.uint8), numbers)
    inside = np.array([[1.0, 0, margins[0]], [0, 1.0, margins[1]], [0, 0, 1]])
    where = matrix((paper.shape[1], paper.shape[0]), casual(numbers))
    grown = 1 + 0.8 * margins[0] / width
    where = (
        np.array([[grown, 0, (1 - grown) * PHOTO[0] / 2], [0, grown, (1 - grown) * PHOTO[1] / 2], [0, 0, 1]])
        @ where
    )
    pixels = lit(lay(paper, table(numbers), where, corners=0), numbers)
    return Photograph(
        optics.noisy(optics.blurred(pixels, 0.6), numbers, 2.5), where @ inside, (width, height)
    )


def _grey_copy(card: Pixels, numbers: np.random.Generator) -> Pixels:
    """Toner: grey, hard, blotched where it should be even, with streaks of the drum."""
    grey = cv2.cvtColor(card, cv2.COLOR_BGR2GRAY).astype(np.float32)
    hard = 255 / (
        1
        + np.exp(-(cv2.GaussianBlur(grey, (0, 0), 0.9) - numbers.uniform(110, 150)) / numbers.uniform(24, 48))
    )
    height, width = grey.shape
    hard += 12 * clouds(numbers, width, height, 300) + 5 * clouds(numbers, width, height, 9)
    streaks = np.where(numbers.random(width) < 0.004, -26, 0).astype(np.float32)
    return np.asarray(
        cv2.cvtColor(np.clip(hard + streaks, 22, 246).astype(np.uint8), cv2.COLOR_GRAY2BGR), dtype=np.uint8
    )


def _colour_copy(card: Pixels, numbers: np.random.Generator) -> Pixels:
    """Four inks in a screen of dots, colours a little off and duller."""
    hsv = cv2.cvtColor(cv2.GaussianBlur(card, (0, 0), 0.8), cv2.COLOR_BGR2HSV).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + numbers.uniform(-6, 6)) % 180
    hsv[..., 1] *= numbers.uniform(0.7, 1.1)
    duller = cv2.cvtColor(np.clip(hsv, 0, 255).astype(np.uint8), cv2.COLOR_HSV2BGR).astype(np.float32)
    height, width = duller.shape[:2]
    pitch, strength = numbers.uniform(4.5, 6.5), numbers.uniform(26, 44)
    x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    for channel, degrees in enumerate((0, 75, 15)):  # yellow, magenta, cyan: their usual angles
        cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        turn = np.float32(2 * np.pi / pitch)
        dots = np.cos((x * cos + y * sin) * turn) * np.cos((y * cos - x * sin) * turn)
        tone = duller[..., channel] / 255
        duller[..., channel] += strength * dots * 4 * tone * (1 - tone) + 6 * (dots - 1) * tone
    return np.asarray(np.clip(duller * 0.93 + 8, 16, 244), dtype=np.uint8)


def _speckled(sheet: Pixels, numbers: np.random.Generator) -> Pixels:
    """Dust of toner all over the paper."""
    height, width = sheet.shape[:2]
    for _ in range(int(numbers.integers(60, 200))):
        place = (int(numbers.integers(width)), int(numbers.integers(height)))
        cv2.circle(sheet, place, int(numbers.integers(1, 3)), (70, 70, 70), -1, cv2.LINE_AA)
    return sheet
