"""Which of a) to n) of 002 §6.1 seem to apply to a record, and why. Pure.

It advises: an operator decides, and may decide otherwise. k) is not suggested, since no engine reads what a
signature says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from capture.reading.merging import Difference
from capture.reading.record import BACK, FILES, FRONT
from capture.reading.results import SURE, CardReading, Defect, Found, Missing, RecordReading, Side
from capture.reading.suggestion import Plane, Strength, Suggestion
from capture.reading.suggestions_files import of_files
from capture.reading.suggestions_person import DEFAULT, Advice, of_face, of_signature

_SEEN = {
    Defect.SCREEN: (
        "d",
        "pantalla",
        "parece tomada de una pantalla o un monitor, no de la credencial original",
    ),
    Defect.PHOTOCOPY: ("e", "fotocopia", "parece tomada de una fotocopia, no de la credencial original"),
    Defect.OVERLAID: ("n", "sobrepuesta", "parece tener información sobrepuesta"),
}
"""Of each defect that is an inciso: which, its rule, and what is said of the image."""
_BECAUSE = {
    Defect.CUT: "la credencial está cortada",
    Defect.BLURRED: "la imagen está borrosa",
    Defect.GLARE: "hay un reflejo",
    Defect.DARK: "la imagen está oscura",
    Defect.SMALL: "la imagen tiene poca resolución",
}
_OTHER = {Side.ANVERSO: Side.REVERSO, Side.REVERSO: Side.ANVERSO}
_NEEDED = (
    ("la clave de elector", ("clave_elector",), Side.ANVERSO),
    ("el OCR ni el CIC", ("cic", "ocr"), Side.REVERSO),
)
"""f): what must be legible, of several names any, and on which side it usually is."""
_UNREAD = (Missing.NOT_FOUND, Missing.UNCLEAR, Missing.BAD_IMAGE)
_NO_CARD = frozenset({Defect.NO_CARD, Defect.NOT_READABLE})
_COULD_HIDE = frozenset(_BECAUSE) - {Defect.CUT}
"""With these an image may show a card that nobody can make out."""
_NAMES = {
    "nombre": "el nombre",
    "apellido_paterno": "el apellido paterno",
    "apellido_materno": "el apellido materno",
    "clave_elector": "la clave de elector",
    "numero_emision": "el número de emisión",
    "cic": "el CIC",
    "ocr": "el OCR",
    "curp": "la CURP",
    "entidad": "la entidad",
    "municipio": "el municipio",
    "seccion": "la sección",
    "vigencia": "la vigencia",
}


def suggest(
    reading: RecordReading, differences: Sequence[Difference] = (), advice: Advice = DEFAULT
) -> tuple[Suggestion, ...]:
    """In the order of the incisos; each rule once for each image."""
    found = [
        *of_files(reading.unopened),
        *_sides(reading.card),
        *_illegible(reading.card),
        *_information(reading.card, differences),
        *of_face(reading.face),
        *of_signature(reading.signature, advice),
    ]
    return tuple(sorted(found, key=lambda one: (one.inciso, one.strength is Strength.DOUBT)))


def _sides(card: CardReading) -> Iterator[Suggestion]:
    for side, quality in card.sides.items():
        if Defect.NOT_READABLE in quality.defects:
            continue  # whatever is said of files says it
        if card.shown.get(side) is None and not _COULD_HIDE.intersection(quality.defects):
            why = f"La imagen del {side.value} no muestra una Credencial para Votar."
            yield Suggestion("a", "imagen.sin-credencial", why, file=FILES[side])
        for defect in quality.defects:
            if defect in _SEEN:
                inciso, rule, said = _SEEN[defect]
                yield Suggestion(
                    inciso, f"imagen.{rule}", f"La imagen del {side.value} {said}.", file=FILES[side]
                )
    shown = [card.shown.get(side) for side in Side]
    if shown[0] is not None and shown[0] is shown[1]:
        other = _OTHER[shown[0]]
        why = f"Las dos imágenes muestran el {shown[0].value} de la credencial; falta el {other.value}."
        yield Suggestion("b", "imagen.mismo-lado", why, file=FILES[other])
    elif card.same_card is False:
        why = "El anverso y el reverso parecen de credenciales distintas: lo que se lee en ellos no coincide."
        yield Suggestion("c", "imagen.otra-credencial", why, file=BACK)


def _illegible(card: CardReading) -> Iterator[Suggestion]:
    shown = set(card.shown.values())
    for what, names, usual in _NEEDED:
        if len(card.shown) == len(Side) and shown == {_OTHER[usual]}:
            continue  # b) says it: that side is in no image
        found = [card.values[name] for name in names if name in card.values]
        unread = [one for one in found if one.missing in _UNREAD]
        if not unread or any(one.missing not in (*_UNREAD, Missing.NOT_ON_MODEL) for one in found):
            continue
        side = unread[0].side or usual
        quality = card.sides.get(side)
        if quality is None or not _NO_CARD.isdisjoint(quality.defects):
            continue  # a) or the image that does not open says it
        because = " y ".join(_BECAUSE[defect] for defect in quality.defects if defect in _BECAUSE)
        why = f"No se lee con certeza {what} en la imagen del {side.value}{because and f': {because}'}."
        yield _placed(Suggestion("f", f"ilegible.{names[0]}", why, file=FILES[side]), unread[0])


def _information(card: CardReading, differences: Sequence[Difference]) -> Iterator[Suggestion]:
    for one in card.contradictions:
        if card.same_card is False and not _is_curp_and_clave(one.between):
            continue  # c) says it
        first, second = (_NAMES.get(name, name) for name in one.between)
        why = f"No coinciden {first} y {second} de la credencial."
        named = [card.values[name] for name in one.between if name in card.values]
        placed = next((found for found in named if found.where is not None), None)
        made = Suggestion("n", f"no-coincide.{one.rule}", why, file=FRONT)
        yield made if placed is None else _placed(made, placed)
    for difference in differences:
        name = _NAMES[difference.name]
        kept = (
            "se conserva lo que envió el dispositivo" if difference.device_stays else "se usa lo que se lee"
        )
        why = f"Lo que envió el dispositivo como {name} no es lo que se lee en la imagen; {kept}."
        file = FILES[difference.read.side or Side.ANVERSO]
        strong = difference.read.sure >= SURE and difference.device_stays
        strength = Strength.SEEMS if strong else Strength.DOUBT
        made = Suggestion("n", f"dispositivo.{difference.name}", why, strength, file)
        yield _placed(made, difference.read)


def _is_curp_and_clave(between: tuple[str, str]) -> bool:
    return set(between) == {"curp", "clave_elector"}


def _placed(made: Suggestion, found: Found) -> Suggestion:
    if found.where is None or found.side is None:
        return made
    return replace(made, file=FILES[found.side], box=found.where, plane=Plane.CARD)
