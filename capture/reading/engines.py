"""The engines of the house, composed: imported only in the confined processes that read images."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeGuard

import cv2
import numpy as np

from capture.credential import turning
from capture.credential.card import CardReader
from capture.credential.finding import Rectified
from capture.credential.layouts import DRAWN_MODELS, Kind, layout
from capture.credential.quality import judge
from capture.credential.rapid_text import RapidTextReader
from capture.credential.seeing import TURNED
from capture.face.comparing import ComparisonSettings
from capture.face.deepface_engine import DeepFaceEmbedder
from capture.face.ports import Embedder
from capture.face.reader import FaceReader, FaceSettings
from capture.face.sface import SFace
from capture.face.yunet import YuNet
from capture.imaging.decoding import decode
from capture.imaging.picture import Pixels
from capture.patterns.hashing import record_prints
from capture.patterns.views import View
from capture.reading.ports import Part
from capture.reading.record import RecordReader
from capture.reading.results import CardReading, Quality, Side
from capture.reading.thresholds import Thresholds
from capture.signature.reading import read_signature
from capture.signature.stroke_file import read_strokes

_NO_PICTURE = np.full((100, 160, 3), 255, np.uint8)
"""In the place of an image that could not be decoded: no card is found in it."""
_LEAST = 32
"""Pixels of the shorter side below which nothing can be looked for."""
_LIBRARIES = ("opencv-python-headless", "rapidocr", "onnxruntime", "zxing-cpp")
_CUT = (
    (Part.PORTRAIT, Kind.PHOTO),
    (Part.FINGERPRINT, Kind.FINGERPRINT),
    (Part.SIGNATURE, Kind.SIGNATURE),
)
_VIEWS = {Part.PORTRAIT: View.RETRATO, Part.FINGERPRINT: View.HUELLA}


def open_faces(thresholds: Thresholds) -> FaceReader:
    """Load what compares faces. Raises Refusal or ImportError where a part is not installed."""
    cv2.setNumThreads(1)
    comparison = ComparisonSettings(thresholds.face_same, thresholds.face_person)
    return FaceReader(YuNet(), _embedder(thresholds), FaceSettings(comparison=comparison))


def open_reader(faces: FaceReader, thresholds: Thresholds) -> RecordReader:
    """Load everything else, once. Raises Refusal or ImportError where a part is not installed."""
    turning.load()
    cards = HouseCards()
    libraries = _LIBRARIES if thresholds.deepface is None else (*_LIBRARIES, "deepface")
    return RecordReader(
        decode=lambda data, *, place: decode(data, place=place),
        cards=cards,
        cut=cards.cut,
        faces=faces,
        signatures=partial(read_signature, settings=thresholds.signature),
        prints=prints_of,
        engines={name: version(name) for name in libraries},
        strokes=read_strokes,
    )


def _embedder(thresholds: Thresholds) -> Embedder:
    if thresholds.deepface is None:
        return SFace()
    return DeepFaceEmbedder(Path(thresholds.deepface))


class HouseCards:
    """Reads a card, and cuts it as it was found while it was read: it is searched for once."""

    def __init__(self) -> None:
        self._found: list[Rectified | None] = []
        self._reader = CardReader(RapidTextReader(), self._judged)

    def read(self, front: Pixels | None, back: Pixels | None) -> CardReading:
        """See capture.reading.ports.Cards."""
        self._found = []
        return self._reader.read(*(one if _is_picture(one) else _NO_PICTURE for one in (front, back)))

    def cut(self, front: Pixels | None, back: Pixels | None, card: CardReading) -> Mapping[Part, Pixels]:
        """See capture.reading.ports.Cutting; of the card that was read last."""
        parts: dict[Part, Pixels] = {}  # none where the reading ended before its sides were seen
        for supposed, found in zip(Side, self._found, strict=False):
            side = card.shown.get(supposed)
            if found is not None and side is not None:
                upright = turned(found.card, card.sides[supposed])
                parts |= _parts(upright, side, card.model)
        return parts

    def _judged(self, photograph: Pixels, found: Rectified | None) -> Quality:
        self._found.append(found)
        return judge(photograph, found)


def _is_picture(pixels: Pixels | None) -> TypeGuard[Pixels]:
    return pixels is not None and min(pixels.shape[:2]) >= _LEAST


def turned(card: Pixels, quality: Quality) -> Pixels:
    """The card as its text stands, which may be on its head where it was found by its looks alone."""
    return np.ascontiguousarray(card[::-1, ::-1]) if quality.figures.get(TURNED) else card


def prints_of(
    files: Mapping[str, bytes], pictures: Mapping[str, Pixels], parts: Mapping[Part, Pixels]
) -> dict[str, bytes]:
    """See capture.reading.ports.Prints."""
    seen = {View(name): picture for name, picture in pictures.items()}
    return record_prints(files, seen | {_VIEWS[part]: parts[part] for part in _VIEWS if part in parts})


def _parts(card: Pixels, side: Side, model: str | None) -> dict[Part, Pixels]:
    made = {Part.CARD: card} if side is Side.ANVERSO else {}
    if model is None or model not in DRAWN_MODELS:
        return made
    plan = layout(model, side)
    regions = ((part, plan.find(kind)) for part, kind in _CUT)
    return made | {part: np.ascontiguousarray(region.box.of(card)) for part, region in regions if region}
