"""`TextReader` over rapidocr: the PP-OCRv6 models inside its wheel, on one thread, without any network."""

from __future__ import annotations

import string
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from capture.credential.text import Choice, Line, Page
from capture.imaging.picture import Box, Pixels
from keys.errors import FormatRefusal

DETECTION_PIXELS, LARGE_PIXELS = 640, 512
"""Longer side of the picture in which lines, and large ones, are looked for; they are read in full size."""
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}
_ALPHABET = frozenset(string.ascii_letters + string.digits + "ÁÉÍÓÚÜÑáéíóúüñ <>«»‹›.,;:-/\\#&()'\"°º_+*=@%|")
"""What is printed on credentials; the models know 18,000 characters more."""
_JUDGES = 5  # of the widest lines decide whether a picture stands on its head
_HEAD_SURE = 0.8
_LIKELY_SPACE = 0.25
_UPRIGHT = 1.5  # times as high as wide: a vertical line, as rapidocr cuts it


class RapidTextReader:
    """Loads its models once, about 0.4 GB; not to be shared between threads.

    Raises FormatRefusal when the models are not where the wheel puts them.
    """

    def __init__(self, detection_pixels: int = DETECTION_PIXELS) -> None:
        from rapidocr import RapidOCR
        from rapidocr.main import RapidOCRError

        cv2.setNumThreads(1)
        self._nothing: type[Exception] = RapidOCRError
        self._rapid: Any = RapidOCR(params=_settings(detection_pixels))
        self._pixels = detection_pixels
        blank = np.full((64, 96, 3), 255, np.uint8)
        self._rapid.recognize_txt([blank])
        self._find(blank, detection_pixels)  # loads the model
        recognizer: Any = self._rapid.text_rec
        recognizer.postprocess_op = _Decoder(recognizer.postprocess_op.character)

    @property
    def engine(self) -> str:
        """Name and version."""
        return f"rapidocr {version('rapidocr')}"

    def read(self, pixels: Pixels, choose: Choice | None = None) -> Page:
        """See TextReader."""
        found = self._find(pixels, self._pixels if choose is None else LARGE_PIXELS)
        if found is None:
            return Page(())
        crops, corners = found
        turned = self._on_its_head(crops)
        height, width = pixels.shape[:2]
        boxes = [_box(four, width, height, turned=turned) for four in corners]
        if turned:
            crops = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]
        chosen = sorted(
            range(len(boxes)) if choose is None else choose(boxes), key=lambda at: _order(boxes[at])
        )
        lines = (self._line(crops[at], boxes[at], width / height) for at in chosen)
        return Page(tuple(line for line in lines if line.text), turned)

    def _find(self, pixels: Pixels, longest: int) -> tuple[Sequence[Pixels], Any] | None:
        """Each line cut out and laid level, and its corners."""
        if self._rapid.text_det is not None:
            self._rapid.text_det.limit_side_len = longest
        try:
            crops, detected = self._rapid.detect_and_crop(pixels, {})
        except self._nothing:
            return None
        return crops, detected.boxes

    def _line(self, crop: Pixels, box: Box, shape: float) -> Line:
        """A vertical line is read both ways: the surer one is right."""
        vertical = box.height > _UPRIGHT * box.width * shape
        ways = (crop, np.ascontiguousarray(crop[::-1, ::-1])) if vertical else (crop,)
        readings = [self._recognize(way) for way in ways]
        text, sure = max(readings, key=lambda reading: reading[1])
        return Line(" ".join(text.split()), sure, box, vertical)

    def _recognize(self, crop: Pixels) -> tuple[str, float]:
        result = self._rapid.recognize_txt([crop])
        return str(result.txts[0]), float(result.scores[0])

    def _on_its_head(self, crops: Sequence[Pixels]) -> bool:
        """By the widest lines; vertical ones were already laid down and tell nothing."""
        judges = sorted(crops, key=lambda crop: -crop.shape[1] / crop.shape[0])[:_JUDGES]
        _, result = self._rapid.cls_and_rotate(judges)
        votes: int = sum(1 if label == "180" else -1 for label, sure in result.cls_res if sure >= _HEAD_SURE)
        return votes > 0


class _Decoder:
    """Turns what the network says into text of the characters of a credential (CTC, the likeliest path).

    rapidocr calls it in place of its own decoder, which also chooses among characters of other scripts and
    tells the mean of the characters' certainties, not the least.
    """

    def __init__(self, characters: Sequence[str]) -> None:
        self.character = characters
        known = [at for at, character in enumerate(characters) if at == 0 or character in _ALPHABET]
        self._columns = np.array(known)
        self._letters = ["", *(characters[at] for at in known[1:])]

    def __call__(self, predictions: Any, *_: Any, **__: Any) -> tuple[list[tuple[str, float]], list[None]]:
        """`predictions`: lines × steps × characters, as probabilities."""
        return [self._decode(line[:, self._columns]) for line in predictions], [None] * len(predictions)

    def _decode(self, steps: Any) -> tuple[str, float]:
        best = self._spaced(steps, steps.argmax(axis=1))
        new = np.r_[True, best[1:] != best[:-1]] & (best != 0)
        letters = [self._letters[at] for at in best[new]]
        printed = zip(letters, steps.max(axis=1)[new], strict=True)
        sure = min((float(sure) for letter, sure in printed if letter != " "), default=0.0)
        return "".join(letters), sure

    def _spaced(self, steps: Any, best: Any) -> Any:
        """A space that is less likely than nothing and still likely is one: within words they are not."""
        space = self._letters.index(" ")
        return np.where((best == 0) & (steps[:, space] >= _LIKELY_SPACE), space, best)


def _settings(detection_pixels: int) -> dict[str, Any]:
    """One line at a time at its own width: three times faster than batches padded to the longest."""
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    paths = {f"{part}.model_path": folder / name for part, name in _MODELS.items()}
    for path in paths.values():
        if not path.is_file():
            raise FormatRefusal(
                "lectura.modelo", "rapidocr", f"el modelo {path.name} en su paquete", "no está"
            )
    return {
        **{name: str(path) for name, path in paths.items()},
        "Global.log_level": "critical",
        "Global.use_vertical_padding": False,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Det.limit_side_len": detection_pixels,
        "Det.limit_type": "max",
        "Rec.rec_batch_num": 1,
        "Rec.rec_img_shape": [3, 48, 48],
    }


def _box(corners: Any, width: int, height: int, *, turned: bool) -> Box:
    left, top = corners[:, 0].min() / width, corners[:, 1].min() / height
    right, bottom = corners[:, 0].max() / width, corners[:, 1].max() / height
    if turned:
        left, top, right, bottom = 1 - right, 1 - bottom, 1 - left, 1 - top
    return Box(float(left), float(top), float(right - left), float(bottom - top))


def _order(box: Box) -> tuple[int, float]:
    """Rows of half a line's height from top to bottom, then from left to right."""
    return round((box.top + box.height / 2) * 60), box.left
