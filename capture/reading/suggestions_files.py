"""What is suggested of files that could not be opened, or that the record does not have. Pure.

Nothing is concluded of what they might show: the inciso is that of a piece that nobody can look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from capture.packet.record import STROKES
from capture.reading.record import BACK, FRONT, LIVE, SIGNATURE
from capture.reading.results import Unopened
from capture.reading.suggestion import Suggestion

REASONS = {
    Unopened.ABSENT: "no viene en el registro",
    Unopened.EMPTY: "el archivo está vacío",
    Unopened.BYTES: "el archivo es demasiado grande",
    Unopened.FORMAT: "no es una imagen JPEG ni PNG",
    Unopened.KIND: "es de un tipo de imagen que no se admite",
    Unopened.SCANS: "pide demasiado trabajo para abrirse",
    Unopened.MOVING: "es una imagen animada",
    Unopened.SIDES: "sus medidas no son las de una fotografía",
    Unopened.PIXELS: "sus medidas no son las de una fotografía",
    Unopened.CUT: "está incompleta",
    Unopened.DAMAGED: "está dañada",
    Unopened.STROKES: "no tienen la forma convenida; cuenta la imagen de la firma",
}
"""What is said of a file, for people."""
NAMES = {
    FRONT: "La imagen del anverso",
    BACK: "La imagen del reverso",
    LIVE: "La fotografía viva",
    SIGNATURE: "La firma manuscrita digitalizada",
    STROKES: "Los trazos de la firma",
}
_RULES = {FRONT: "imagen", BACK: "imagen", LIVE: "rostro", SIGNATURE: "firma"}
_SIDES = {FRONT: "anverso", BACK: "reverso"}


def of_files(unopened: Mapping[str, Unopened]) -> Iterator[Suggestion]:
    """a), b), f) and j): `unopened` by name of file. Of strokes, which only accompany a picture, nothing."""
    absent = {name for name, why in unopened.items() if why is Unopened.ABSENT}
    yield from _of_absent(absent)
    for name, why in unopened.items():
        if name not in absent and name in _RULES:
            told = f"{NAMES[name]} no se puede abrir, y por eso no es legible: {REASONS[why]}."
            yield Suggestion("f", f"{_RULES[name]}.no-abre", told, file=name)


def _of_absent(absent: set[str]) -> Iterator[Suggestion]:
    sides = [name for name in _SIDES if name in absent]
    if len(sides) == len(_SIDES):
        told = "El registro no tiene ninguna imagen de la Credencial para Votar."
        yield Suggestion("a", "imagen.ninguna", told)
    elif sides:
        (kept,) = set(_SIDES) - set(sides)
        told = f"El registro no tiene la imagen del {_SIDES[sides[0]]}; solo tiene la del {_SIDES[kept]}."
        yield Suggestion("b", "imagen.falta", told)
    if LIVE in absent:
        yield Suggestion("f", "rostro.falta", "El registro no tiene la fotografía viva (presencial).")
    if SIGNATURE in absent:
        told = "El registro no se encuentra respaldado por la firma manuscrita digitalizada: no la tiene."
        yield Suggestion("j", "firma.falta", told)
