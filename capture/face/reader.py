"""Reading the face of a record, and the video of pre-registro, with any engine behind the ports."""

from __future__ import annotations

from dataclasses import dataclass, field

from capture.face.challenge import (
    ChallengeSettings,
    Progress,
    Turn,
    Verdict,
    advance,
    begin,
    is_complete,
    observed,
    verdict,
)
from capture.face.comparing import ComparisonSettings, band_of, packed, similarity
from capture.face.live import LiveSettings, judge
from capture.face.ports import Detector, Embedder, Embedding, Face
from capture.face.video import Frame, VideoLimits, frames_of
from capture.imaging.picture import Pixels
from capture.reading.results import Band, FaceReading


@dataclass(frozen=True, slots=True)
class FaceSettings:
    """All thresholds of the face."""

    live: LiveSettings = field(default_factory=LiveSettings)
    comparison: ComparisonSettings = field(default_factory=ComparisonSettings)
    challenge: ChallengeSettings = field(default_factory=ChallengeSettings)
    video: VideoLimits = field(default_factory=VideoLimits)
    card_width: float = 60.0
    """Least pixels that the face on the card is wide to be compared; 100 and more are what compares well."""


@dataclass(frozen=True, slots=True)
class VideoReading:
    """The challenge, and the face of its frontal frame against the live photograph and the card's."""

    verdict: Verdict
    live: float | None = None
    """Cosine with the live photograph; None: no face to compare."""
    card: float | None = None
    bands: tuple[Band | None, Band | None] = (None, None)
    """Of both, in that order."""


class FaceReader:
    """Not for several threads at once: engines keep state. The same images, the same reading."""

    def __init__(self, detector: Detector, embedder: Embedder, settings: FaceSettings | None = None) -> None:
        self._detector = detector
        self._embedder = embedder
        self._settings = settings or FaceSettings()

    @property
    def engines(self) -> tuple[str, str]:
        """Name and version of the detector and of the embedder."""
        return self._detector.engine, self._embedder.engine

    def read(self, live: Pixels, card_front: Pixels | None) -> FaceReading:
        """Judge the live photograph and compare its largest face with the largest on the card's front."""
        faces = self._detector.faces(live)
        defects, _ = judge(live, faces, self._settings.live)
        card = self._card_face(card_front)
        where = faces[0].box(live) if faces else None
        card_where = None if card is None or card_front is None else card.box(card_front)
        if not faces:
            return FaceReading(defects, card_face=card_where)
        mine = self._embedder.embed(live, faces[0])
        alike = None if card is None or card_front is None else self._likeness(mine, card_front, card)
        band = None if alike is None else band_of(alike, self._settings.comparison)
        return FaceReading(defects, where, card_where, alike, band, packed(mine))

    def read_video(
        self, video: bytes, asked: tuple[Turn, ...], live: Pixels, card_front: Pixels | None, place: str
    ) -> VideoReading:
        """One attempt at the challenge. Raises VideoRefusal for what is no video within the limits."""
        watching = _Watching(self._detector, begin(asked, self._settings.challenge))
        for frame in frames_of(video, self._settings.video, place):
            watching.see(frame)
            if watching.is_over:
                break
        outcome = verdict(watching.progress)
        if watching.best is None:
            return VideoReading(outcome)
        mine = self._embedder.embed(watching.best[0].pixels, watching.best[1])
        faces, card = self._detector.faces(live), self._card_face(card_front)
        with_live = self._likeness(mine, live, faces[0]) if faces else None
        with_card = None if card is None or card_front is None else self._likeness(mine, card_front, card)
        return VideoReading(outcome, with_live, with_card, (self._band(with_live), self._band(with_card)))

    def _card_face(self, card_front: Pixels | None) -> Face | None:
        if card_front is None:
            return None
        faces = self._detector.faces(card_front)
        return faces[0] if faces and faces[0].width >= self._settings.card_width else None

    def _likeness(self, mine: Embedding, pixels: Pixels, face: Face) -> float:
        return similarity(mine, self._embedder.embed(pixels, face))

    def _band(self, alike: float | None) -> Band | None:
        return None if alike is None else band_of(alike, self._settings.comparison)


class _Watching:
    """Goes through frames, and keeps the one that is most from the front."""

    def __init__(self, detector: Detector, progress: Progress) -> None:
        self._detector = detector
        self.progress = progress
        self.best: tuple[Frame, Face] | None = None

    @property
    def is_over(self) -> bool:
        """Nothing that follows changes the outcome."""
        return self.progress.failed is not None or is_complete(self.progress)

    def see(self, frame: Frame) -> None:
        faces = self._detector.faces(frame.pixels)
        self.progress = advance(self.progress, observed(frame.at, faces, self.progress.settings))
        if len(faces) == 1 and (self.best is None or abs(faces[0].offset) < abs(self.best[1].offset)):
            self.best = (frame, faces[0])
