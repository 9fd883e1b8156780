"""Text on a card: the fonts that come along, words made to fit their place."""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
"""Red, green, blue."""
REGULAR, BOLD, MACHINE = "Roboto-Regular.ttf", "Roboto-Bold.ttf", "OCRB.otf"
_CAPITALS = 0.95
"""Of the height of a line; accents over capitals fit too."""


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """One of the fonts here, in pixels to the em."""
    data = (resources.files("capture.specimens") / "fonts" / name).read_bytes()
    return ImageFont.truetype(BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


def write(sheet: Image.Image, text: str, place: tuple[int, int, int, int], name: str, colour: Colour) -> None:
    """Write one line into (left, top, width, height) pixels, narrower where it would not fit."""
    left, top, width, height = place
    chosen = font(name, max(8, round(height * _CAPITALS)))
    needed = chosen.getlength(text)
    if needed <= width:
        ImageDraw.Draw(sheet).text((left, top + height / 2), text, fill=colour, font=chosen, anchor="lm")
        return
    strip = Image.new("L", (round(needed) + 2, height))
    ImageDraw.Draw(strip).text((0, height / 2), text, fill=255, font=chosen, anchor="lm")
    sheet.paste(colour, (left, top), strip.resize((width, height), Image.Resampling.BICUBIC))


def write_cells(
    sheet: Image.Image, text: str, place: tuple[int, int, int, int], name: str, colour: Colour
) -> None:
    """Write each character in the middle of its own cell; as many as there are share the width."""
    left, top, width, height = place
    pitch = width / len(text)
    chosen, drawing = font(name, round(pitch / 0.723)), ImageDraw.Draw(sheet)  # OCR-B: 0.723 em each
    for at, character in enumerate(text):
        middle = (left + (at + 0.5) * pitch, top + height / 2)
        drawing.text(middle, character, fill=colour, font=chosen, anchor="mm")
