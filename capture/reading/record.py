"""Reading all images of one record: each engine does its part, and what goes wrong with one stays with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from capture.imaging.errors import ImageRefusal
from capture.imaging.picture import Pixels
from capture.packet.record import FIELDS, IMAGES, MODELS, STROKES
from capture.reading.forms import held_to_forms
from capture.reading.ports import (
    Cards,
    Cutting,
    Decoder,
    Faces,
    Part,
    Prints,
    Signatures,
    StrokeReader,
    Strokes,
)
from capture.reading.results import (
    CardReading,
    Defect,
    FaceReading,
    Found,
    Missing,
    Quality,
    RecordReading,
    Side,
    SignatureReading,
    Unopened,
)
from keys.errors import Refusal

FRONT, BACK, LIVE, SIGNATURE = IMAGES
FILES = {Side.ANVERSO: FRONT, Side.REVERSO: BACK}
"""The image of each side."""
FAULT = "falla."
"""Before the name of a part, among the engines: its engine failed, and with what kind of error."""
_NO_MEMORY = -4
"""What OpenCV calls StsNoMem: the code of its errors."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Composes the engines. `engines`: name and version of each, for whoever has to explain a reading."""

    decode: Decoder
    cards: Cards
    cut: Cutting
    faces: Faces
    signatures: Signatures
    prints: Prints
    engines: Mapping[str, str] = field(default_factory=dict)
    strokes: StrokeReader | None = None
    """None: strokes are not looked at."""

    def read(self, files: Mapping[str, bytes], model: str | None) -> RecordReading:
        """What the engines read. `model`: the letter that the device said, used where none is recognised.

        Raises only what says that there is no memory: such a process answers for no other record.
        """
        return _One(self, files, model).read()


class _One:
    """The reading of one record: its pictures, and which engines failed."""

    def __init__(self, engines: RecordReader, files: Mapping[str, bytes], model: str | None) -> None:
        self._engines, self._files, self._model = engines, files, model
        self._faults: dict[str, str] = {}
        self._pictures: dict[str, Pixels] = {}
        self._unopened: dict[str, Unopened] = {}
        for name in IMAGES:
            self._decode(name, files.get(name))

    def read(self) -> RecordReading:
        card = self._tried("credencial", self._card, unread_card(self._pictures))
        none: Mapping[Part, Pixels] = {}
        parts = self._tried("recortes", lambda: self._parts(card), none)
        return RecordReading(
            card=card,
            face=self._tried("rostro", lambda: self._face(parts), FaceReading(())),
            signature=self._tried("firma", lambda: self._signature(parts), SignatureReading(())),
            prints=self._tried("huellas", lambda: self._prints(parts), {}),
            engines={**self._engines.engines, **self._faults},
            unopened=self._unopened,
        )

    def _decode(self, name: str, data: bytes | None) -> None:
        if data is None:
            self._unopened[name] = Unopened.ABSENT
            return
        try:
            self._pictures[name] = self._engines.decode(data, place=name)
        except ImageRefusal as refusal:
            known = refusal.rule in tuple(Unopened)
            self._unopened[name] = Unopened(refusal.rule) if known else Unopened.DAMAGED

    def _card(self) -> CardReading:
        front, back = self._pictures.get(FRONT), self._pictures.get(BACK)
        if front is None and back is None:
            return unread_card(self._pictures)
        read = held_to_forms(self._engines.cards.read(front, back))
        unread = {side: NOT_READABLE for side, name in FILES.items() if name not in self._pictures}
        known = read.model or (self._model if self._model in tuple(MODELS) else None)
        return replace(read, sides={**read.sides, **unread}, model=known)

    def _parts(self, card: CardReading) -> Mapping[Part, Pixels]:
        return self._engines.cut(self._pictures.get(FRONT), self._pictures.get(BACK), card)

    def _face(self, parts: Mapping[Part, Pixels]) -> FaceReading:
        live = self._pictures.get(LIVE)
        return FaceReading(()) if live is None else self._engines.faces.read(live, parts.get(Part.CARD))

    def _signature(self, parts: Mapping[Part, Pixels]) -> SignatureReading:
        drawn = self._pictures.get(SIGNATURE)
        if drawn is None:
            return SignatureReading(())
        return self._engines.signatures(drawn, parts.get(Part.SIGNATURE), self._strokes())

    def _strokes(self) -> Strokes | None:
        if self._engines.strokes is None or STROKES not in self._files:
            return None
        try:
            return self._engines.strokes(self._files[STROKES])
        except Refusal:
            self._unopened[STROKES] = Unopened.STROKES
            return None

    def _prints(self, parts: Mapping[Part, Pixels]) -> Mapping[str, bytes]:
        return self._engines.prints(self._files, self._pictures, parts)

    def _tried(self, part: str, work: Callable[[], T], otherwise: T) -> T:
        try:
            return work()
        except Exception as error:
            if isinstance(error, MemoryError) or getattr(error, "code", None) == _NO_MEMORY:
                raise
            # Any other fault of one engine over one image stays with it.
            self._faults[FAULT + part] = type(error).__name__
            return otherwise


NOT_READABLE = Quality((Defect.NOT_READABLE,))


def unread_card(pictures: Mapping[str, Pixels]) -> CardReading:
    """A card of which nothing is known, not even that there is none; what is no image has that defect."""
    sides = {side: NOT_READABLE for side, name in FILES.items() if name not in pictures}
    nothing = Found(None, missing=Missing.BAD_IMAGE)
    return CardReading(None, sides, {}, dict.fromkeys(FIELDS, nothing))


def unread() -> RecordReading:
    """What is known of a record that no reader could read: nothing."""
    nothing = Found(None, missing=Missing.BAD_IMAGE)
    card = CardReading(None, {}, {}, dict.fromkeys(FIELDS, nothing))
    return RecordReading(card, FaceReading(()), SignatureReading(()))
