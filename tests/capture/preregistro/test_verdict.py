"""What passes by itself: one face, three times the same, and the credential that was typed (SEI-04)."""

from __future__ import annotations

from typing import Any

import pytest

from capture.face.challenge import Reason
from capture.preregistro.form import read_data
from capture.preregistro.verdict import Biometrics, Dictamen, judge
from capture.reading.results import Band, Defect, FaceDefect
from capture.reading.sandbox.watching import NO_VIDEO, Watched, parse_watched
from keys.errors import Refusal
from tests.capture.preregistro.asking import biometrics, fields_of

pytestmark = pytest.mark.req("SEI-04")
FIELDS = fields_of(1)
DATA = read_data(FIELDS)
FACES: list[dict[str, Any]] = [
    *({"video": (reason.value,)} for reason in Reason),
    {"video": (NO_VIDEO,)},
    *({"band": band} for band in (Band.PERSON, Band.DIFFERENT, None)),
    *({"bands": pair} for pair in ((Band.SAME, None), (Band.PERSON, Band.SAME), (None, None))),
    {"defects": (FaceDefect.SEVERAL,)},
]
CARDS: list[dict[str, Any]] = [
    *({"card": (defect,)} for defect in (Defect.SCREEN, Defect.PHOTOCOPY, Defect.OVERLAID)),
    *({"values": {name: None}} for name in ("clave_elector", "ocr")),
    {"values": {"clave_elector": "XXXXXX90010109H100"}},
]


def test_everything_that_matches_passes() -> None:
    assert judge(biometrics(FIELDS), DATA).dictamen is Dictamen.EXITO


@pytest.mark.parametrize("seen", FACES, ids=str)
def test_nothing_else_of_a_face_passes_and_it_may_be_tried_again(seen: dict[str, Any]) -> None:
    verdict = judge(biometrics(FIELDS, **seen), DATA)
    assert verdict.dictamen is Dictamen.FALLIDO
    assert verdict.may_try_again
    assert verdict.reasons


@pytest.mark.parametrize("seen", CARDS, ids=str)
def test_a_doubtful_credential_is_for_a_person(seen: dict[str, Any]) -> None:
    verdict = judge(biometrics(FIELDS, **seen), DATA)
    assert verdict.dictamen is Dictamen.DATOS
    assert not verdict.may_try_again


def test_without_engines_it_is_for_a_person() -> None:
    read = biometrics(FIELDS)
    for seen in (Biometrics(None, None), Biometrics(read.reading, None)):
        assert judge(seen, DATA).dictamen is Dictamen.SIN_LECTURA


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b'{"bandas":["coincide"],"motivos":[]}', b'{"bandas":[null,null],"motivos":["otro"]}'],
)
def test_what_no_reader_says_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        parse_watched(data)


def test_what_a_reader_says_is_read_again() -> None:
    for said in (Watched(("pocos-cuadros",)), Watched((), (Band.SAME, Band.PERSON))):
        assert parse_watched(said.encode()) == said
