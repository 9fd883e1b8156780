"""Faces: the engines side by side, the bands and the rules of the live photograph, on drawn people.

Drawn faces say nothing about real ones: they show that parts fit together and what they cost. Photographs
of real people that an institute has measured go through `rows_of_folder`, one folder a person.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.credential.finding import rectify
from capture.credential.layouts import DRAWN_MODELS, layout
from capture.face import weights
from capture.face.aligning import aligned
from capture.face.comparing import ComparisonSettings, band_of
from capture.face.deepface_engine import DeepFaceEmbedder
from capture.face.errors import EngineRefusal
from capture.face.graph_inputs import only_input
from capture.face.live import LiveSettings, judge
from capture.face.ports import Face
from capture.face.reader import FaceReader
from capture.face.sface import SFace, unit
from capture.face.weights import INPUT
from capture.face.yunet import YuNet
from capture.imaging.picture import Pixels
from capture.reading.results import Band, FaceDefect, Side
from capture.specimens.degradations import DEGRADATIONS
from capture.specimens.draw import draw
from capture.specimens.live import live_photo
from capture.specimens.noise import generator
from capture.specimens.people import invent_person
from capture.specimens.records import CAREFUL
from keys.randomness import SeededRandomness
from tests.capture.face.covers import COVERS, worn
from tools.bench.tables import Row

Vector = NDArray[np.floating]
PEOPLE = 40
_REMARKS = {
    "lentes transparentes": "allowed where they are needed",
    "gorra negro": "looks like hair: a person looks",
    "gorra blanco": "looks like hair: a person looks",
    "mano": "looks like skin: a person looks",
}
_DLIB = ("shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat")


@dataclass(frozen=True, slots=True)
class Engine:
    """`alike`: greater is more alike; `bands`: the thresholds of the settings are for this engine."""

    name: str
    embed: Callable[[Pixels, Face], Vector]
    alike: Callable[[Vector, Vector], float]
    bands: bool


@dataclass(frozen=True, slots=True)
class Photographed:
    """A picture with a face."""

    pixels: Pixels
    face: Face


def rows(people: int = PEOPLE, seed: str = "banco") -> Iterator[Row]:
    """What, figure, remark."""
    cv2.setNumThreads(1)
    yunet = YuNet()
    drawn = [_drawn(f"{seed}-{number}", number, yunet) for number in range(people)]
    pairs = [(live, card) for live, card in drawn if live and card]
    yield "drawn people whose face was found on both", f"{len(pairs)} of {people}", yunet.engine
    yield _timed("find the faces of a live photograph", lambda: yunet.faces(pairs[0][0].pixels))
    with tempfile.TemporaryDirectory() as folder:
        for made in (_sface, _onnxruntime, lambda: _deepface(Path(folder)), _dlib):
            engine = made()
            yield from [engine] if isinstance(engine, tuple) else _compared(engine, pairs)
    reader = FaceReader(yunet, SFace())
    live, card = pairs[0]
    yield _timed(
        "whole reading: rules, both faces, comparison", lambda: reader.read(live.pixels, card.pixels)
    )
    yield from _rules([live for live, _ in pairs], yunet)


def rows_of_folder(folder: Path) -> Iterator[Row]:
    """The default engine on photographs: one folder a person, two or more photographs in each."""
    cv2.setNumThreads(1)
    yunet, engine = YuNet(), _sface()
    seen = [(one.parent.name, _found(cv2.imread(str(one)), yunet)) for one in sorted(folder.glob("*/*"))]
    vectors = [(who, engine.embed(shot.pixels, shot.face)) for who, shot in seen if shot]
    same, other = [], []
    for index, (who, mine) in enumerate(vectors):
        for whose, theirs in vectors[index + 1 :]:
            (same if who == whose else other).append(engine.alike(mine, theirs))
    yield f"photographs with a face in {len({who for who, _ in vectors})} folders", str(len(vectors)), ""
    yield from _told(engine, same, other, "")


def _drawn(seed: str, number: int, yunet: YuNet) -> tuple[Photographed | None, Photographed | None]:
    """A live photograph, and the card as it is cut from a careful photograph."""
    randomness = SeededRandomness(seed)
    model = DRAWN_MODELS[number % len(DRAWN_MODELS)]
    specimen = draw(invent_person(randomness, model), randomness)
    degradation = DEGRADATIONS[CAREFUL[number % len(CAREFUL)]]
    shot = degradation.apply(specimen.front, layout(model, Side.ANVERSO), randomness)
    card = rectify(shot.pixels)
    live = live_photo(specimen.face, generator(randomness))
    return _found(live, yunet), None if card is None else _found(card.card, yunet)


def _found(pixels: Pixels | None, yunet: YuNet) -> Photographed | None:
    faces = () if pixels is None else yunet.faces(pixels)
    return Photographed(pixels, faces[0]) if faces and pixels is not None else None


def _cosine(one: Vector, other: Vector) -> float:
    return float(one @ other)


def _sface() -> Engine:
    engine = SFace()
    return Engine(engine.engine, engine.embed, _cosine, bands=True)


def _onnxruntime() -> Engine | Row:
    try:
        import onnxruntime
    except ImportError:
        return "SFace, onnxruntime", "absent", "not installed"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    model = only_input(weights.load(weights.SFACE), INPUT)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def embed(pixels: Pixels, face: Face) -> Vector:
        square = aligned(pixels, face)[..., ::-1].transpose(2, 0, 1)[None]
        return unit(session.run(None, {INPUT: np.ascontiguousarray(square, np.float32)})[0].ravel())

    return Engine(f"SFace 2021dec int8, onnxruntime {onnxruntime.__version__}", embed, _cosine, bands=True)


def _deepface(home: Path) -> Engine | Row:
    try:
        engine = DeepFaceEmbedder(home)
    except EngineRefusal as refused:
        return "SFace, deepface", "absent", str(refused.got)
    return Engine(engine.engine, engine.embed, _cosine, bands=True)


def _dlib() -> Engine | Row:
    """Its own measure: the distance, 0.6 for the same person."""
    try:
        import dlib

        carried = metadata.distribution("face-recognition-models")  # imported, it asks for old setuptools
    except ImportError as error:
        return "ResNet, dlib", "absent", f"no package {error.name}"
    marks, learned = (str(carried.locate_file(f"face_recognition_models/models/{file}")) for file in _DLIB)
    shape, network = dlib.shape_predictor(marks), dlib.face_recognition_model_v1(learned)

    def embed(pixels: Pixels, face: Face) -> Vector:
        box = (face.left, face.top, face.left + face.width, face.top + face.height)
        colours = np.ascontiguousarray(pixels[..., ::-1])
        found = shape(colours, dlib.rectangle(*(round(edge) for edge in box)))
        return np.array(network.compute_face_descriptor(colours, found))

    def alike(one: Vector, other: Vector) -> float:
        return -float(np.linalg.norm(one - other))

    return Engine(f"ResNet, dlib {dlib.__version__}", embed, alike, bands=False)


def _compared(engine: Engine, pairs: Sequence[tuple[Photographed, Photographed]]) -> Iterator[Row]:
    begun = time.perf_counter()
    lives, cards = ([engine.embed(p.pixels, p.face) for p in side] for side in zip(*pairs, strict=True))
    each = (time.perf_counter() - begun) * 500 / len(pairs)
    alike = np.array([[engine.alike(live, card) for card in cards] for live in lives])
    apart = ~np.eye(len(pairs), dtype=bool)
    yield from _told(engine, np.diag(alike).tolist(), alike[apart].tolist(), f"{each:.1f} ms a face")


def _told(engine: Engine, same: list[float], other: list[float], remark: str) -> Iterator[Row]:
    figure = f"equal error {equal_error(same, other):.1%}"
    middles = f"medians {median(same):.2f} and {median(other):.2f}, {len(same)} and {len(other):,} pairs"
    yield engine.name, figure, "; ".join(part for part in (middles, remark) if part)
    if engine.bands:
        for who, values in (("the same person", same), ("two people", other)):
            yield f"bands for {who}", _banded(values), engine.name


def equal_error(same: Sequence[float], other: Sequence[float]) -> float:
    """Where as large a share of `same` lies below a threshold as of `other` above it; 0 to 1."""
    edges = np.unique([*same, *other])
    missed = np.searchsorted(np.sort(same), edges) / len(same)
    taken = 1 - np.searchsorted(np.sort(other), edges) / len(other)
    return float(np.maximum(missed, taken).min())


def _banded(values: Sequence[float]) -> str:
    bands = [band_of(value, ComparisonSettings()) for value in values]
    return ", ".join(f"{band.value} {bands.count(band) / len(bands):.1%}" for band in Band)


def _rules(lives: Sequence[Photographed], yunet: YuNet) -> Iterator[Row]:
    """How often each fault is named, and how often a good photograph is taken for a bad one."""
    good = [_defects(live.pixels, yunet) for live in lives]
    named = ", ".join(
        f"{d.value} {sum(d in one for one in good)}" for d in FaceDefect if any(d in o for o in good)
    )
    yield "good live photographs with a defect", f"{sum(map(bool, good)) / len(good):.1%}", named
    for cover in COVERS:
        found = [_defects(worn(p.pixels, p.face, cover, seed), yunet) for seed, p in enumerate(lives)]
        seen = sum(bool({FaceDefect.COVERED, FaceDefect.NONE} & set(one)) for one in found)
        yield f"told as covered: {cover}", f"{seen / len(found):.1%}", _REMARKS.get(cover, "")


def _defects(pixels: Pixels, yunet: YuNet) -> tuple[FaceDefect, ...]:
    return judge(pixels, yunet.faces(pixels), LiveSettings())[0]


def _timed(what: str, act: Callable[[], object], times: int = 20) -> Row:
    act()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return what, f"{median(taken):.1f} ms", "one thread"
