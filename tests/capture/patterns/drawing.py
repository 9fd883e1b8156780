"""Cards, faces and signatures drawn for these tests: one template for everybody, different people."""

from __future__ import annotations

import cv2
import numpy as np

from capture.imaging.picture import Pixels

WIDTH, HEIGHT = 1586, 1000
PORTRAIT = (60, 290, 380, 480)
"""Left, top, width, height in pixels of the drawn card."""
FINGERPRINT = (1150, 380, 300, 340)


def _draw(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def template(seed: int = 0) -> Pixels:
    """What all cards of a model have in common."""
    draw = _draw(seed)
    waves = cv2.resize(
        draw.integers(150, 255, (12, 18, 3), np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    cv2.rectangle(waves, (0, 0), (WIDTH, 150), (90, 60, 120), -1)
    write(waves, "CREDENCIAL PARA VOTAR", 420, 100, 2.2)
    for line, label in enumerate(("NOMBRE", "DOMICILIO", "CLAVE DE ELECTOR", "CURP", "VIGENCIA")):
        write(waves, label, 500, 220 + 150 * line, 0.9)
    return waves


def write(card: Pixels, text: str, left: int, base: int, size: float) -> None:
    """Text on the card."""
    cv2.putText(card, text, (left, base), cv2.FONT_HERSHEY_SIMPLEX, size, (40, 40, 40), 2, cv2.LINE_AA)


def face(seed: int, width: int = 380, height: int = 480) -> Pixels:
    """A drawn person: features, proportions, hair, light and clothes differ."""
    draw = _draw(1000 + seed)
    made = np.full((height, width, 3), int(draw.integers(190, 240)), np.uint8)
    skin = np.array([120, 160, 205]) * draw.uniform(0.55, 1.15)
    hair = draw.integers(10, 110, 3)
    middle = (int(width * draw.uniform(0.45, 0.55)), int(height * draw.uniform(0.42, 0.5)))
    axes = (int(width * draw.uniform(0.23, 0.32)), int(height * draw.uniform(0.26, 0.34)))
    shoulders = (int(width * draw.uniform(0.35, 0.55)), int(height * draw.uniform(0.15, 0.25)))
    cv2.ellipse(made, (middle[0], height), shoulders, 0, 0, 360, draw.integers(0, 255, 3).tolist(), -1)
    if draw.random() < 0.5:
        long = (int(axes[0] * 1.35), int(axes[1] * draw.uniform(1.2, 1.6)))
        cv2.ellipse(made, (middle[0], middle[1] + 30), long, 0, 0, 360, hair.tolist(), -1)
    cv2.ellipse(made, middle, axes, 0, 0, 360, skin.tolist(), -1)
    top = (int(axes[0] * 1.08), int(axes[1] * draw.uniform(0.35, 0.8)))
    cv2.ellipse(made, (middle[0], middle[1] - int(axes[1] * 0.5)), top, 0, 180, 360, hair.tolist(), -1)
    eyes, apart = middle[1] - int(axes[1] * draw.uniform(0.05, 0.2)), int(axes[0] * draw.uniform(0.35, 0.5))
    for side in (-1, 1):
        at = (middle[0] + side * apart, eyes)
        cv2.ellipse(made, at, (int(axes[0] * 0.2), int(axes[1] * 0.07)), 0, 0, 360, (250, 250, 250), -1)
        cv2.circle(made, at, int(axes[1] * 0.06), draw.integers(0, 90, 3).tolist(), -1)
        cv2.line(
            made, (at[0] - 25, at[1] - 25), (at[0] + 25, at[1] - 27), hair.tolist(), int(draw.integers(3, 9))
        )
    cv2.line(made, middle, (middle[0] + int(draw.integers(-8, 8)), middle[1] + 40), (skin * 0.7).tolist(), 4)
    mouth = (middle[0], middle[1] + int(axes[1] * draw.uniform(0.45, 0.6)))
    cv2.ellipse(
        made,
        mouth,
        (int(axes[0] * draw.uniform(0.25, 0.45)), int(draw.integers(4, 14))),
        0,
        0,
        360,
        (70, 60, 150),
        -1,
    )
    if draw.random() < 0.3:
        cv2.ellipse(made, (mouth[0], mouth[1] + 25), (int(axes[0] * 0.6), 35), 0, 0, 180, hair.tolist(), -1)
    return cv2.GaussianBlur(made, (0, 0), 1.5)


def fingerprint(seed: int, width: int = 300, height: int = 340) -> Pixels:
    """Ridges around a core."""
    draw = _draw(2000 + seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    core = np.array([width * draw.uniform(0.35, 0.65), height * draw.uniform(0.35, 0.65)])
    warp = cv2.resize(
        draw.uniform(-1, 1, (6, 6)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    around = np.hypot((x - core[0]) * draw.uniform(0.8, 1.3), y - core[1]) + 12 * warp
    ridges = 150 + 90 * np.sin(around * 2 * np.pi / draw.uniform(10, 13) + draw.uniform(0, 6))
    shape = np.hypot(
        (x - width / 2) / (width * draw.uniform(0.4, 0.5)),
        (y - height / 2) / (height * draw.uniform(0.4, 0.5)),
    )
    made = np.where(shape < 1 + 0.15 * warp, ridges, 235).clip(0, 255).astype(np.uint8)
    return cv2.cvtColor(made, cv2.COLOR_GRAY2BGR)


def front(person: int, text: int | None = None) -> Pixels:
    """A rectified front; `text`: whose data are printed, when another's."""
    card, left, top = template(), PORTRAIT[0], PORTRAIT[1]
    card[top : top + PORTRAIT[3], left : left + PORTRAIT[2]] = face(person)
    draw = _draw(3000 + (person if text is None else text))
    for line in range(5):
        words = "".join(chr(int(letter)) for letter in draw.integers(65, 91, int(draw.integers(8, 24))))
        write(card, words, 500, 270 + 150 * line, 1.3)
    return card


def back(person: int) -> Pixels:
    """A rectified back with its fingerprint."""
    card, (left, top, width, height) = template(1), FINGERPRINT
    card[top : top + height, left : left + width] = fingerprint(person)
    draw = _draw(4000 + person)
    digits = "".join(str(int(one)) for one in draw.integers(0, 10, 26))
    for line in range(3):
        write(card, f"IDMEX{digits[line * 3 :]}", 80, 800 + 60 * line, 1.6)
    return card


def signature(seed: int) -> Pixels:
    """Strokes on white, 800 × 400."""
    draw, made = _draw(5000 + seed), np.full((400, 800, 3), 255, np.uint8)
    for _ in range(int(draw.integers(1, 4))):
        steps = draw.normal(0, 1, (int(draw.integers(6, 14)), 2)).cumsum(axis=0)
        fine = cv2.resize(steps.astype(np.float32), (2, 200), interpolation=cv2.INTER_CUBIC)
        low, high = fine.min(axis=0), fine.max(axis=0)
        points = (fine - low) / np.maximum(high - low, 1e-6) * [620, 260] + [90, 70]
        cv2.polylines(made, [points.astype(np.int32)], False, (30, 20, 20), 4, cv2.LINE_AA)
    return made


def photographed(card: Pixels, seed: int) -> tuple[Pixels, Pixels]:
    """As a phone takes it, and rectified again by corners that are up to 4 pixels off."""
    draw = _draw(6000 + seed)
    desk = cv2.resize(
        draw.integers(40, 200, (9, 12, 3), np.uint8), (2000, 1400), interpolation=cv2.INTER_CUBIC
    )
    here = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    there = (here + np.float32(200) + draw.uniform(-60, 60, (4, 2))).astype(np.float32)
    turn = cv2.getPerspectiveTransform(here, there)
    cv2.warpPerspective(card, turn, (2000, 1400), desk, borderMode=cv2.BORDER_TRANSPARENT)
    light = cv2.resize(draw.uniform(0.6, 1.1, (2, 2)).astype(np.float32), (2000, 1400))[..., None]
    taken = jpeg((desk * light + draw.normal(0, 6, desk.shape)).clip(0, 255).astype(np.uint8), 85)
    found = (there + draw.uniform(-4, 4, (4, 2))).astype(np.float32)
    return taken, cv2.warpPerspective(taken, cv2.getPerspectiveTransform(found, here), (WIDTH, HEIGHT))


def jpeg(image: Pixels, quality: int) -> Pixels:
    """Encoded and decoded."""
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return cv2.imdecode(data, cv2.IMREAD_COLOR)  # type: ignore[return-value]


def cut(image: Pixels, zone: tuple[int, int, int, int]) -> Pixels:
    """A rectangle of it."""
    left, top, width, height = zone
    return image[top : top + height, left : left + width]


def inset(image: Pixels, share: float) -> Pixels:
    """Without a share of it at each border."""
    height, width = image.shape[:2]
    down, right = int(height * share), int(width * share)
    return image[down : height - down, right : width - right]


def altered(image: Pixels) -> dict[str, Pixels]:
    """The same image as somebody sends it again."""
    noise = _draw(7).normal(0, 12, image.shape)
    return {
        "quality 25": jpeg(image, 25),
        "half size": cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
        "double size": cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC),
        "cropped 1 %": inset(image, 0.01),
        "cropped 3 %": inset(image, 0.03),
        "darker": cv2.convertScaleAbs(image, alpha=0.6, beta=0),
        "lighter": cv2.convertScaleAbs(image, alpha=1.15, beta=25),
        "noise": (image + noise).clip(0, 255).astype(np.uint8),
        "blur": cv2.GaussianBlur(image, (0, 0), 4),
        "grey": cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR),
    }
