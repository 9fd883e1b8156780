"""Hostile images through the sandbox with the engines of the house: refused or read, and the next is read."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest

from capture.packet.record import IMAGES
from capture.reading.errors import Unread
from capture.reading.record import FAULT
from capture.reading.results import Defect, RecordReading, Side
from capture.reading.sandbox.limits import SandboxLimits
from capture.reading.sandbox.pool import Pool, Program
from capture.reading.sandbox.process import Broken, Confined
from capture.reading.sandbox.reading import ReaderPool, question
from capture.reading.suggestions import suggest
from capture.reading.thresholds import Thresholds
from capture.specimens.records import Asked, draw_record
from keys.randomness import SeededRandomness
from tests.capture.reading.hostile_images import COMMAND, large, printed, read, refused

pytestmark = pytest.mark.slow
MODULE, TOLD = "capture.reading.sandbox", (Thresholds().encode(),)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="AVISO: sin Linux no hay límites de memoria")
FRONT = IMAGES[0]
Said = list[tuple[str, str]]


@pytest.fixture(scope="module")
def said() -> Said:
    """What the pool said."""
    return []


@pytest.fixture(scope="module")
def reader(said: Said) -> Iterator[ReaderPool]:
    """One process for all of them; time enough for a busy machine."""
    limits = SandboxLimits(seconds=900, cpu_seconds=60, start_seconds=900)
    pool = Pool(Program(MODULE, TOLD, limits), 1, lambda what, why: said.append((what, why)))
    yield ReaderPool(pool)
    pool.close()


@pytest.fixture(scope="module")
def front(reader: ReaderPool) -> Callable[[bytes], RecordReading]:
    """Reads a record that has nothing but a front. It is never left unread."""

    def asked(data: bytes) -> RecordReading:
        answer = reader.read({FRONT: data}, "G")
        assert answer.unread is None
        return answer.reading

    return asked


@pytest.mark.parametrize("name", list(refused()))
def test_what_is_no_honest_image_is_told_to_be_none(
    front: Callable[[bytes], RecordReading], name: str
) -> None:
    found = front(refused()[name])
    assert found.card.sides[Side.ANVERSO].defects == (Defect.NOT_READABLE,)
    assert not any(one.value for one in found.card.values.values())
    assert found.prints == {} or FRONT in found.prints


@pytest.mark.parametrize("name", list(read()))
def test_what_can_be_decoded_gives_no_value_that_it_does_not_show(
    front: Callable[[bytes], RecordReading], name: str
) -> None:
    found = front(read()[name])
    assert Defect.NOT_READABLE not in found.card.sides[Side.ANVERSO].defects
    assert [one.value for one in found.card.values.values() if one.value] == []
    assert [engine for engine in found.engines if engine.startswith(FAULT)] == []


def test_a_text_that_would_be_a_command_is_in_nothing_that_is_read(
    front: Callable[[bytes], RecordReading],
) -> None:
    assert COMMAND.split(";")[1] not in repr(front(printed(COMMAND)))


def test_all_were_read_by_one_process_that_nothing_ended(reader: ReaderPool, said: Said) -> None:
    assert reader.read({FRONT: printed("CREDENCIAL PARA VOTAR")}, "G").unread is None
    assert [what for what, _ in said] == ["lector-listo"]


@LINUX
def test_a_reader_without_memory_is_no_reader_any_more() -> None:
    made = Confined(MODULE, TOLD, SandboxLimits(seconds=900, cpu_seconds=60, start_seconds=900))
    try:
        assert made.ask(question({FRONT: b"nada"}, "G"))
        taken = _address_space(made.pid) + (8 << 20)
        resource.prlimit(made.pid, resource.RLIMIT_AS, (taken, taken))
        with pytest.raises(Broken) as broken:
            made.ask(question(dict.fromkeys(IMAGES, large()), "G"))
        assert broken.value.why in (Unread.FAULT, Unread.ENDED)
        assert not Path(f"/proc/{made.pid}").exists()
    finally:
        made.kill()


def _address_space(pid: int) -> int:
    """Bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmSize:")))


_BLANK = bytes(cv2.imencode(".png", np.full((120, 320, 3), 255, np.uint8))[1])


@pytest.mark.req("APO-18")
@pytest.mark.parametrize(
    ("name", "data", "inciso", "rule"),
    [
        ("anverso.jpg", refused()["truncated"], "f", "imagen.no-abre"),
        ("reverso.jpg", refused()["svg"], "f", "imagen.no-abre"),
        ("foto.jpg", refused()["empty"], "f", "rostro.no-abre"),
        ("firma.png", refused()["noise"], "f", "firma.no-abre"),
        ("firma.png", _BLANK, "m", "firma.vacia"),
    ],
)
def test_one_piece_that_cannot_be_read_is_suggested_and_the_others_are_read(
    reader: ReaderPool, whole: Mapping[str, bytes], name: str, data: bytes, inciso: str, rule: str
) -> None:
    answer = reader.read({**whole, name: data}, "G")
    read = answer.reading
    told = {(one.inciso, one.rule) for one in suggest(read)}
    assert answer.unread is None and (inciso, rule) in told
    assert list(read.unopened) == ([] if data is _BLANK else [name])
    assert sum(found.value is not None for found in read.card.values.values()) >= 4
    assert (read.face.band is None) is (name in ("foto.jpg", "anverso.jpg"))
    assert not [engine for engine in read.engines if engine.startswith(FAULT)]


@pytest.fixture(scope="module")
def whole() -> Mapping[str, bytes]:
    """A good record of an invented person."""
    return draw_record(SeededRandomness("piezas"), Asked("G", "mesa", "mesa")).images
