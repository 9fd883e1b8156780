"""Readings as engines give them."""

from __future__ import annotations

from dataclasses import replace

from capture.imaging.picture import Box
from capture.packet.record import FIELDS
from capture.processing.datos import Fuente
from capture.reading.results import (
    Band,
    CardReading,
    CodeRead,
    Contradiction,
    Defect,
    FaceDefect,
    FaceReading,
    Found,
    Missing,
    Quality,
    RecordReading,
    Side,
    SignatureDefect,
    SignatureReading,
    Unopened,
)

PLACE = Box(0.25, 0.5, 0.125, 0.0625)
CLAVE = "ABCDEF80010132M100"
VALUES = {
    "nombre": "ELENA",
    "apellido_paterno": "MADROÑO",
    "clave_elector": CLAVE,
    "cic": "123456789",
    "ocr": "0123456789012",
}


def found(value: str, source: Fuente = Fuente.OCR, sure: float = 0.99) -> Found:
    """A value that was read on the front."""
    return Found(value, source, sure, Side.ANVERSO, PLACE)


def card(**changes: object) -> CardReading:
    """A good card of model G."""
    nothing = Found(None, missing=Missing.NOT_FOUND)
    values = {name: found(VALUES[name]) if name in VALUES else nothing for name in FIELDS}
    made = CardReading(
        model="G",
        sides={side: Quality() for side in Side},
        shown={side: side for side in Side},
        values=values,
        same_card=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def reading(
    of_card: CardReading | None = None,
    face: FaceReading = FaceReading((), PLACE, PLACE, 0.75, Band.SAME),  # noqa: B008 - it never changes
    signature: SignatureReading = SignatureReading((), 0.5),  # noqa: B008 - it never changes
) -> RecordReading:
    """A record that nothing is to be said of."""
    return RecordReading(of_card or card(), face, signature)


FULL = RecordReading(
    card=card(
        sides={
            Side.ANVERSO: Quality((Defect.BLURRED, Defect.GLARE), {"nitidez": 12.5, "luz": -0.25}),
            Side.REVERSO: Quality(),
        },
        shown={Side.ANVERSO: Side.ANVERSO, Side.REVERSO: None},
        codes=(
            CodeRead("qr", "http://qr.ine.mx/x", Side.REVERSO, PLACE),
            CodeRead("qr", "AAECAw==", Side.REVERSO, None, encrypted=True),
        ),
        contradictions=(Contradiction("cruce.curp", ("curp", "clave_elector")),),
        same_card=None,
        address={"colonia": found("CENTRO")},
    ),
    face=FaceReading((FaceDefect.SEVERAL,), PLACE, None, -0.125, Band.PERSON, bytes(range(256)) * 2),
    signature=SignatureReading((SignatureDefect.LINE,), 0.5),
    prints={"anverso.jpg": b"12345678", "anverso.retrato": b"abcdefgh"},
    engines={"rapidocr": "3.10.0", "falla.rostro": "ValueError"},
    unopened={"firma.png": Unopened.CUT},
)
"""A reading with everything in it."""
