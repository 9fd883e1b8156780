"""The sections of the page about capture: what each measures, and what is said before its table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tools.bench import (
    patterns,
    reading_accuracy,
    reading_faces,
    reading_images,
    reading_signatures,
    reading_text,
    reading_throughput,
)
from tools.bench.sizes import Sizes
from tools.bench.tables import table

TITLES = {
    "credenciales": "Credentials read",
    "imagenes": "Copies, quality and codes of photographs",
    "texto": "Printed text: engines side by side",
    "rostros": "Faces: engines side by side",
    "firmas": "Signatures",
    "patrones": "Irregular patterns",
    "lectura": "Seconds, memory and throughput of reading",
}
"""Name on the command line -> title, in the order of the page."""
_DRAWN = (
    "Generated credentials of invented people, photographed by a program: they show that the parts work and"
    " what they cost; what real cards and cameras give, only a trial with real ones tells."
)


def _cards(folder: Path, seed: str, sizes: Sizes) -> list[str]:
    said = (
        "A field is readable where the side that shows it passes the verdict of quality; sure is what is"
        " shown without a warning, and counts whatever the verdict was."
    )
    return [_DRAWN, said, "", *reading_accuracy.measured(sizes.cards, seed, sizes.kept or folder)]


def _images(folder: Path, seed: str, sizes: Sizes) -> list[str]:
    return [_DRAWN, "", *reading_images.measured(sizes.images, seed, sizes.kept or folder)]


def _text(_folder: Path, seed: str, sizes: Sizes) -> list[str]:
    said = "The same photographs, the same search of the card and the same rules of fields for both engines."
    return [_DRAWN, said, "", *table(reading_text.rows(sizes.texts, seed))]


def _faces(_folder: Path, seed: str, sizes: Sizes) -> list[str]:
    return [_DRAWN, "", *table(reading_faces.rows(sizes.faces, seed))]


def _signatures(_folder: Path, _seed: str, sizes: Sizes) -> list[str]:
    few = max(sizes.signatures // 5, 1)
    return [_DRAWN, "", *table(reading_signatures.rows(sizes.signatures, few, few))]


def _patterns(_folder: Path, _seed: str, sizes: Sizes) -> list[str]:
    return table(patterns.rows(sizes.patterns))


def _readings(_folder: Path, seed: str, sizes: Sizes) -> list[str]:
    said = "A record is front, back, codes, face, signature and prints, in a confined process of one thread."
    return [said, "", *table(reading_throughput.rows(sizes.readings, seed=seed))]


MEASURES: dict[str, Callable[[Path, str, Sizes], list[str]]] = {
    "credenciales": _cards,
    "imagenes": _images,
    "texto": _text,
    "rostros": _faces,
    "firmas": _signatures,
    "patrones": _patterns,
    "lectura": _readings,
}
