"""The signature of a record: whether it is one, how like the card's. See `capture.reading.ports`. Pure."""

from __future__ import annotations

from capture.imaging.picture import Pixels
from capture.reading.results import SignatureReading
from capture.signature.ink import ink_of
from capture.signature.rules import defects_of
from capture.signature.settings import DEFAULT, SignatureSettings


def read_signature(
    signature: Pixels, card_signature: Pixels | None, settings: SignatureSettings = DEFAULT
) -> SignatureReading:
    """What a program can see. `card_signature`: cut out of the rectified card; None: there is none."""
    ink = ink_of(signature, settings.ink)
    return SignatureReading(defects_of(ink, settings.marks))
