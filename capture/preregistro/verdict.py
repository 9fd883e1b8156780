"""What one attempt at the biometric test says, from what the engines read. Pure (SEI-04).

Only what is sure passes by itself: the turns that were asked, one face, which is that of the live photograph
and of the credential; and a credential whose clave de elector and OCR are those that were typed. A face alone
would let somebody ask with their own face and somebody else's clave. Everything else is for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from capture.preregistro.form import RequestData
from capture.reading.errors import Unread
from capture.reading.merging import alike
from capture.reading.results import Band, CardReading, Defect, FaceDefect, FaceReading, RecordReading, Side
from capture.reading.sandbox.watching import Watched

_COPIES = (Defect.SCREEN, Defect.PHOTOCOPY, Defect.OVERLAID)
_BEGIN_AGAIN = {FaceDefect.NONE: "foto.sin-rostro", FaceDefect.SEVERAL: "foto.varios-rostros"}
COMPARED = ("clave_elector", "ocr")


class Dictamen(StrEnum):
    """The values are stored."""

    EXITO = "exito"
    FALLIDO = "fallido"
    DATOS = "datos"
    """The face passes; what was typed is not what the credential shows, or that could not be read."""
    SIN_LECTURA = "sin-lectura"
    """No engine, or none that could read it: nobody is told to try again."""
    ILEGIBLE = "ilegible"
    """The packet cannot be opened, or a field of its form is wrong."""
    INVITACION = "invitacion"
    """No test: somebody who had a Clave confirmed that nothing changed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons`: stable codes, without a personal value."""

    dictamen: Dictamen
    reasons: tuple[str, ...] = ()

    @property
    def may_try_again(self) -> bool:
        """Whether another attempt can change it."""
        return self.dictamen in (Dictamen.FALLIDO, Dictamen.ILEGIBLE)


@dataclass(frozen=True, slots=True)
class Biometrics:
    """What was read of one attempt. The reading is None where no engine could give one.

    `unread`: why, where one tried.
    """

    reading: RecordReading | None
    video: Watched | None
    unread: Unread | None = None


def judge(seen: Biometrics, data: RequestData) -> Verdict:
    """The verdict."""
    reading, video = seen.reading, seen.video
    if reading is None or video is None:
        return Verdict(Dictamen.SIN_LECTURA, ("lectura",))
    if faces := tuple(_against_face(reading.face, video)):
        return Verdict(Dictamen.FALLIDO, faces)
    if card := tuple(_against_card(reading.card, data)):
        return Verdict(Dictamen.DATOS, card)
    return Verdict(Dictamen.EXITO)


def _against_face(face: FaceReading, video: Watched) -> Iterator[str]:
    for defect, code in _BEGIN_AGAIN.items():
        if defect in face.defects:
            yield code
    if face.band is not Band.SAME:
        yield f"credencial.{_named(face.band)}"
    for reason in video.reasons:
        yield f"video.{reason}"
    for name, band in zip(("foto", "credencial"), video.bands, strict=True):
        if not video.reasons and band is not Band.SAME:
            yield f"video-{name}.{_named(band)}"


def _named(band: Band | None) -> str:
    return "sin-rostro" if band is None else band.value


def _against_card(card: CardReading, data: RequestData) -> Iterator[str]:
    front = card.sides.get(Side.ANVERSO)
    for defect in _COPIES:
        if front is not None and defect in front.defects:
            yield f"anverso.{defect.value}"
    typed = {"clave_elector": data.clave_elector, "ocr": data.ocr}
    for name in COMPARED:
        found = card.values.get(name)
        if found is None or found.value is None:
            yield f"{name}.sin-lectura"
        elif not alike(found.value, typed[name]):
            yield f"{name}.distinta"
