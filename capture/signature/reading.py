"""The signature of a record: whether it is one, how like the card's. See `capture.reading.ports`. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from capture.imaging.picture import Pixels
from capture.reading.results import SignatureDefect, SignatureReading
from capture.signature.ink import Ink, ink_of
from capture.signature.rules import defects_of
from capture.signature.settings import DEFAULT, SignatureSettings
from capture.signature.similarity import similarity
from capture.signature.strokes import Stroke, drawing_of


def read_signature(
    signature: Pixels,
    card_signature: Pixels | None,
    strokes: Sequence[Stroke] | None = None,
    settings: SignatureSettings = DEFAULT,
) -> SignatureReading:
    """What a program can see. `card_signature`: cut out of the rectified card; None: there is none.

    `strokes`, where the device kept them, are judged too: what is wrong with either is wrong. A mark is no
    defect where the card has the same one (002 §6.1 j); an empty box always is, since nobody reads here
    whether the card says «sin firma».
    """
    shown = ink_of(signature, settings.ink)
    card = None if card_signature is None else ink_of(card_signature, settings.card_ink)
    defects = set(defects_of(shown, settings.marks))
    if strokes is not None:
        defects |= set(defects_of(ink_of(drawing_of(strokes), settings.ink), settings.marks))
    alike = None if shown is None or card is None else similarity(shown, card, settings.likeness)
    if alike is not None and card is not None and alike >= settings.likeness.same_mark:
        defects -= _marks(card, settings)
    return SignatureReading(tuple(one for one in SignatureDefect if one in defects), alike)


def _marks(card: Ink, settings: SignatureSettings) -> set[SignatureDefect]:
    return set(defects_of(card, settings.marks)) - {SignatureDefect.EMPTY}
