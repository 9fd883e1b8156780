"""Both sides of a credential, read together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from capture.credential import crosschecks
from capture.credential.fields import front_values
from capture.credential.finding import Rectified
from capture.credential.layouts import DRAWN_MODELS, layout
from capture.credential.models import model_of, small_qr
from capture.credential.seeing import Judge, Shown, look
from capture.credential.text import TextReader
from capture.credential.values import Values, not_read, read_values
from capture.imaging.picture import Pixels
from capture.reading.results import CardReading, CodeRead, Found, Missing, Quality, Side

_BACK = frozenset({"cic", "ocr"})
_CLEAR = 0.8
_COMPARED = ("seccion", "numero_emision", "vigencia")


def unjudged(_photograph: Pixels, _found: Rectified | None) -> Quality:
    """No verdict over quality: for what is known to be a good picture."""
    return Quality()


class CardReader:
    """Reads cards one after the other; not to be shared between threads.

    `text` reads what is printed, `judge` says whether a picture is good enough to be trusted.
    """

    def __init__(self, text: TextReader, judge: Judge = unjudged) -> None:
        self._text = text
        self._judge = judge

    def read(self, front: Pixels, back: Pixels) -> CardReading:
        """Everything that both photographs say; whichever of them shows which side."""
        pictures = {Side.ANVERSO: front, Side.REVERSO: back}
        looks = {side: look(picture, side, self._text, self._judge) for side, picture in pictures.items()}
        shown = {side: one.side for side, one in looks.items()}
        of_front, of_back = (_showing(side, looks) for side in Side)
        values = read_values(of_front, of_back)
        model = model_of(*(None if one is None else one.seen for one in (of_front, of_back)))
        return CardReading(
            model=model,
            sides={side: one.quality for side, one in looks.items()},
            shown=shown,
            values=_reasoned(values.found, model, looks),
            codes=tuple(_codes(looks)),
            contradictions=values.contradictions,
            same_card=_same_card(of_front, of_back, values),
            address=values.address,
        )


def _showing(side: Side, looks: Mapping[Side, Shown]) -> Shown | None:
    """The photograph that shows the side: the one that should, or the other where they were exchanged."""
    first = sorted(looks, key=lambda supposed: supposed is not side)
    return next((looks[supposed] for supposed in first if looks[supposed].side is side), None)


def _codes(looks: Mapping[Side, Shown]) -> Iterator[CodeRead]:
    for side, one in looks.items():
        for code in one.seen.codes:
            yield CodeRead(code.symbology, code.text, side, code.where, code.encrypted)


def _reasoned(
    values: Mapping[str, Found], model: str | None, looks: Mapping[Side, Shown]
) -> dict[str, Found]:
    """Why each empty value is empty."""
    bad = {side for side, one in looks.items() if not one.quality.passes}
    made = {}
    for name, found in values.items():
        side = Side.REVERSO if name in _BACK else Side.ANVERSO
        missing = Missing.BAD_IMAGE if side in bad else Missing.NOT_FOUND
        if model is not None and name not in _printed_on(model):
            missing = Missing.NOT_ON_MODEL
        made[name] = not_read(found, missing)
    return made


def _printed_on(model: str) -> frozenset[str]:
    if model not in DRAWN_MODELS:
        return frozenset()
    printed = layout(model, Side.ANVERSO).fields | layout(model, Side.REVERSO).fields
    return printed if model == "C" else printed | _BACK


def _same_card(front: Shown | None, back: Shown | None, values: Values) -> bool | None:
    """Whether what both sides say agrees: names and birth count double. None when nothing can be compared."""
    if front is None or back is None:
        return None
    votes = list(_votes(front, back, values))
    yes, no = sum(v for v in votes if v > 0), -sum(v for v in votes if v < 0)
    return None if yes == no else yes > no


def _votes(front: Shown, back: Shown, values: Values) -> Iterator[int]:
    printed = front_values(front.seen.page)
    mrz = back.seen.mrz
    alike = crosschecks.names_agree(values.person, mrz)
    if alike is not None:
        yield 2 if alike else -1
    keys = values.person.parsed_clave, values.person.parsed_curp
    births = {key.text[at : at + 6] for key, at in zip(keys, (6, 4), strict=True) if key is not None}
    if mrz is not None and mrz.birth_agrees and births:
        yield 2 if mrz.birth in births else -2
    small = small_qr(back.seen.codes)
    ocr = small[1].ocr if small else mrz.ocr if mrz else values.found["ocr"].value
    emission = small[1].emission if small else mrz.emission if mrz else None
    for name, said in (("seccion", ocr and ocr[:4]), ("numero_emision", emission)):
        if said and name in printed and printed[name].sure >= _CLEAR:
            yield 1 if printed[name].text == said else -1
