"""A field that was covered with another value: other letters, another tone (002 §6.1 n)."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH, Kind, Layout, Region
from capture.imaging.picture import Pixels
from capture.reading.results import Side
from capture.specimens import lettering

_FRONT_FIELDS = ("clave_elector", "apellido_paterno")
_LETTERS, _DIGITS = "ABCDEFGHLMNPRSTV", "0123456789"


def overlaid(card: Pixels, plan: Layout, numbers: np.random.Generator) -> Pixels:
    """The card with a strip over one field: name or clave on a front, first MRZ line or OCR on a back."""
    region = _chosen(plan, numbers)
    left, top, width, height = _strip(region)
    tone = int(numbers.integers(212, 240))
    made = card.copy()
    cv2.rectangle(made, (left, top), (left + width, top + height), (tone, tone, tone), -1)
    cv2.rectangle(made, (left, top), (left + width, top + height), (tone - 45, tone - 45, tone - 45), 1)
    sheet = Image.fromarray(made[..., ::-1])
    text = _text(region, numbers)
    name = lettering.MACHINE if region.kind is Kind.TEXT else lettering.BOLD
    writer = lettering.write_cells if region.kind is Kind.MRZ or region.turned else lettering.write
    place = (left + 6, top + 2, width - 12, height - 4)
    if region.turned:
        strip = sheet.crop((left, top, left + width, top + height)).transpose(Image.Transpose.ROTATE_270)
        writer(strip, text, (0, 6, strip.width, strip.height - 12), lettering.BOLD, (30, 30, 70))
        sheet.paste(strip.transpose(Image.Transpose.ROTATE_90), (left, top))
    else:
        writer(sheet, text, place, name, (25, 25, 60))
    return np.ascontiguousarray(np.asarray(sheet)[..., ::-1])


def _chosen(plan: Layout, numbers: np.random.Generator) -> Region:
    if plan.side is Side.ANVERSO:
        found = plan.find(Kind.TEXT, _FRONT_FIELDS[int(numbers.integers(len(_FRONT_FIELDS)))])
    else:
        found = plan.find(Kind.MRZ) or plan.find(Kind.TEXT, "ocr")
    if found is None:
        raise ValueError(f"nothing to cover on {plan.model} {plan.side}")
    return found


def _strip(region: Region) -> tuple[int, int, int, int]:
    """Pixels of the first line, a little larger."""
    box = region.box
    height = box.height / region.lines
    left, top = round(box.left * CARD_WIDTH) - 8, round(box.top * CARD_HEIGHT) - 4
    return left, top, round(box.width * CARD_WIDTH) + 8, round(height * CARD_HEIGHT) + 6


def _text(region: Region, numbers: np.random.Generator) -> str:
    def some(options: str, count: int) -> str:
        return "".join(options[int(numbers.integers(len(options)))] for _ in range(count))

    if region.kind is Kind.MRZ:
        return f"IDMEX{some(_DIGITS, 10)}<<{some(_DIGITS, 13)}"
    if region.name == "clave_elector":
        born = f"{some('567', 1)}{some(_DIGITS, 1)}0{some('123456789', 1)}1{some(_DIGITS, 1)}"
        return f"{some(_LETTERS, 6)}{born}09H{some(_DIGITS, 3)}"
    return some(_DIGITS, 13) if region.name == "ocr" else "PALMERO"
