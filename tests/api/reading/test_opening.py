"""With what a worker reads: the engines, the device's word, or nothing yet; and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from api.reading import opening
from api.reading.opening import NEEDED, STARTS, OpenReading
from api.reading.settings import ReadingSettings
from capture.processing.datos import Datos, Fuente, Valor
from capture.processing.ports import Opened
from capture.reading.errors import NoReader
from capture.reading.sandbox import pool

RECORD = Opened(
    "folio",
    "proceso",
    "auxiliar",
    "cic",
    "123456789",
    Datos({"cic": Valor("123456789", Fuente.DISPOSITIVO, 0.5)}),
    {"anverso.jpg": b"nada"},
)
MADE: list[OpenReading] = []


def opened(engine: str | None, missing: tuple[str, ...] = ()) -> OpenReading:
    settings = ReadingSettings(engine=engine, workers=1)  # type: ignore[arg-type]
    MADE.append(OpenReading(settings, lambda: datetime(2026, 11, 20, tzinfo=UTC), lambda: list(missing)))
    return MADE[-1]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while MADE:
        MADE.pop().close()


def test_without_the_engines_the_word_of_the_device_counts_and_it_is_said_loudly() -> None:
    reading = opened(None, NEEDED)
    with capture_logs() as lines:
        assert reading.read(RECORD).datos == RECORD.read
    assert [(one["log_level"], one["parte"]) for one in lines] == [("error", "dispositivo")]
    notice = reading.notice()
    assert notice is not None and "rapidocr" in notice and "dispositivo" in notice


def test_with_the_setting_records_wait_for_engines_that_are_not_there() -> None:
    reading = opened("motores", ("rapidocr",))
    for _ in range(STARTS + 1):
        with pytest.raises(NoReader):
            reading.read(RECORD)
    assert "esperan" in (reading.notice() or "")


def test_with_the_setting_of_the_device_no_engine_is_asked_for() -> None:
    reading = opened("dispositivo", NEEDED)
    assert reading.read(RECORD).document is None
    assert "no lee ninguna imagen" in (reading.notice() or "")


def test_where_all_is_installed_there_is_nothing_to_say() -> None:
    assert opened(None).notice() is None


@pytest.mark.parametrize("engine", [None, "motores"])
def test_a_reader_that_does_not_start_is_tried_again_before_the_device_is_believed(
    monkeypatch: pytest.MonkeyPatch, engine: str | None
) -> None:
    monkeypatch.setattr(pool, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(opening, "_PROGRAM", "tests.capture.reading.nobody")
    reading = opened(engine)
    for _ in range(STARTS - 1):
        with pytest.raises(NoReader):
            reading.read(RECORD)
    if engine is None:
        assert reading.read(RECORD).datos == RECORD.read
    else:
        with pytest.raises(NoReader):
            reading.read(RECORD)
