"""What is suggested of a face and of a signature. Pure.

Likeness is a measurement and not a verdict: about faces of people in Mexico nothing was measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capture.reading.record import FRONT, LIVE, SIGNATURE
from capture.reading.results import Band, FaceDefect, FaceReading, SignatureDefect, SignatureReading
from capture.reading.suggestion import Plane, Strength, Suggestion

_FACES: dict[FaceDefect, tuple[str, str, Strength]] = {
    FaceDefect.NONE: ("h", "La fotografía viva no muestra el rostro de ninguna persona.", Strength.SEEMS),
    FaceDefect.SEVERAL: (
        "h",
        "La fotografía viva muestra varios rostros; debe aparecer solo quien brinda su apoyo.",
        Strength.DOUBT,
    ),
    FaceDefect.COVERED: (
        "i",
        "El rostro de la fotografía viva parece cubierto (cubrebocas, lentes oscuros, gorra u otra prenda).",
        Strength.SEEMS,
    ),
    FaceDefect.NOT_FRONTAL: (
        "i",
        "El rostro de la fotografía viva no está de frente; vea si aun así se reconoce a la persona.",
        Strength.DOUBT,
    ),
    FaceDefect.SMALL: (
        "i",
        "El rostro de la fotografía viva es muy pequeño; vea si aun así se reconoce a la persona.",
        Strength.DOUBT,
    ),
    FaceDefect.BLURRED: ("f", "La fotografía viva está borrosa; vea si es legible.", Strength.DOUBT),
    FaceDefect.DARK: (
        "f",
        "La fotografía viva tiene mala iluminación; vea si es legible.",
        Strength.DOUBT,
    ),
}
_MARKS = {
    SignatureDefect.DOT: "un punto",
    SignatureDefect.LINE: "una línea",
    SignatureDefect.CROSS: "una cruz o una «X»",
    SignatureDefect.TICK: "una paloma",
    SignatureDefect.INITIALS: "iniciales",
}
_DOUBTFUL = (SignatureDefect.INITIALS,)
"""A short name looks like initials."""
_PROTOCOL = (
    "Compárelos usted: la edad, la luz o una transición de género cambian el aspecto, y las medidas de "
    "inclusión para las personas trans se aplican siempre."
)


@dataclass(frozen=True, slots=True)
class Advice:
    """From where on something is said."""

    signature_alike: float = 0.15
    """Similarity of the signature to the card's, 0 to 1, below which it is pointed out."""


DEFAULT = Advice()


def of_face(face: FaceReading) -> Iterator[Suggestion]:
    """f), g), h) and i): the live photograph, beside the one of the card."""
    for defect in face.defects:
        inciso, why, strength = _FACES[defect]
        yield Suggestion(inciso, f"rostro.{defect.value}", why, strength, LIVE, face.where)
    if face.band in (Band.DIFFERENT, Band.PERSON):
        different = face.band is Band.DIFFERENT
        how = "se parecen poco" if different else "no se parecen lo bastante para estar seguros"
        why = f"El rostro de la fotografía viva y el de la credencial {how}. {_PROTOCOL}"
        strength = Strength.SEEMS if different else Strength.DOUBT
        yield Suggestion("g", f"rostro.{face.band.value}", why, strength, FRONT, face.card_face, Plane.CARD)


def of_signature(signature: SignatureReading, advice: Advice) -> Iterator[Suggestion]:
    """j), l) and m)."""
    for defect in signature.defects:
        if defect is SignatureDefect.EMPTY:
            why = (
                "El apartado para la captación de la firma se observa en blanco; no es inconsistencia si en "
                "la propia Credencial para Votar se señala expresamente «sin firma»."
            )
            yield Suggestion("m", "firma.vacia", why, file=SIGNATURE)
        else:
            why = (
                f"La firma manuscrita digitalizada parece {_MARKS[defect]}, que carece de validez cuando no "
                "sea lo que se encuentra plasmado en la Credencial para Votar."
            )
            strength = Strength.DOUBT if defect in _DOUBTFUL else Strength.SEEMS
            yield Suggestion("j", f"firma.{defect.value}", why, strength, SIGNATURE)
    alike = signature.similarity
    if not signature.defects and alike is not None and alike < advice.signature_alike:
        why = (
            "La firma manuscrita digitalizada parece no coincidir con la firma de la Credencial para Votar. "
            "Es solo un consejo: la revisión es a simple vista, de los rasgos generales de ambas firmas, sin "
            "conocimientos técnicos ni peritos."
        )
        yield Suggestion("l", "firma.distinta", why, Strength.DOUBT, SIGNATURE)
