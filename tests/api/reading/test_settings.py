"""What may be set of the reading of images, within which bounds, and what reaches the confined process."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from api.reading.settings import ReadingSettings
from capture.reading.sandbox.limits import SandboxLimits, parse_limits


def test_nothing_set_is_what_the_engines_have_by_themselves() -> None:
    assert ReadingSettings().limits == SandboxLimits()


def test_limits_reach_the_process_that_they_hold() -> None:
    given = ReadingSettings(seconds=90, cpu_seconds=30, mib=1024, start_seconds=80, records=7)
    assert parse_limits(given.limits.encode()) == SandboxLimits(
        seconds=90, cpu_seconds=30, mib=1024, start_seconds=80, questions=7
    )


@pytest.mark.parametrize("given", [{"seconds": 10, "cpu_seconds": 11}, {"start_seconds": 30}])
def test_a_clock_that_ends_a_reader_before_the_processor_would_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="no puede ser menor que"):
        ReadingSettings(**given)
