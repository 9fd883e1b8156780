"""Text for the printed acta: what a font can show, numbers, hashes and instants as people read them."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

CENTRE = ZoneInfo("America/Mexico_City")
LONG_WORD = 24
"""Characters after which a word may be broken anywhere, so that it cannot leave its column."""
# fmt: off
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)
# fmt: on
SHOWN = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x24F),
    (0x391, 0x3A1),
    (0x3A3, 0x3CE),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x2040),
    (0x20A0, 0x20BF),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2150, 0x2151),
    (0x2153, 0x215E),
    (0x2190, 0x2199),
    (0x2200, 0x22FF),
)
"""Latin, Greek and signs, by code point. The embedded fonts have them all; none is invisible."""
_HIDDEN = re.compile(f"[^{''.join(f'{chr(first)}-{chr(last)}' for first, last in SHOWN)}]")
_LONG = re.compile(f"[^ ]{{{LONG_WORD + 1},}}")
_BREAK = "\u200b"


def printable(text: str) -> str:
    """`text` in form NFC, what cannot be shown as its code point («[U+202E]»), long words breakable."""
    composed = unicodedata.normalize("NFC", text)
    visible = _HIDDEN.sub(lambda found: f"[U+{ord(found.group()):04X}]", composed)
    return _LONG.sub(lambda word: _BREAK.join(word.group()), visible)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, the cut marked."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def figures(number: int) -> str:
    """«1,234»."""
    return f"{number:,}"


def grouped(digest: str, size: int = 8) -> list[str]:
    """A hash in groups of `size` characters."""
    return [digest[i : i + size] for i in range(0, len(digest), size)]


def central_time(moment: datetime) -> str:
    """«29 de abril de 2022 a las 10:00:00 horas (hora del centro, UTC−05:00)»."""
    local = moment.astimezone(CENTRE)
    offset = local.isoformat(timespec="seconds")[-6:].replace("-", "−")
    date = f"{local.day} de {_MONTHS[local.month - 1]} de {local.year}"
    return f"{date} a las {local:%H:%M:%S} horas (hora del centro, UTC{offset})"
