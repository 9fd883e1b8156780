"""A record's face from end to end, and an institute's own engine in place of ours."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.face.challenge import Reason, Turn
from capture.face.comparing import similarity, unpacked
from capture.face.errors import VideoRefusal
from capture.face.ports import Embedding, Face
from capture.face.reader import FaceReader, FaceSettings
from capture.face.video import VideoLimits
from capture.face.yunet import YuNet
from capture.imaging.picture import Pixels
from capture.reading.results import Band, FaceDefect
from tests.capture.face.head_features import HeadLook
from tests.capture.face.scenes import card_front, flat_print, photograph, turning, webm

BLANK = np.full((1000, 1586, 3), 210, np.uint8)
LEFT_RIGHT = (Turn.LEFT, Turn.RIGHT)
AS_ASKED = (0, 34, 0, -34, 0)  # degrees; to the person's left is to the right of the image


@pytest.mark.req("SEI-04")
@pytest.mark.parametrize("person", [0, 1, 4])
def test_photograph_against_the_own_card(reader: FaceReader, person: int) -> None:
    reading = reader.read(photograph(person, HeadLook(yaw=4, light=(0.3, -0.3, 1.0))), card_front(person))
    assert reading.defects == ()
    assert reading.band is Band.SAME
    assert reading.similarity is not None
    assert reading.similarity > 0.45
    assert reading.card_face is not None
    assert reading.card_face.left < 0.3, "the photograph, not the small one at the right"


def test_embedding_is_of_the_live_face(reader: FaceReader) -> None:
    once, again = reader.read(photograph(0), None), reader.read(photograph(0), card_front(0))
    assert once.embedding is not None
    assert once.embedding == again.embedding
    vector = unpacked(once.embedding)
    assert similarity(vector, vector) == pytest.approx(1, abs=1e-5)


def test_without_a_card_nothing_is_compared(reader: FaceReader) -> None:
    for front in (None, BLANK):
        reading = reader.read(photograph(0), front)
        assert (reading.similarity, reading.band, reading.card_face) == (None, None, None)
        assert reading.where is not None


def test_without_a_face_nothing_is_invented(reader: FaceReader) -> None:
    reading = reader.read(BLANK, card_front(0))
    assert reading.defects == (FaceDefect.NONE,)
    assert (reading.where, reading.similarity, reading.band, reading.embedding) == (None, None, None, None)
    assert reading.card_face is not None


def test_face_on_the_card_that_is_too_small_is_not_compared(reader: FaceReader) -> None:
    tiny = np.asarray(cv2.resize(card_front(0), (396, 250), interpolation=cv2.INTER_AREA), np.uint8)
    assert reader.read(photograph(0), tiny).similarity is None


def test_embedding_stays_out_of_what_is_printed(reader: FaceReader) -> None:
    assert "embedding" not in repr(reader.read(photograph(0), None))


def test_engines_are_named(reader: FaceReader) -> None:
    detector, embedder = reader.engines
    assert detector.startswith("YuNet")
    assert embedder.startswith("SFace")


class Institute:
    """Another engine: finds what YuNet finds, and says that everybody is opposite to everybody."""

    engine = "Instituto 1"

    def __init__(self, yunet: YuNet) -> None:
        self._yunet = yunet
        self._turn = 1.0

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        return self._yunet.faces(pixels)

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        self._turn = -self._turn
        return np.array([self._turn] + [0.0] * 127, np.float32)


def test_another_engine_takes_the_place(yunet: YuNet) -> None:
    theirs = Institute(yunet)
    reader = FaceReader(theirs, theirs)
    reading = reader.read(photograph(0), card_front(0))
    assert reader.engines == ("Instituto 1", "Instituto 1")
    assert (reading.similarity, reading.band) == (-1.0, Band.DIFFERENT)


@pytest.mark.req("SEI-04")
def test_video_that_follows_passes_and_is_the_same_face(reader: FaceReader) -> None:
    video = webm(turning(0, AS_ASKED))
    reading = reader.read_video(video, LEFT_RIGHT, photograph(0), card_front(0), "video.webm")
    assert reading.verdict.passed
    assert reading.bands == (Band.SAME, Band.SAME)


@pytest.mark.req("SEI-04")
def test_video_of_another_order_fails(reader: FaceReader) -> None:
    video = webm(turning(0, AS_ASKED))
    reading = reader.read_video(video, (Turn.RIGHT, Turn.LEFT), photograph(0), None, "video.webm")
    assert reading.verdict.reasons == (Reason.WRONG_TURN,)
    assert reading.card is None


@pytest.mark.req("SEI-04")
def test_print_that_is_turned_before_the_camera_fails(reader: FaceReader) -> None:
    frames = [flat_print(photograph(0), angle) for angle in (0, 20, 40, 20, 0, -20, -40, -20, 0)]
    video = webm([frame for frame in frames for _ in range(3)])
    reading = reader.read_video(video, LEFT_RIGHT, photograph(0), None, "video.webm")
    assert not reading.verdict.passed


@pytest.mark.req("SEI-04")
def test_video_without_or_with_several_faces_fails(reader: FaceReader) -> None:
    nobody = reader.read_video(webm([BLANK[:300, :300]] * 10), LEFT_RIGHT, photograph(0), None, "video.webm")
    crowd = np.hstack([photograph(0), photograph(1)])
    several = reader.read_video(webm([crowd] * 10), LEFT_RIGHT, photograph(0), None, "video.webm")
    assert (nobody.verdict.reasons, nobody.live) == ((Reason.NO_FACE,), None)
    assert several.verdict.reasons == (Reason.SEVERAL,)


def test_video_over_the_limits_is_refused(yunet: YuNet) -> None:
    theirs = Institute(yunet)
    reader = FaceReader(theirs, theirs, FaceSettings(video=VideoLimits(file_bytes=10)))
    with pytest.raises(VideoRefusal, match=r"video\.tamano"):
        reader.read_video(webm([BLANK[:64, :64]]), LEFT_RIGHT, photograph(0), None, "video.webm")
