"""What a lens, a sensor, a lamp and a codec do to a picture."""

from __future__ import annotations

import cv2
import numpy as np

from capture.imaging.picture import Pixels


def blurred(pixels: Pixels, sigma: float) -> Pixels:
    """Out of focus; pixels of standard deviation."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), dtype=np.uint8)


def shaken(pixels: Pixels, length: int, degrees: float) -> Pixels:
    """The phone moved by `length` pixels in that direction."""
    kernel = np.zeros((length, length), dtype=np.float32)
    middle, reach = (length - 1) / 2, (length - 1) / 2
    away = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))]) * reach
    start, end = (middle - away).round().astype(int), (middle + away).round().astype(int)
    cv2.line(kernel, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), 1.0)
    return np.asarray(cv2.filter2D(pixels, -1, kernel / kernel.sum()), dtype=np.uint8)


def compressed(pixels: Pixels, quality: int) -> Pixels:
    """Through a JPEG of that quality."""
    _done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)


def noisy(pixels: Pixels, numbers: np.random.Generator, strength: float) -> Pixels:
    """The noise of a sensor, tones of standard deviation; each channel its own."""
    raw = np.frombuffer(numbers.bytes(pixels.size), dtype=np.uint8).reshape(pixels.shape)
    uniform = 1 / (256 / 12**0.5)  # a byte's standard deviation is 256 / √12
    made = cv2.addWeighted(pixels, 1, raw, strength * uniform, -127.5 * strength * uniform, dtype=cv2.CV_16S)
    return np.asarray(cv2.convertScaleAbs(np.maximum(made, 0)), dtype=np.uint8)


def dimmed(pixels: Pixels, numbers: np.random.Generator, share: float) -> Pixels:
    """So much of the light; what is left is noisier."""
    return noisy(np.asarray(cv2.convertScaleAbs(pixels, alpha=share), dtype=np.uint8), numbers, 1.6)


def glared(pixels: Pixels, x: float, y: float, radius: float, strength: float = 1.0) -> Pixels:
    """A lamp mirrored at a point: white in its middle, fading out at about twice `radius` pixels."""
    height, width = pixels.shape[:2]
    reach = round(2.2 * radius)
    left, top = max(0, round(x) - reach), max(0, round(y) - reach)
    right, bottom = min(width, round(x) + reach), min(height, round(y) + reach)
    if left >= right or top >= bottom:
        return pixels
    across = (np.arange(left, right, dtype=np.float32) - x) / radius
    down = (np.arange(top, bottom, dtype=np.float32)[:, None] - y) / (0.7 * radius)
    glow = np.clip(1.6 * strength * np.exp(-(across**2 + down**2)), 0, 1)[..., None]
    made = pixels.copy()
    region = made[top:bottom, left:right]
    region[:] = (region + (255 - region.astype(np.float32)) * glow).astype(np.uint8)
    return made


def shadowed(pixels: Pixels, numbers: np.random.Generator, share: float) -> Pixels:
    """The shadow of who holds the phone falls over a part, down to `share` of the light."""
    height, width = pixels.shape[:2]
    start, lean = numbers.uniform(0.3, 0.7) * width, numbers.uniform(-0.35, 0.35) * width
    mask = np.zeros((height // 4, width // 4), dtype=np.float32)
    far = 0 if numbers.random() < 0.5 else width
    edge = np.array([[far, 0], [start, 0], [start + lean, height], [far, height]]) / 4
    cv2.fillPoly(mask, [edge.astype(np.int32)], 1.0)
    soft = cv2.resize(cv2.GaussianBlur(mask, (0, 0), 4), (width, height), interpolation=cv2.INTER_LINEAR)
    light = cv2.cvtColor(1 - soft * np.float32(1 - share), cv2.COLOR_GRAY2BGR)
    return np.asarray(cv2.multiply(pixels, light, dtype=cv2.CV_8U), dtype=np.uint8)
