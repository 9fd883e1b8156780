"""One typed reading of a record: each value with where it came from and how sure it is. Pure.

Nothing is invented: a value that was not read is empty and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from capture.imaging.picture import Box
from capture.processing.datos import Fuente

SURE = 0.95
"""From here on a value is called sure: a check digit, a code or two sources agree."""


class Side(StrEnum):
    """Of a card."""

    ANVERSO = "anverso"
    REVERSO = "reverso"


class Defect(StrEnum):
    """Why an image cannot be trusted or read well."""

    NOT_READABLE = "no-es-imagen"
    NO_CARD = "sin-credencial"
    CUT = "cortada"
    BLURRED = "borrosa"
    GLARE = "reflejo"
    DARK = "oscura"
    SMALL = "baja-resolucion"
    SCREEN = "pantalla"
    PHOTOCOPY = "fotocopia"
    OVERLAID = "sobrepuesta"


class Unopened(StrEnum):
    """Why a file of the record is no picture; those of decoding have the names of its rules."""

    ABSENT = "imagen.falta"
    EMPTY = "imagen.vacia"
    BYTES = "imagen.tamano"
    FORMAT = "imagen.formato"
    KIND = "imagen.tipo"
    SCANS = "imagen.barridos"
    MOVING = "imagen.animada"
    SIDES = "imagen.dimensiones"
    PIXELS = "imagen.pixeles"
    CUT = "imagen.incompleta"
    DAMAGED = "imagen.danada"
    STROKES = "firma.trazos"
    """The strokes of the signature are not as docs/formats.md says; the picture of it counts alone."""


class Missing(StrEnum):
    """Why a value is empty."""

    NOT_ON_MODEL = "no-lo-tiene-el-modelo"
    NOT_FOUND = "no-se-encontro"
    UNCLEAR = "no-se-lee-con-certeza"
    CONTRADICTED = "fuentes-distintas"
    BAD_IMAGE = "imagen-no-apta"


@dataclass(frozen=True, slots=True)
class Quality:
    """The verdict over one image. `defects` in the order of Defect; `figures` are the measurements behind."""

    defects: tuple[Defect, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """Nothing was found against it."""
        return not self.defects


@dataclass(frozen=True, slots=True)
class Found:
    """One value, or why there is none. `sure` from 0 to 1; `where`: the side and the place on its card."""

    value: str | None = field(repr=False)
    source: Fuente | None = None
    sure: float = 0.0
    side: Side | None = None
    where: Box | None = None
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class CodeRead:
    """A code of the card. `symbology` as in `capture.packet.record.SYMBOLOGIES`."""

    symbology: str
    text: str = field(repr=False)
    side: Side = Side.REVERSO
    where: Box | None = None
    encrypted: bool = False
    """A dense QR of models G and H: detected, its content is not public and is not claimed to be verified."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two things of the card that should say the same and do not. `rule` is stable; no personal data."""

    rule: str
    between: tuple[str, str]


@dataclass(frozen=True, slots=True)
class CardReading:
    """Both sides of a card, read together."""

    model: str | None
    """Letter; None when it was not recognised."""
    sides: Mapping[Side, Quality]
    shown: Mapping[Side, Side | None]
    """Which side each image really shows; None: no card."""
    values: Mapping[str, Found]
    """By the names of `capture.packet.record.FIELDS`, all of them."""
    codes: tuple[CodeRead, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    same_card: bool | None = None
    """Whether front and back belong together; None when too little was read."""
    address: Mapping[str, Found] = field(default_factory=dict)
    """The domicilio in its parts (SEI-03), by the names of `capture.credential.address.PARTS`."""


class Band(StrEnum):
    """What the comparison of two faces says."""

    SAME = "coincide"
    PERSON = "a-revision"
    DIFFERENT = "no-coincide"


class FaceDefect(StrEnum):
    """Rules of 002 §4.6 that the live photograph breaks."""

    NONE = "sin-rostro"
    SEVERAL = "varios-rostros"
    NOT_FRONTAL = "no-de-frente"
    COVERED = "rostro-cubierto"
    BLURRED = "borrosa"
    DARK = "mala-iluminacion"
    SMALL = "rostro-pequeno"


@dataclass(frozen=True, slots=True)
class FaceReading:
    """The live photograph, and how it compares with the photograph of the card."""

    defects: tuple[FaceDefect, ...]
    where: Box | None = None
    """The face in the live photograph."""
    card_face: Box | None = None
    """The face on the card's front."""
    similarity: float | None = None
    """Cosine, -1 to 1; None without two faces."""
    band: Band | None = None
    embedding: bytes | None = field(default=None, repr=False)
    """128 little-endian float32, of length 1."""


class SignatureDefect(StrEnum):
    """Rules j and m of 002 §6.1 that a program can see."""

    EMPTY = "sin-firma"
    DOT = "punto"
    LINE = "linea"
    CROSS = "cruz"
    TICK = "paloma"
    INITIALS = "iniciales"


@dataclass(frozen=True, slots=True)
class SignatureReading:
    """The signature. `similarity` to the card's, 0 to 1, is advice and never a verdict."""

    defects: tuple[SignatureDefect, ...]
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class RecordReading:
    """All that was read. `prints`: perceptual hash by file name. `engines`: name and version of each used.

    `unopened`: the files that could not be looked at, and why; what they might show is not in the reading.
    """

    card: CardReading
    face: FaceReading
    signature: SignatureReading
    prints: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    engines: Mapping[str, str] = field(default_factory=dict)
    unopened: Mapping[str, Unopened] = field(default_factory=dict)
